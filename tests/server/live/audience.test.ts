import { expect, test } from 'vitest'
import { createAudience, type Guest } from '../../../server/live/audience.js'
import { handTime } from '../hand-time.js'

const guest = (): Guest => ({
  isToldLate: true,
  drain() {},
  end() {},
  forget() {},
  destroy() {},
  beat() {},
})

test('P6 who finds no room is told a turn by the place in the row, which moves on by itself', () => {
  const time = handTime()
  const audience = createAudience({ most: 1, heartbeatMs: 1000, time })
  expect(audience.refusal()).toBeNull()
  const leave = audience.join(guest())
  const refusals = (count: number) => Array.from({ length: count }, () => audience.refusal()!.retryAfterS)
  // 200 a second share a second.
  expect(refusals(401).filter((_, place) => place % 200 === 0)).toEqual([5, 6, 7])
  time.advance(1000)
  expect(refusals(1)).toEqual([6])
  leave()
  expect(audience.refusal()).toBeNull()
  audience.stop()
})

test('P6 R07 after the end each has a place behind those who were told', async () => {
  const audience = createAudience({ most: 9, heartbeatMs: 1000, time: handTime() })
  const leave = audience.join(guest())
  const ended = audience.streams.end((place) => 5000 + place * 1000)
  leave()
  await ended
  const refused = [audience.refusal(), audience.refusal()]
  expect(refused.map((problem) => problem!.retryAfterS)).toEqual([6, 7])
  audience.stop()
})
