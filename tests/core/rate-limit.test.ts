import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRateLimit } from '../../src/core/rate-limit.js'

const DATE = 'Sun, 01 Nov 2026 12:00:00 GMT'
const AT = Date.parse(DATE) / 1_000
const read = (fields: Record<string, string>) => parseRateLimit((name) => fields[name])

test.each<[string, Record<string, string>, number | undefined]>([
  ['nothing', {}, undefined],
  ['an exhausted limit', { ratelimit: '"default";r=0;t=30' }, 30_000],
  ['a limit with something left', { ratelimit: '"default";r=5;t=30' }, undefined],
  ['the longest of two exhausted ones', { ratelimit: '"burst";r=0;t=2, "day";r=0;t=40' }, 40_000],
  ['only the exhausted one of two', { ratelimit: '"burst";r=0;t=2, "day";r=9;t=40' }, 2_000],
  ['a bare name', { ratelimit: 'default;r=0;t=3' }, 3_000],
  ['a partition key', { ratelimit: '"a";r=0;t=3;pk=:dHJpYWw=:' }, 3_000],
  ['a comma in a name', { ratelimit: '"a, b;t=9";r=0;t=3' }, 3_000],
  [
    'no reset, but the window of its policy',
    { ratelimit: '"a";r=0', 'ratelimit-policy': '"b";q=1;w=9, "a";q=10;w=60' },
    60_000,
  ],
  ['no reset and no window', { ratelimit: '"a";r=0', 'ratelimit-policy': '"a";q=10' }, undefined],
  ['an hour and more', { ratelimit: '"a";r=0;t=86400' }, 3_600_000],
  ['the older form', { ratelimit: 'limit=100, remaining=0, reset=5' }, undefined],
  ['half a field', { ratelimit: '"a;r=0;t=5' }, undefined],
  ['a negative number', { ratelimit: '"a";r=0;t=-5' }, undefined],
  ['a fraction', { ratelimit: '"a";r=0;t=0.5' }, undefined],
  ['seconds in X-RateLimit-Reset', { 'x-ratelimit-reset': '30' }, 30_000],
  ['seconds, and nothing remaining', { 'x-ratelimit-reset': '30', 'x-ratelimit-remaining': '0' }, 30_000],
  [
    'seconds, and something remaining',
    { 'x-ratelimit-reset': '30', 'x-ratelimit-remaining': '7' },
    undefined,
  ],
  [
    'B17: an epoch against the answer’s own date',
    { 'x-ratelimit-reset': String(AT + 20), date: DATE },
    20_000,
  ],
  ['an epoch in ms', { 'x-ratelimit-reset': String((AT + 20) * 1_000), date: DATE }, 20_000],
  ['an epoch that is over', { 'x-ratelimit-reset': String(AT - 20), date: DATE }, 0],
  ['an epoch without a date', { 'x-ratelimit-reset': String(AT + 20) }, undefined],
  ['what could be either', { 'x-ratelimit-reset': '5000000', date: DATE }, undefined],
  ['a date', { 'x-ratelimit-reset': DATE, date: DATE }, undefined],
  ['both: the new form counts', { ratelimit: '"a";r=0;t=3', 'x-ratelimit-reset': '30' }, 3_000],
])('I24: %s', (_title, fields, expected) => {
  expect(read(fields)).toBe(expected)
})

test('I24: whatever is written there, a wait is a finite number from 0 to an hour, and reading takes no time', () => {
  const piece = fc.constantFrom(
    '"',
    ';',
    ',',
    '=',
    'r',
    't',
    '0',
    '9',
    ' ',
    '\\',
    'a',
    '"a"',
    ';r=0',
    ';t=5',
    ':',
  )
  const field = fc.array(piece, { maxLength: 400 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(field, field, field, (ratelimit, policy, reset) => {
      const waitMs = read({ ratelimit, 'ratelimit-policy': policy, 'x-ratelimit-reset': reset, date: DATE })
      if (waitMs === undefined) return
      expect(waitMs).toBeGreaterThanOrEqual(0)
      expect(waitMs).toBeLessThanOrEqual(3_600_000)
    }),
    { numRuns: 2_000 },
  )
})
