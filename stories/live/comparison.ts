/** One workload and one row of outages for each transport, measured on the simulator. */
import { manualClock, seededRandom, type Network } from '../../mocks/index.js'
import type { Sent, Transport } from '../../src/live/index.js'
import { createBakery } from './bakery.js'
import { createCounter } from './counter.js'

/** One outage. */
export interface Outage {
  /** What happens, for a table. */
  readonly words: string
  /** How long nobody can be reached, from its beginning (ms). */
  readonly lastsMs: number
  /** Begins it; the returned stop ends what does not end by itself. */
  begin(network: Network): () => void
}

/** The same for all, in this order. */
export const OUTAGES: readonly Outage[] = [
  {
    words: 'a crash of 4\u00a0s',
    lastsMs: 4_000,
    begin: ({ restart }) => restart.kill({ downMs: 4_000 }),
  },
  {
    words: '8\u00a0s without network',
    lastsMs: 8_000,
    begin: ({ apply }) => apply({ type: 'offline' }),
  },
  {
    words: 'a planned restart',
    lastsMs: 7_000,
    begin: ({ restart }) => restart.graceful({ drainMs: 2_000, downMs: 5_000 }),
  },
]

/** What one transport did. */
export interface Measured {
  readonly transport: Transport
  /** After each outage: from its end until a message is told (ms). */
  readonly backAfterMs: readonly number[]
  /** Requests, handshakes and messages posted, without health checks. */
  readonly requests: number
  /** What came, without headers. */
  readonly bytes: number
  /** Messages, the own ones included, that were to be told. */
  readonly messages: number
  readonly lost: number
  readonly doubled: number
  readonly disordered: number
}

/** Calm before the first outage, and after each (ms). */
const CALM_MS = 20_000
/** The server says something, and every fifth time the counter does, too. */
const EVERY_MS = 1_000

/** So many runs, each with a luck of its own, make one number. */
export const RUNS = 3

/** Plays it over one transport, several times: means of what it took, sums of what went wrong. The same seed gives the same. */
export async function measure(transport: Transport, seed: number): Promise<Measured> {
  const runs: Measured[] = []
  for (let run = 0; run < RUNS; run += 1) runs.push(await play(transport, seed * RUNS + run))
  const sum = (read: (one: Measured) => number): number => runs.reduce((all, one) => all + read(one), 0)
  const mean = (read: (one: Measured) => number): number => sum(read) / RUNS
  return {
    transport,
    backAfterMs: OUTAGES.map((_, place) => mean(({ backAfterMs }) => backAfterMs[place]!)),
    requests: Math.round(mean(({ requests }) => requests)),
    bytes: mean(({ bytes }) => bytes),
    messages: sum(({ messages }) => messages),
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    disordered: sum(({ disordered }) => disordered),
  }
}

async function play(transport: Transport, seed: number): Promise<Measured> {
  const clock = manualClock()
  const { network, api, says } = createBakery({ clock, seed })
  const { connection, channel } = createCounter({
    network,
    transports: [transport],
    clock,
    random: seededRandom(seed),
  })
  const told: { readonly offset: number; readonly at: number }[] = []
  const sends: Promise<Sent>[] = []
  channel.topic('chat', { onEvent: ({ offset }) => void told.push({ offset, at: clock.now() }) })

  let second = 0
  const say = (text: string): void => {
    const sent = channel.send('chat', { from: 'Counter', text })
    sends.push(sent)
    // Looked at in the end.
    sent.catch(() => {})
  }
  async function talk(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= EVERY_MS) {
      second += 1
      says(`Loaf ${second}`)
      if (second % 5 === 0) say(`Sold at ${second}`)
      await clock.advance(Math.min(left, EVERY_MS))
    }
  }

  connection.start()
  channel.open()
  await clock.advance(1_000)
  await talk(CALM_MS)
  const backAfterMs: number[] = []
  for (const { begin, lastsMs } of OUTAGES) {
    const end = begin(network)
    await talk(lastsMs)
    end()
    const endedAt = clock.now()
    await talk(CALM_MS)
    backAfterMs.push((told.find(({ at }) => at > endedAt)?.at ?? Infinity) - endedAt)
  }
  await clock.advance(2_000)
  channel.close()
  connection.stop()
  const outcomes = await Promise.allSettled(sends)
  await clock.advance(1_000)

  const asked = network.log.filter(({ url }) => new URL(url).pathname !== '/health')
  const published = api.events.filter(({ topic }) => topic === 'chat').map(({ offset }) => offset)
  const offsets = told.map(({ offset }) => offset)
  const unsent = outcomes.filter(({ status }) => status === 'rejected').length
  network.dispose()
  return {
    transport,
    backAfterMs,
    requests: new Set(asked.map(({ id }) => id)).size,
    bytes: asked.reduce((sum, { bytes }) => sum + bytes, 0),
    messages: published.length + unsent,
    lost: published.filter((offset) => !offsets.includes(offset)).length + unsent,
    doubled: offsets.length - new Set(offsets).size,
    disordered: offsets.filter((offset, place) => offset < (offsets[place - 1] ?? 0)).length,
  }
}
