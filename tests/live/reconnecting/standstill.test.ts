/** A line that nobody asks, and a page that stood still: a device that slept, a tab that was frozen. */
import { expect, test } from 'vitest'
import type { Clock } from '../../../src/core/clock.js'
import { adaptive } from '../../../src/live/heartbeat.js'
import type { ReconnectingWebSocketOptions } from '../../../src/live/reconnecting-options.js'
import { createReconnectingDesk } from './rig.js'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** One open socket on a device; `isDeaf`: its browser tells nothing of what becomes of it. */
async function setUp(given: ReconnectingWebSocketOptions & { isDeaf?: boolean } = {}) {
  const { isDeaf = false, ...options } = given
  const desk = createReconnectingDesk()
  const { network } = desk
  const { device } = network
  const dialled = await desk.open({
    clock: device.clock,
    signals: isDeaf ? [] : [network.signals],
    ...options,
  })
  await desk.clock.advance(5 * MINUTE_MS)
  dialled.lines.length = 0
  return {
    ...desk,
    ...dialled,
    /** The lid is closed for so long. What was open is forgotten by the path, unless it `stays`. */
    async sleep(ms: number, stays = false) {
      const wake = device.sleep()
      if (!stays) network.apply({ type: 'lost' })
      await desk.clock.advance(ms)
      wake()
    },
    async freeze(ms: number, meanwhile = () => {}) {
      const thaw = device.freeze()
      await desk.clock.advance(ms / 2)
      meanwhile()
      await desk.clock.advance(ms / 2)
      thaw()
    },
    /** What it was told, without the times. */
    told: () => dialled.lines.map((line) => line.split('@')[0]),
  }
}

const REPLACED = ['close 1006 "the page stood still" unclean', 'open']

test('I31 a line without a heartbeat over which the device slept for an hour is replaced as it wakes', async () => {
  const { clock, sleep, told } = await setUp()
  await sleep(HOUR_MS)
  await clock.advance(100)
  expect(told()).toEqual(REPLACED)
})

test('I31 where no event tells of it, it is noticed within 10 s', async () => {
  const { clock, sleep, told } = await setUp({ isDeaf: true })
  await sleep(HOUR_MS)
  await clock.advance(10_100)
  expect(told()).toEqual(REPLACED)
})

test('I31 what is said right after waking does not go into the dead line: it is sent once, over the next', async () => {
  const { clock, sleep, told, socket, heard } = await setUp({ isDeaf: true })
  await sleep(HOUR_MS)
  socket.send('echo first')
  socket.send('echo second')
  await clock.advance(200)
  expect(told()).toEqual([...REPLACED, 'message echo first', 'message echo second'])
  expect(heard.filter((line) => line.startsWith('message'))).toHaveLength(2)
})

test('I31 a minute of sleep is no reason', async () => {
  const { clock, sleep, told } = await setUp()
  await sleep(MINUTE_MS, true)
  await clock.advance(HOUR_MS)
  expect(told()).toEqual([])
})

test('I32 a page that was frozen for five minutes replaces a silent line, and keeps one over which something has come', async () => {
  const silent = await setUp()
  await silent.freeze(5 * MINUTE_MS)
  await silent.clock.advance(100)
  expect(silent.told()).toEqual(REPLACED)

  const fed = await setUp()
  await fed.freeze(5 * MINUTE_MS, () => fed.network.clients.broadcast('news'))
  await fed.clock.advance(HOUR_MS)
  expect(fed.told()).toEqual(['message news'])
})

test('what is said before that news is heard waits for another line, and the news is heard', async () => {
  const { clock, freeze, told, socket, network } = await setUp({ isDeaf: true })
  await freeze(5 * MINUTE_MS, () => {
    network.clients.broadcast('news')
  })
  socket.send('echo mine')
  await clock.advance(200)
  expect(told()).toEqual(['message news', ...REPLACED, 'message echo mine'])
})

test.each<[what: string, options: ReconnectingWebSocketOptions]>([
  ['maxStandstillMs: Infinity', { maxStandstillMs: Infinity }],
  [
    'a heartbeat, which asks',
    { heartbeat: adaptive({ ping: () => 'echo ping', isPong: (text) => text === 'echo ping' }) },
  ],
])('I31 a line that lives stays with %s', async (_what, options) => {
  const { clock, sleep, told } = await setUp(options)
  await sleep(HOUR_MS, true)
  await clock.advance(HOUR_MS)
  expect(told()).toEqual([])
})

test('with maxRetries: 0 it is over, as after any loss; and after close() nothing runs', async () => {
  const { clock, sleep, told, socket } = await setUp({ maxRetries: 0 })
  await sleep(HOUR_MS, true)
  await clock.advance(MINUTE_MS)
  expect([told(), socket.readyState, clock.pending()]).toEqual([REPLACED.slice(0, 1), 3, 0])
  const other = await setUp()
  other.socket.close()
  await other.clock.advance(100)
  expect(other.clock.pending()).toBe(0)
})

test('a limit that timers of a hidden page would reach by themselves is refused by name', () => {
  const { dial } = createReconnectingDesk()
  expect(() => dial({ maxStandstillMs: 60_000 })).toThrow('ReconnectingWebSocket.maxStandstillMs')
})

test('timers that come once a minute, as in a hidden page, are no standstill', async () => {
  const { open, clock, network } = createReconnectingDesk()
  const throttled: Clock = {
    ...clock,
    setTimeout(run, delayMs) {
      const dueAt = clock.now() + delayMs
      return clock.setTimeout(run, Math.ceil(dueAt / MINUTE_MS) * MINUTE_MS - clock.now())
    },
  }
  const { lines } = await open({ clock: throttled, signals: [network.signals], maxStandstillMs: 90_000 })
  await clock.advance(10 * HOUR_MS)
  expect(lines).toEqual(['open@40'])
})
