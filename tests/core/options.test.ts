import { expect, test } from 'vitest'
import {
  flag,
  func,
  group,
  having,
  listOf,
  number,
  oneOf,
  optional,
  orNull,
  readOptions,
  text,
  whole,
} from '../../src/core/options.js'

const TABLE = {
  holdMs: number(0, 1_000, 100),
  retries: whole(0, 5, 5),
  mode: oneOf(['fast', 'slow'], 'fast'),
  name: text('nobody'),
  isOn: flag(true),
  log: optional(func()),
  clock: orNull(having<{ now(): number }>('now', 'a clock, or null'), () => null),
  origins: listOf(text(), []),
  slow: group({ onMs: number(0, 10, 3) }),
}
const read = (given: unknown) => readOptions('make', given, TABLE)

test('what is left out is its default, also within an option', () => {
  const defaults = {
    holdMs: 100,
    retries: 5,
    mode: 'fast',
    name: 'nobody',
    isOn: true,
    clock: null,
    origins: [],
  }
  expect(read({})).toEqual({ ...defaults, slow: { onMs: 3 } })
  expect(read({ holdMs: undefined, slow: { onMs: 4 } })).toMatchObject({ holdMs: 100, slow: { onMs: 4 } })
})

test.each<[unknown, string]>([
  [undefined, 'make.options is undefined; allowed: an object'],
  [null, 'make.options is null; allowed: an object'],
  [
    { hold: 1 },
    'make.hold is not an option; allowed: holdMs, retries, mode, name, isOn, log, clock, origins, slow',
  ],
  [{ holdMs: '100' }, 'make.holdMs is "100"; allowed: a number from 0 to 1000'],
  [{ holdMs: Number.NaN }, 'make.holdMs is NaN; allowed: a number from 0 to 1000'],
  [{ retries: 1.5 }, 'make.retries is 1.5; allowed: a whole number from 0 to 5'],
  [{ retries: 6 }, 'make.retries is 6; allowed: a whole number from 0 to 5'],
  [{ mode: 'faster' }, 'make.mode is "faster"; allowed: "fast", "slow"'],
  [{ name: '' }, 'make.name is ""; allowed: a text that is not empty'],
  [{ isOn: 1 }, 'make.isOn is 1; allowed: true or false'],
  [{ log: true }, 'make.log is true; allowed: a function'],
  [{ clock: {} }, 'make.clock is [object Object]; allowed: a clock, or null'],
  [{ origins: 'a' }, 'make.origins is "a"; allowed: a list'],
  [{ origins: ['a', ''] }, 'make.origins[1] is ""; allowed: a text that is not empty'],
  [{ slow: 5 }, 'make.slow.options is 5; allowed: an object'],
  [{ slow: { onMs: 11 } }, 'make.slow.onMs is 11; allowed: a number from 0 to 10'],
])('%o is refused, with its path, what was given and what is allowed', (given, message) => {
  expect(() => read(given)).toThrow(message)
})
