/** How fast virtual time goes by: ten requests a virtual second, each answered and read, with and without faults. */
import axios from 'axios'
import { http, HttpResponse } from 'msw'
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
  /** Virtual seconds a real one. */
  readonly speed: number
  readonly requests: number
  readonly lines: number
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

/** Plays so many virtual seconds, as fast as it goes. */
export async function measure(way: Way, seconds: number, isBusy: boolean): Promise<Measured> {
  const clock = manualClock()
  const handlers = [http.get(`${BASE}/orders`, () => HttpResponse.json({ orders: [] }))]
  const network = createNetwork({ clock, hosts: [HOST], handlers })
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
  // What is compiled on the way is not what is measured.
  await clock.advance(10_000)
  requests = 0
  const lines = network.log.length
  const beganAt = performance.now()
  await clock.advance(seconds * 1000)
  const tookMs = performance.now() - beganAt
  const logged = network.log.length - lines
  network.dispose()
  uninstall()
  return { speed: (seconds * 1000) / tookMs, requests, lines: logged }
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
