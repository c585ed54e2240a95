/** The keeper and the real driver on the simulator: its sockets, its network that fails, its time. */
import { ws } from 'msw'
import { expect, it, onTestFinished } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork } from '../../mocks/network.js'
import { seededRandom } from '../../mocks/random.js'
import { createConnection } from '../../src/core/connection.js'
import { createKeeper } from '../../src/live/keeper.js'
import type { KeeperNews } from '../../src/live/keeper-state.js'
import { oneRoute } from '../../src/live/routes.js'
import { webSocket } from '../../src/live/websocket.js'
import { probe } from '../../src/signals/probe.js'

const URL_OF_LIVE = 'wss://api.example/live'

function createWorld(seed = 1) {
  const clock = manualClock()
  const startAt = clock.now()
  const at = () => clock.now() - startAt
  const dials: number[] = []
  const link = ws.link(URL_OF_LIVE)
  const network = createNetwork({
    clock,
    seed,
    hosts: ['api.example'],
    latencyMs: 40,
    handlers: [
      link.addEventListener('connection', ({ client }) => {
        client.addEventListener('message', ({ data }) => {
          if (data === '{"type":"PING"}') client.send('{"type":"PONG"}')
        })
      }),
    ],
  })
  const connection = createConnection({
    probe: probe('https://api.example/health', { fetch: network.fetch }),
    clock,
    random: seededRandom(seed),
  })
  const news: KeeperNews[] = []
  class Counted extends network.WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols)
      dials.push(at())
    }
  }
  const keeper = createKeeper({
    connection,
    routes: oneRoute(webSocket({ WebSocket: Counted }), new URL(URL_OF_LIVE)),
    request: () => ({ protocols: [], token: null, topics: [], cursor: null }),
    tell(told) {
      news.push(told)
      if (told.type === 'opened') keeper.proven()
    },
  })
  onTestFinished(() => {
    keeper.stop()
    connection.stop()
    return network.dispose()
  })
  return { clock, network, connection, keeper, news, dials, at }
}

async function opened(seed?: number) {
  const world = createWorld(seed)
  world.connection.start()
  world.keeper.start()
  await world.clock.advance(200)
  expect(world.keeper.state.name).toBe('open')
  return world
}

it('ux-55, I21, P5: a half-open socket is noticed within heartbeat, pong timeout and one dial, not after 60 s', async () => {
  const { clock, network, connection, news, dials, keeper, at } = await opened()
  await clock.advance(30_000)
  const cutAt = at()
  network.apply({ type: 'lost' })
  await clock.advance(5_000 + 1_000 + 80)
  expect(news.find((told) => told.type === 'ended')).toMatchObject({
    end: { code: 1006, wasClean: false, reason: 'no sign of life for 1000 ms' },
  })
  expect(dials).toHaveLength(2)
  expect(dials[1]! - cutAt).toBeLessThanOrEqual(6_040)
  await clock.advance(120)
  expect(keeper.state.name).toBe('open')
  expect(connection.state.link.name).toBe('online')
  // The old socket is forgotten: its close event, a minute later, is nobody's.
  const told = news.length
  await clock.advance(90_000)
  expect(news.slice(told).filter(({ type }) => type !== 'alive')).toEqual([])
})

it('a socket that is cut is dialled again at once', async () => {
  const { clock, network, dials, keeper, at } = await opened()
  await clock.advance(10_000)
  const cutAt = at()
  network.apply({ type: 'reset', only: { transport: 'ws' } })()
  await clock.advance(300)
  expect(dials.slice(1).map((dialledAt) => dialledAt - cutAt)).toEqual([20])
  expect(keeper.state.name).toBe('open')
})

it('while sockets alone are refused it has its own schedule, and the link stays up', async () => {
  const { clock, network, dials, keeper, connection } = await opened()
  await clock.advance(10_000)
  const stop = network.apply({ type: 'refuse', only: { transport: 'ws' } })
  network.apply({ type: 'reset', only: { transport: 'ws' } })()
  await clock.advance(60_000)
  expect(connection.state.link.name).toBe('online')
  expect(dials.length).toBeGreaterThan(4)
  expect(dials.length).toBeLessThan(10)
  stop()
  await clock.advance(45_000)
  expect(keeper.state.name).toBe('open')
})

it('P2: through a black hole it waits for the verdict, and opens two trips after the link is up', async () => {
  const { clock, network, dials, keeper, connection, at } = await opened()
  await clock.advance(30_000)
  const stop = network.apply({ type: 'blackhole' })
  await clock.advance(45_000)
  expect(keeper.state).toEqual({ name: 'waiting-link' })
  const dialled = dials.length
  let upAt = 0
  connection.subscribe(({ link }) => {
    if (link.name === 'online') upAt ||= at()
  })
  stop()
  await clock.advance(16_000)
  expect(upAt).toBeGreaterThan(0)
  expect(dials.slice(dialled)).toEqual([upAt])
  expect(keeper.state).toMatchObject({ name: 'open' })
})

it('I22, I30: a graceful restart names each its ticket, and nobody dials before it', async () => {
  const { clock, network, dials, keeper, news, at } = await opened()
  await clock.advance(10_000)
  network.restart.graceful({ drainMs: 1_000, downMs: 4_000, warmMs: 0 })
  await clock.advance(1_500)
  const end = news.flatMap((told) => (told.type === 'ended' ? [told.end] : []))[0]!
  expect(end).toMatchObject({ verdict: 'later', code: 1012 })
  const endedAt = at()
  await clock.advance(30_000)
  expect(keeper.state.name).toBe('open')
  expect(dials[1]!).toBeGreaterThanOrEqual(endedAt - 500 + end.retryAfterMs!)
})
