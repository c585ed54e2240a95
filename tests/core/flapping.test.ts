import fc from 'fast-check'
import { expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { seededRandom } from '../../mocks/random.js'
import { createConnection } from '../../src/core/connection.js'
import { article, steady } from '../../src/presets.js'

const FOR_MS = 300_000

/** A server that answers for `upMs`, is away for `downMs`, and so on; the page notices each end at once. */
async function probesOf(upMs: number, downMs: number, schedule: typeof steady, seed: number) {
  const clock = manualClock()
  const probedAt: number[] = []
  let isUp = true
  const connection = createConnection({
    probe: () => {
      probedAt.push(clock.now())
      return Promise.resolve({ kind: isUp ? 'good' : 'failed' })
    },
    clock,
    random: seededRandom(seed),
    schedule,
  })
  connection.start()
  await clock.settle()
  for (let at = 0; at < FOR_MS; at += upMs + downMs) {
    isUp = true
    // A request of somebody's gets through at once.
    connection.send({ type: 'GOOD_ANSWER', startedAt: clock.now() })
    await clock.advance(upMs)
    isUp = false
    connection.send({ type: 'SUSPICION', cause: 'server' })
    await clock.advance(downMs)
  }
  connection.stop()
  return probedAt
}

/** The most of them in any one minute. */
const worstMinute = (at: readonly number[]) =>
  Math.max(...at.map((from) => at.filter((each) => each >= from && each < from + 60_000).length))

test('I23 a server that is up for less than 5 s at a time meets no more attempts than one that stays away', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 200, max: 4_900 }),
      fc.integer({ min: 3_000, max: 60_000 }),
      fc.nat(1_000),
      async (upMs, downMs, seed) => {
        // By the article's schedule a minute has at most 20 attempts; beside them each new suspicion may probe once.
        const rounds = Math.ceil(60_000 / (upMs + downMs))
        const worst = worstMinute(await probesOf(upMs, downMs, article, seed))
        expect(worst).toBeLessThanOrEqual(22 + rounds)
      },
    ),
    { numRuns: 60 },
  )
})

test('I23 after 5 s of health the schedule starts anew, and not before', async () => {
  const gapAfter = async (upMs: number) => {
    const at = await probesOf(upMs, 40_000, steady, 3)
    // The first own attempts of the third outage: one that is new tries once within a second.
    const lostAt = 2 * (upMs + 40_000) + upMs
    const ages = at.map((each) => each - at[0]! - lostAt).filter((age) => age > 0 && age < 1_000)
    return ages.length
  }
  expect(await gapAfter(5_100)).toBe(1)
  expect(await gapAfter(4_000)).toBe(0)
})
