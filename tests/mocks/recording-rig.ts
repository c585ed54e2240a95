/** The kit on a simulated network with a recorder: what it lived through, and what its recorder says of that. */
import axios, { type AxiosAdapter } from 'axios'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork } from '../../mocks/network.js'
import { createOrderApi } from '../../mocks/order-api.js'
import { seededRandom } from '../../mocks/random.js'
import type { Scenario } from '../../mocks/scenario.js'
import { attachHttp } from '../../src/http/index.js'
import { createConnection, probe, type AuthPort } from '../../src/index.js'
import { createRecorder, type Recording } from '../../src/recorder/index.js'

/** The connection was so from this moment on. */
export interface Moment {
  readonly atMs: number
  readonly what: string
}

/** What came of a run. */
export interface Lived {
  readonly links: readonly Moment[]
  readonly recording: Recording
}

const HOST = 'api.example'
const EVERY_MS = 1_200

/** Plays a scenario to the kit, from the instant at which its recorder begins. */
export async function live(scenario: Scenario, lengthMs: number, latencyMs = 40): Promise<Lived> {
  const clock = manualClock()
  const { handlers } = createOrderApi({ base: `https://${HOST}` })
  const network = createNetwork({ clock, hosts: [HOST], handlers, axios, latencyMs })
  const random = seededRandom(1)
  const auth = createTokens()
  const connection = createConnection({
    probe: probe(`https://${HOST}/health`, { fetch: network.fetch }),
    signals: [network.signals],
    auth,
    clock,
    // Keys have chance of their own: else each that is made before or after a health check moves the next one.
    random: { ...random, bytes: random.fork('keys').bytes },
  })
  const adapter: AxiosAdapter = (config) => {
    config.headers.set('Authorization', `Bearer ${auth.token()}`)
    return network.axiosAdapter(config)
  }
  const api = axios.create({ baseURL: `https://${HOST}`, adapter })
  const http = attachHttp(api, { connection, idempotency: 'honoured', log: (line) => recorder.log(line) })
  const recorder = createRecorder({ connection, sources: [http], routes: ['/orders'] })
  const startAt = clock.now()
  const links: Moment[] = []
  connection.subscribe(({ link, auth: tokens }) => {
    const cause = 'cause' in link && link.cause ? ` (${link.cause})` : ''
    const isNews = tokens === 'refreshing' || tokens === 'required'
    const what = `${link.name}${cause}${isNews ? `, ${tokens}` : ''}`
    if (links.at(-1)?.what !== what) links.push({ atMs: clock.now() - startAt, what })
  })
  network.run(scenario)
  connection.start()
  for (let n = 0; n * EVERY_MS < lengthMs; n++) {
    const send = () =>
      n % 2 === 0 ? api.get('/orders') : api.post('/orders', { item: 'rope', qty: 1, seq: n })
    clock.setTimeout(() => void send().catch(() => {}), 500 + n * EVERY_MS)
  }
  await clock.advance(lengthMs)
  const recording = recorder.recording()
  recorder.stop()
  http.detach()
  connection.stop()
  network.dispose()
  return { links, recording }
}

function createTokens(): AuthPort & { token(): string } {
  let number = 1
  return {
    token: () => `token-${number}`,
    async refresh() {
      number += 1
    },
  }
}

/** A state may come so much earlier or later (ms), or by this share of the time since the one before. */
const TOLERANCE = { ms: 150, share: 0.1 }

/** What differs between two lives, in words; empty: the same states in the same order, at about the same times. */
export function differencesOf(one: readonly Moment[], other: readonly Moment[]): readonly string[] {
  const shown = (list: readonly Moment[], at: number) =>
    list
      .slice(Math.max(0, at - 1), at + 3)
      .map(({ atMs, what }) => `${what} at ${atMs}`)
      .join(', ') || 'nothing more'
  const longer = one.length > other.length ? one : other
  const at = longer.findIndex((_, index) => one[index]?.what !== other[index]?.what)
  if (at >= 0) return [`${shown(one, at)} lived, ${shown(other, at)} replayed`]
  return one.flatMap(({ atMs, what }, index) => {
    const replayedMs = other[index]?.atMs ?? Infinity
    const allowedMs = Math.max(TOLERANCE.ms, TOLERANCE.share * (atMs - (one[index - 1]?.atMs ?? 0)))
    return Math.abs(atMs - replayedMs) <= allowedMs
      ? []
      : [`${what} at ${atMs} lived, at ${replayedMs} replayed`]
  })
}
