import { expect, test } from 'vitest'
import { fixed } from '../../../src/core/schedule.js'
import { readOptions, type ReconnectingWebSocketOptions } from '../../../src/live/reconnecting-options.js'

class NoSocket {}

const scheduleOf = (given: ReconnectingWebSocketOptions) =>
  readOptions({ ...given, WebSocket: NoSocket as never }).schedule

test.each([
  [{ maxReconnectionDelay: 200 }, [200, 200]],
  [{ minReconnectionDelay: 20_000 }, [20_000, 20_000]],
  [{ maxReconnectionDelay: 4_000 }, [1_000, 4_000]],
  [{ minReconnectionDelay: 100 }, [100, 10_000]],
  [{ reconnectionDelayGrowFactor: 2 }, [1_000, 10_000]],
])('R23 of the delays %j says one, and the other one follows', (given, [first, longest]) => {
  const schedule = scheduleOf(given)!
  // In the middle of its jitter.
  expect(schedule.delay(0, 0.5, 0)).toBe(first)
  expect(schedule.delay(50, 0.5, 0)).toBe(longest)
})

test('a longest delay that is shorter than the first one is refused by name', () => {
  expect(() => scheduleOf({ minReconnectionDelay: 500, maxReconnectionDelay: 200 })).toThrow(
    /maxReconnectionDelay is 200; allowed: a number from 500/,
  )
})

test('what is undefined is not given: it makes no schedule, and stands beside anything', () => {
  const none = { minReconnectionDelay: undefined, maxReconnectionDelay: undefined } as never as object
  const schedule = fixed(1_000)
  const connection = { subscribe() {} } as never
  const nothing = { signals: undefined, clock: undefined, random: undefined } as never as object
  expect(scheduleOf(none)).toBeUndefined()
  expect(scheduleOf({ ...none, schedule })).toBe(schedule)
  expect(scheduleOf({ connection, ...nothing })).toBeUndefined()
})
