/** Chance that can be played again: the same seed gives the same numbers, everywhere. */
import type { Random } from '../src/core/clock.js'

/** A 32-bit hash of a text (FNV-1a over UTF-16 units). Stable across engines; no security in it. */
export function hashText(text: string, basis = 0x811c9dc5): number {
  let hash = basis
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

/** Spreads each bit of a word over all of them (the finalizer of MurmurHash3). */
function scramble(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/**
 * A stream of chance from a seed. `fork(id)` depends only on the seed and the id, never on how much was
 * drawn before: that is how the 7th request has the same luck whichever order requests arrive in.
 *
 * @param seed any number or text; the default of the simulator is 1.
 */
export function seededRandom(seed: number | string): Random {
  let word = scramble(hashText(String(seed)))
  const draw = (): number => {
    word = (word + 0x9e3779b9) >>> 0
    return scramble(word)
  }
  return {
    next: () => draw() / 2 ** 32,
    bytes: (length) => Uint8Array.from({ length }, () => draw() >>> 24),
    fork: (id) => seededRandom(`${seed}/${id}`),
  }
}
