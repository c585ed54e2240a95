/** A herd of real clients: the kit as an application uses it, each with a connection of its own, on one virtual clock. */
import { seededRandom } from '../../mocks/random.js'
import { attachFetch } from '../../src/http/fetch.js'
import { createConnection, probe } from '../../src/index.js'
import { createChannel } from '../../src/live/index.js'
import type { Connection, Random } from '../../src/index.js'
import { AWAY_MS, type HerdResult } from './herd.js'
import { createHerdFetch, createSocketClass, type Manner } from './herd-globals.js'
import { createHerdServer } from './herd-server.js'
import { createWheel } from './wheel.js'

const BASE = 'https://api.example/'
/** All have connected, and are stable, when the server dies. */
const SETTLED_MS = 15_000
const LONGEST_MS = 3_600_000

/** One client; `lost` is called when the server has died, `back` whenever it can be used. */
type Client = (connection: Connection, back: () => void) => { lost(): void; stop(): void }

/** A live channel with one topic. */
const channel: Client = (connection, back) => {
  const own = createChannel({ connection, url: BASE })
  own.onChange(({ name }) => name === 'live' && back())
  own.topic('orders', { onEvent() {} })
  own.open()
  return { lost() {}, stop: own.close }
}

/** A request that is asked for at the loss, and held. */
const held: Client = (connection, back) => {
  const own = attachFetch(fetch, { connection, holdMs: LONGEST_MS })
  const lost = () =>
    void own.fetch(`${BASE}orders`).then(
      ({ ok }) => ok && back(),
      () => {},
    )
  return { lost, stop: own.detach }
}

/** What can be measured. */
export const realClients = { channel, held }

/** Plays so many of them, whose server takes so many a second once it is back. */
export async function playReal(
  size: number,
  perSecond: number,
  client: Client,
  manner: Manner = 'by 1013',
): Promise<HerdResult> {
  const clock = createWheel()
  const chance = seededRandom(size)
  const server = createHerdServer(clock, chance.fork('server').next)
  const { WebSocket: before, fetch: fetchBefore } = globalThis
  Object.assign(globalThis, { WebSocket: createSocketClass(server, manner), fetch: createHerdFetch(server) })
  let isBack = false
  let backs = 0
  const start = (random: Random) => {
    const connection = createConnection({ probe: probe(`${BASE}health`), clock, random })
    let isIn = false
    connection.start()
    const { lost, stop } = client(connection, () => {
      if (!isBack || isIn) return
      isIn = true
      backs += 1
    })
    return {
      lost,
      stop() {
        stop()
        connection.stop()
      },
    }
  }
  const all = Array.from({ length: size }, (_, id) => start(chance.fork(id)))
  await clock.run(SETTLED_MS)
  server.die()
  for (const { lost } of all) lost()
  await clock.run(SETTLED_MS + AWAY_MS)
  isBack = true
  server.rise(perSecond)
  const roseAt = clock.now()
  await clock.run(roseAt + LONGEST_MS, () => backs >= size * 0.99)
  for (const { stop } of all) stop()
  Object.assign(globalThis, { WebSocket: before, fetch: fetchBefore })
  const ratio = backs >= size * 0.99 ? (clock.now() - roseAt) / ((size / perSecond) * 1_000) : Infinity
  return { ratio, attempts: server.knocks / size }
}
