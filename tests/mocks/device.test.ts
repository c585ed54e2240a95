import { expect, test } from 'vitest'
import type { DeviceEvent } from '../../mocks/device/device.js'
import { scenarios } from '../../mocks/scenarios/index.js'
import { createConnection, probe } from '../../src/index.js'
import { BASE, createDesk, type Asked } from './desk.js'
import { listen, ticker } from './listener.js'

const HOUR_MS = 3_600_000

/** A desk whose device says what it does, and a timer of the application. */
function createWatched() {
  const desk = createDesk()
  const { network, sinceStart } = desk
  const { device } = network
  const startAt = device.clock.now()
  const events: DeviceEvent[] = []
  device.on((event) => void events.push(event))
  const fired: string[] = []
  const timer = (name: string, ms: number) =>
    device.clock.setTimeout(() => {
      fired.push(`${name}@${sinceStart()}, on its clock ${device.clock.now() - startAt}`)
    }, ms)
  return { ...desk, device, events, fired, timer }
}

const endOf = ({ end, atMs }: Asked) => `${end}@${atMs}`

test("the application's clock is the network's while the page runs", async () => {
  const { clock, device, fired, timer } = createWatched()
  timer('one', 100)
  const cancel = timer('never', 150)
  timer('two', 200)
  cancel()
  await clock.advance(300)
  expect(fired).toEqual(['one@100, on its clock 100', 'two@200, on its clock 200'])
  expect(device.clock.now()).toBe(clock.now())
  expect(device.clock.setTimeout(() => {}, Infinity)).toBeTypeOf('function')
  expect(clock.pending()).toBe(0)
})

test('a frozen page: its timers come due, and run in their order when it is there again', async () => {
  const { clock, device, events, fired, timer } = createWatched()
  timer('late', 3000)
  timer('two', 500)
  timer('one', 400)
  await clock.advance(100)
  device.freeze()
  timer('set meanwhile', 200)
  await clock.advance(1900)
  expect([fired, device.state, device.hidden]).toEqual([[], 'frozen', true])
  device.wake()
  await clock.advance(2000)
  expect(fired.map((line) => line.split(',')[0])).toEqual([
    'set meanwhile@2000',
    'one@2000',
    'two@2000',
    'late@3000',
  ])
  expect(events).toEqual(['hidden', 'freeze', 'resume', 'visible'])
})

test('a device that slept for an hour in one second: timers have left what they had, all clocks say an hour', async () => {
  const { ask, clock, device, events, fired, timer } = createWatched()
  timer('three seconds', 3000)
  await clock.advance(1000)
  device.sleep()
  await clock.advance(1000)
  device.wake(HOUR_MS - 1000)
  const asked = ask()
  await clock.advance(3000)
  expect(fired).toEqual([`three seconds@4000, on its clock ${HOUR_MS + 3000}`])
  expect(events).toEqual(['hidden', 'wake', 'visible'])
  expect(asked.answer?.headers.get('Date')).toBe('Thu, 01 Jan 2026 10:00:01 GMT')
})

test('a clock that is set back goes on as if nothing had been, as the kit’s own; timers notice neither that nor a jump', async () => {
  const { clock, device, fired, timer } = createWatched()
  timer('one', 1000)
  device.jump(-600)
  await clock.advance(500)
  expect(device.clock.now()).toBe(clock.now())
  timer('two', 1000)
  device.jump(HOUR_MS)
  await clock.advance(1000)
  expect(fired).toEqual([
    `one@1000, on its clock ${HOUR_MS + 1000}`,
    `two@1500, on its clock ${HOUR_MS + 1500}`,
  ])
  expect(device.clock.now() - clock.now()).toBe(HOUR_MS)
  expect(() => device.jump(0.5)).toThrow('jump is 0.5')
  expect(() => device.wake(-1)).toThrow('wake is -1')
})

test('what arrives at a frozen page is told when it is there again, in its order; its requests go on', async () => {
  const desk = createWatched()
  const { ask, order, api, clock, device, network, sinceStart } = desk
  network.use(ticker(desk, 100, 3))
  const stream = listen(desk, '/sse')
  await clock.advance(50)
  const [asked, written] = [ask(), order('a')]
  await clock.advance(10)
  device.freeze()
  await clock.advance(1000)
  expect([asked.end, written.end, stream.lines]).toEqual(['pending', 'pending', ['40 open', '40 data: 1']])
  expect(api.ledger).toHaveLength(1)
  device.wake()
  await clock.advance(0)
  expect([asked, written].map(endOf)).toEqual([`200@${sinceStart()}`, `201@${sinceStart()}`])
  expect(stream.lines.slice(2)).toEqual(['1060 data: 2', '1060 data: 3', '1060 end'])
})

test('a page that is frozen again before its turn waits on', async () => {
  const { ask, clock, device } = createWatched()
  const asked = ask()
  device.freeze()
  await clock.advance(100)
  device.wake()
  device.freeze()
  await clock.advance(100)
  expect(asked.end).toBe('pending')
  device.wake()
  await clock.advance(0)
  expect(endOf(asked)).toBe('200@200')
})

test('nothing reaches a device that sleeps or leaves it; what was open goes on when it wakes, unless it is forgotten', async () => {
  const desk = createWatched()
  const { ask, order, api, clock, device, network } = desk
  network.use(ticker(desk, 100, 30))
  ask()
  const stream = listen(desk, '/sse')
  await clock.advance(100)
  device.sleep()
  const written = order('a')
  await clock.advance(1000)
  expect([stream.lines.at(-1), written.end, api.ledger.length]).toEqual(['40 data: 1', 'pending', 0])
  device.wake()
  await clock.advance(2000)
  expect(stream.lines.at(-1)).toMatch(/data: (2\d|30)$|end$/)
  expect(written.end).toBe('201')
  expect(network.calls({ method: 'POST' })[0]).toMatchObject({ fault: 'sleep' })
})

test('a browser closes what it keeps when its device falls asleep: the first request afterwards dials', async () => {
  const { ask, clock, device, network } = createWatched()
  ask()
  await clock.advance(100)
  device.sleep()
  await clock.advance(100)
  network.apply({ type: 'lost' })
  device.wake()
  const asked = ask()
  await clock.advance(100)
  expect(endOf(asked)).toBe('200@240')
})

test('of several reasons to be away the strongest counts, and the page is back when none is left', async () => {
  const { device, events } = createWatched()
  device.hide()
  device.freeze()
  device.sleep()
  expect(device.state).toBe('asleep')
  device.show()
  expect([device.state, device.hidden]).toEqual(['asleep', true])
  device.wake()
  expect([device.state, device.hidden]).toEqual(['awake', false])
  expect(events).toEqual(['hidden', 'freeze', 'wake', 'visible'])
})

test('a network that is taken down tells a frozen page, too', async () => {
  const { ask, clock, device, network } = createWatched()
  const socket = new network.WebSocket(BASE)
  const told: string[] = []
  socket.onclose = ({ code }) => void told.push(String(code))
  const asked = ask()
  await clock.advance(10)
  device.freeze()
  await clock.advance(100)
  network.dispose()
  await clock.settle()
  expect([asked.end, told]).toEqual(['TypeError', ['1006']])
  expect(clock.pending()).toBe(0)
})

test('a scenario puts the page away and brings it back; stopped, it is back at once and no time is skipped', async () => {
  const { clock, device, events, network } = createWatched()
  const steps = [
    { atMs: 0, do: { type: 'device.hidden' }, forMs: 100 },
    { atMs: 200, do: { type: 'device.frozen' }, forMs: 100 },
    { atMs: 400, do: { type: 'device.asleep', ms: HOUR_MS }, forMs: 100 },
    { atMs: 600, do: { type: 'device.clockJump', ms: 1000 } },
  ] as const
  network.run({ name: 'Away', sentence: 'B', steps })
  await clock.advance(1000)
  expect(events).toEqual([
    ...['hidden', 'visible', 'hidden', 'freeze', 'resume', 'visible'],
    ...['hidden', 'wake', 'visible'],
  ])
  expect(device.clock.now() - clock.now()).toBe(HOUR_MS - 100 + 1000)
  const stop = network.run({ name: 'Away', sentence: 'B', steps })
  await clock.advance(450)
  expect(device.state).toBe('asleep')
  stop()
  expect([device.state, device.clock.now() - clock.now()]).toEqual(['awake', HOUR_MS - 100 + 1000])
  expect(clock.pending()).toBe(0)
})

test('lid-closed: a connection finds out by itself, and is back soon after the Wi-Fi is', async () => {
  const { clock, network, sinceStart } = createWatched()
  const { device, fetch } = network
  const health = probe(`${BASE}/health`, { fetch })
  const connection = createConnection({ probe: health, signals: [network.signals], clock: device.clock })
  const states: string[] = []
  connection.subscribe(({ link }) => {
    if (!states.at(-1)?.startsWith(`${link.name}@`)) states.push(`${link.name}@${sinceStart()}`)
  })
  connection.start()
  await clock.advance(500)
  network.run(scenarios['lid-closed'])
  await clock.advance(5900)
  const before = states.length
  await clock.advance(6000)
  const since = states.slice(before).map((line) => line.split('@'))
  expect(since.length).toBeGreaterThan(1)
  expect(since[0]?.[0]).not.toBe('online')
  expect(since.at(-1)?.[0]).toBe('online')
  // Awake at 6.5 s, on line at 8.0 s.
  expect(Number(since.at(-1)?.[1])).toBeLessThan(8500)
  connection.stop()
})
