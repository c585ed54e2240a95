import { ws } from 'msw'
import { expect, test } from 'vitest'
import { createNetwork, manualClock } from '../../mocks/index.js'
import { createConnection, probe } from '../../src/index.js'
import { createChannel, webSocket } from '../../src/live/index.js'
import { createLog } from '../../stories/guides/samples/resume.js'

/** The kit's own channel on a simulated network, whose server is the sample of the guide. */
function setUp(kept?: number) {
  const clock = manualClock()
  let log = createLog('first', kept)
  const link = ws.link('wss://shop.example/ws')
  const shop = link.addEventListener('connection', ({ client }) => {
    const { hear, end } = log.converse('boot', (frame) => client.send(JSON.stringify(frame)))
    client.addEventListener('message', ({ data }) => hear(JSON.parse(String(data))))
    client.addEventListener('close', end)
  })
  const network = createNetwork({ clock, handlers: [shop] })
  const connection = createConnection({
    probe: probe('https://shop.example/health', { fetch: network.fetch }),
    signals: [network.signals],
    clock,
  })
  const channel = createChannel({
    connection,
    url: 'https://shop.example/',
    drivers: [webSocket({ WebSocket: network.WebSocket })],
  })
  const told: unknown[] = []
  channel.topic('bread', {
    onEvent: ({ data }) => told.push(data),
    onGap: ({ from, to }) => told.push(`gap ${from}-${to}`),
  })
  channel.onResync(async (causes) => void told.push(`resync ${causes.length}`))
  connection.start()
  const close = channel.open()
  return {
    clock,
    network,
    channel,
    told,
    publish: (data: unknown) => log.publish('bread', data),
    /** The log is lost, as one in memory is by a restart. */
    beginAnew: () => void (log = createLog('second')),
    stop() {
      close()
      connection.stop()
      network.dispose()
    },
  }
}

test('B23 resume.ts: what is said while the network is away is told once it is back, in order and once', async () => {
  const { clock, network, told, publish, stop } = setUp()
  await clock.advance(1_000)
  publish('rye')
  await clock.advance(1_000)
  const heal = network.apply({ type: 'refuse' })
  network.restart.kill({ downMs: 5_000 })
  await clock.advance(2_000)
  publish('oats')
  publish('plum')
  await clock.advance(4_000)
  heal()
  await clock.advance(20_000)
  publish('spelt')
  await clock.advance(1_000)
  expect(told).toEqual(['rye', 'oats', 'plum', 'spelt'])
  stop()
})

test('B23 resume.ts: what is no longer kept is told as a gap, and what is still there follows', async () => {
  const { clock, network, told, publish, stop } = setUp(2)
  await clock.advance(1_000)
  network.restart.kill({ downMs: 5_000 })
  await clock.advance(1_000)
  for (const bread of ['rye', 'oats', 'plum', 'spelt']) publish(bread)
  await clock.advance(30_000)
  expect(told).toEqual(['gap 1-2', 'resync 1', 'plum', 'spelt'])
  stop()
})

test('B23 resume.ts: a log that has begun anew is one resynchronisation, and then its events', async () => {
  const { clock, network, told, publish, beginAnew, stop } = setUp()
  await clock.advance(1_000)
  publish('rye')
  await clock.advance(1_000)
  beginAnew()
  network.restart.kill({ downMs: 3_000 })
  await clock.advance(30_000)
  publish('oats')
  await clock.advance(1_000)
  expect(told).toEqual(['rye', 'resync 1', 'oats'])
  stop()
})

test('B23 resume.ts: a message is one event, and acknowledged, however often it had to be sent', async () => {
  const { clock, network, channel, told, stop } = setUp()
  await clock.advance(1_000)
  network.restart.kill({ downMs: 3_000 })
  const sent = channel.send('bread', 'rye')
  await clock.advance(30_000)
  expect(await sent).toMatchObject({ offset: 1 })
  expect(told).toEqual(['rye'])
  stop()
})

test('B23 resume.ts: the frames are those of the wire: RESUMED, GAP, RESET and the events that follow', () => {
  const { publish, converse } = createLog('first', 2)
  for (const bread of ['rye', 'oats', 'plum']) publish('bread', bread)
  const said = (cursor?: string) => {
    const frames: object[] = []
    const { hear, end } = converse('boot', (frame) => frames.push(frame))
    hear({ type: 'SUBSCRIBE', topic: 'bread', ...(cursor === undefined ? {} : { cursor }) })
    end()
    return frames.slice(1)
  }
  const plum = { type: 'EVENT', topic: 'bread', offset: 3, data: 'plum' }
  const oats = { type: 'EVENT', topic: 'bread', offset: 2, data: 'oats' }
  expect(said()).toEqual([{ type: 'RESUMED', topic: 'bread', offset: 3 }])
  expect(said('first:2')).toEqual([{ type: 'RESUMED', topic: 'bread', offset: 2 }, plum])
  expect(said('first:0')).toEqual([{ type: 'GAP', topic: 'bread', from: 1, to: 1 }, oats, plum])
  const reset = { type: 'RESET', topic: 'bread', epoch: 'first', offset: 3 }
  for (const strange of ['second:1', 'first:9', 'first', '']) expect(said(strange)).toEqual([reset])
})
