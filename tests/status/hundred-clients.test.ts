/** Clients that lose the link in the same instant must not come back as one. */
import { expect, it } from 'vitest'
import { seededRandom } from '../../mocks/random.js'
import { steady } from '../../src/presets.js'
import { createWalk } from '../core/walk.js'

const CLIENTS = 100
const SPAN_MS = 100
/** A refusal is there after a round trip. */
const REFUSED_AFTER_MS = 50
const OUTAGE_MS = 120_000
const ROUNDS = 50

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

it(`ux-12: of ${CLIENTS} clients that lose the link together, no 100 ms hold more than 35 attempts from the fifth on`, () => {
  const worst = Array.from({ length: ROUNDS }, (_, round) => {
    const clients = Array.from({ length: CLIENTS }, (_, client) => attemptsOf(`${round}/${client}`))
    expect(Math.min(...clients.map((attempts) => attempts.length))).toBeGreaterThan(20)
    return mostAtOnce(clients.flatMap((attempts) => attempts.slice(4)))
  })
  expect(Math.max(...worst)).toBeLessThanOrEqual(35)
  // All at once they would be a hundred: the bound is no accident of few attempts.
  expect(Math.max(...worst)).toBeGreaterThan(5)
})
