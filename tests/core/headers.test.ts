import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseHttpDate } from '../../src/core/clock.js'
import { createKey } from '../../src/core/key.js'
import { parseRetryAfter } from '../../src/core/retry-after.js'
import { seededRandom } from '../../mocks/random.js'

const DATE = 'Wed, 25 Nov 2026 10:00:00 GMT'

it.each([
  ['0', 0],
  ['120', 120_000],
  ['99999999', 3_600_000],
  ['Wed, 25 Nov 2026 10:00:30 GMT', 30_000],
  ['Wed, 25 Nov 2026 09:00:00 GMT', 0],
  ['Thu, 01 Jan 2999 00:00:00 GMT', 3_600_000],
  ['-5', undefined],
  ['1.5', undefined],
  ['1e309', undefined],
  ['abc', undefined],
  ['5, 7', undefined],
  ['', undefined],
  ['Wednesday, 25-Nov-26 10:00:00 GMT', undefined],
  ['2026-11-25T10:00:00Z', undefined],
] as const)('I24: reads Retry-After %j as %s ms', (value, expected) => {
  expect(parseRetryAfter(value, DATE)).toBe(expected)
})

it('B17: a date without the answer’s own Date is ignored, since this clock may be wrong', () => {
  expect(parseRetryAfter('Wed, 25 Nov 2026 10:00:30 GMT', null)).toBeUndefined()
})

it('I24: whatever a header says, the hint is absent or lies in [0, 1 h]', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (value, date) => {
      const hint = parseRetryAfter(value, date)
      expect(hint === undefined || (hint >= 0 && hint <= 3_600_000)).toBe(true)
    }),
  )
})

it('reads only the date form that RFC 9110 has senders use', () => {
  expect(parseHttpDate('Sun, 06 Nov 1994 08:49:37 GMT')).toBe(784_111_777_000)
  expect(parseHttpDate('Sun Nov  6 08:49:37 1994')).toBeNull()
})

it('R24: ten thousand keys of one millisecond are all different, and in the order of their time', () => {
  const random = seededRandom(7)
  const clock = { now: () => 1_790_000_000_000 }
  const keys = Array.from({ length: 10_000 }, () => createKey(clock as never, random))
  expect(new Set(keys).size).toBe(10_000)
  expect(keys[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(createKey({ now: () => 1_790_000_000_001 } as never, random) > keys[0]!).toBe(true)
})
