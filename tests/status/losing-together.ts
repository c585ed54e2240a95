/** Clients that lose the link in the same instant, each a machine of its own. */
import { seededRandom } from '../../mocks/random.js'
import { steady } from '../../src/presets.js'
import { createWalk } from '../core/walk.js'

/** How many there are. */
export const CLIENTS = 100
const SPAN_MS = 100
/** A refusal is there after a round trip. */
const REFUSED_AFTER_MS = 50
const OUTAGE_MS = 120_000

/** When each attempt of one client began, in ms after the loss; the suspicion's own probe is none. */
function attemptsOf(seed: string): readonly number[] {
  const random = seededRandom(seed)
  const walk = createWalk({ schedule: steady }, () => random.next())
  walk.send({ type: 'START' })
  walk.send({ type: 'PROBE_OK', boot: 'one' })
  walk.advance(60_000)
  const lostAt = walk.now
  const before = walk.begun.length
  walk.send({ type: 'SUSPICION', cause: 'server' })
  while (walk.now < lostAt + OUTAGE_MS) {
    if (walk.probes > 0) {
      walk.advance(REFUSED_AFTER_MS)
      walk.send({ type: 'PROBE_FAILED', cause: 'server' })
    } else walk.advance(walk.timerAt! - walk.now)
  }
  const begunAt = walk.begun[before]!
  return walk.begun.slice(before + 1).map((at) => at - begunAt)
}

/** The most that begin within any span of that length. */
function mostAtOnce(instants: readonly number[]): number {
  const sorted = instants.toSorted((one, other) => one - other)
  let first = 0
  let most = 0
  sorted.forEach((at, index) => {
    while (sorted[first]! <= at - SPAN_MS) first++
    most = Math.max(most, index - first + 1)
  })
  return most
}

/** What one loss of all of them comes to. */
export interface Crush {
  /** The most attempts, from each one's fifth on, that any 100 ms hold. */
  readonly most: number
  /** The fewest attempts that any of them made in the two minutes. */
  readonly fewest: number
}

/** Has all of them lose the link together; another round is another chance. */
export function loseTogether(round: number): Crush {
  const clients = Array.from({ length: CLIENTS }, (_, client) => attemptsOf(`${round}/${client}`))
  return {
    most: mostAtOnce(clients.flatMap((attempts) => attempts.slice(4))),
    fewest: Math.min(...clients.map((attempts) => attempts.length)),
  }
}
