/** The last good answers, by the key that their callers gave them. */

/** An answer, and when it was had (epoch ms). */
export interface Kept {
  readonly value: unknown
  readonly at: number
}

/** At most so many; the one that was neither had nor used for longest goes first. */
export interface KeptAnswers {
  /** One that is no older than so; undefined: there is none. */
  get(key: string, now: number): Kept | undefined
  set(key: string, kept: Kept): void
  clear(): void
}

/** Nothing is kept yet. `maxAgeMs`: what is older is as good as nothing. */
export function keepAnswers(maxKept: number, maxAgeMs: number): KeptAnswers {
  const kept = new Map<string, Kept>()
  const use = (key: string, answer: Kept) => {
    kept.delete(key)
    kept.set(key, answer)
  }
  return {
    get(key, now) {
      const answer = kept.get(key)
      if (!answer) return undefined
      if (now - answer.at > maxAgeMs) return void kept.delete(key)
      use(key, answer)
      return answer
    },
    set(key, answer) {
      use(key, answer)
      if (kept.size > maxKept) for (const oldest of kept.keys()) return void kept.delete(oldest)
    },
    clear: () => kept.clear(),
  }
}
