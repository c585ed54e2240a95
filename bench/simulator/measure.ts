/** How fast virtual time goes by: ten requests a virtual second, each answered and read, with and without faults. */
import axios from 'axios'
import { getResponse, http, HttpResponse } from 'msw'
import { installPage } from '../../mocks/install-page.js'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork, type Network } from '../../mocks/network.js'
import type { Scenario } from '../../mocks/scenario.js'

const HOST = 'api.example'
const BASE = `https://${HOST}`
const EVERY_MS = 100

/** Which way requests leave. */
export type Way = 'fetch' | 'axios' | "the page's own fetch" | "the page's own XMLHttpRequest"

/** What was measured. */
export interface Measured {
  /** Virtual seconds a real one: in the middle, and in the best tenth, which others on the machine disturb least. */
  readonly speed: number
  readonly bestSpeed: number
  /** Requests a virtual second. */
  readonly rate: number
  /** How many times as long as MSW alone a request takes, both at their best. */
  readonly ratio: number
}

const busy: Scenario = {
  name: 'Busy',
  sentence: 'Later, give or take, and one request in five meets something.',
  steps: [
    { atMs: 0, do: { type: 'latency', ms: 100, jitterMs: 80 } },
    { atMs: 0, do: { type: 'flaky', probability: 0.1, fault: { type: 'refuse' } } },
    { atMs: 0, do: { type: 'flaky', probability: 0.1, fault: { type: 'status', code: 503 } } },
  ],
}

type Ask = (network: Network) => () => Promise<unknown>

const WAYS: Readonly<Record<Way, Ask>> = {
  fetch: (network) => async () => (await network.fetch(`${BASE}/orders`)).text(),
  axios(network) {
    const api = axios.create({ baseURL: BASE, adapter: network.axiosAdapter })
    return () => api.get('/orders')
  },
  "the page's own fetch": () => async () => (await fetch(`${BASE}/orders`)).text(),
  "the page's own XMLHttpRequest": () => () =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest()
      request.open('GET', `${BASE}/orders`)
      request.onloadend = resolve
      request.send()
    }),
}

/** A slice of the measurement: so many virtual seconds, and as many requests to MSW alone (ten a second). */
const SLICE_S = 2

const ORDERS = http.get(`${BASE}/orders`, () => HttpResponse.json({ orders: [] }))

/** The same requests to MSW alone: what its handlers cost, and reading the answer. */
async function askPlainly(count: number): Promise<void> {
  for (let left = count; left > 0; left--) {
    const response = await getResponse([ORDERS], new Request(`${BASE}/orders`))
    await response?.text()
  }
}

async function timeOf(run: () => Promise<unknown>): Promise<number> {
  const beganAt = performance.now()
  await run()
  return performance.now() - beganAt
}

/** The number that so much of a list lies below. */
const quantile = (numbers: readonly number[], part: number): number =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length * part)]!

/** Plays so many virtual seconds, as fast as it goes, and asks MSW alone in between. */
export async function measure(way: Way, seconds: number, isBusy: boolean): Promise<Measured> {
  const clock = manualClock()
  const network = createNetwork({ clock, hosts: [HOST], handlers: [ORDERS] })
  const uninstall = way.startsWith('the page') ? installPage(network) : () => {}
  const ask = WAYS[way](network)
  let requests = 0
  const next = (): void => {
    requests++
    void ask().catch(() => {})
    clock.setTimeout(next, EVERY_MS)
  }
  if (isBusy) network.run(busy)
  clock.setTimeout(next, 0)
  const ours: number[] = []
  const plain: number[] = []
  // What is compiled on the way is not what is measured.
  await clock.advance(SLICE_S * 1000)
  requests = 0
  for (let left = seconds; left > 0; left -= SLICE_S) {
    ours.push(await timeOf(() => clock.advance(SLICE_S * 1000)))
    plain.push(await timeOf(() => askPlainly((SLICE_S * 1000) / EVERY_MS)))
  }
  network.dispose()
  uninstall()
  const speedAt = (part: number) => (SLICE_S * 1000) / quantile(ours, part)
  return {
    speed: speedAt(0.5),
    bestSpeed: speedAt(0.1),
    rate: requests / seconds,
    ratio: quantile(ours, 0.1) / quantile(plain, 0.1),
  }
}

/** Steps of a millisecond: how many timers, each due at another one, did not run at theirs. */
export async function misses(steps: number): Promise<number> {
  const clock = manualClock()
  const startAt = clock.now()
  let wrong = 0
  for (let ms = 1; ms <= steps; ms++) {
    clock.setTimeout(() => {
      if (clock.now() !== startAt + ms) wrong++
    }, ms)
  }
  for (let ms = 1; ms <= steps; ms++) {
    await clock.advance(1)
    if (clock.now() !== startAt + ms || clock.pending() !== steps - ms) wrong++
  }
  return wrong
}

if ('document' in globalThis) Object.assign(globalThis, { bench: { measure, misses } })
