/**
 * A GET that is asked for at the start of an outage, on a virtual clock: who delivers it, and how long after the
 * return (docs/spec/performance.md, P4). The service refuses at once until it is back, as one that restarts does.
 */
import axios, { AxiosError, type AxiosAdapter, type AxiosInstance } from 'axios'
import axiosRetry from 'axios-retry'
import { manualClock, type ManualClock } from '../mocks/manual-clock.js'
import { seededRandom } from '../mocks/random.js'
import { attachHttp } from '../src/http/index.js'
import { createConnection, type Random } from '../src/index.js'

/** P4: outages from 2 to 60 s, evenly on a logarithmic scale. */
const SHORTEST_MS = 2_000
const LONGEST_MS = 60_000
/** After so long, once the service is back, nobody waits any more. */
const PATIENCE_MS = 120_000

/** What became of the GETs of one contestant. */
export interface Delivered {
  readonly asked: number
  readonly delivered: number
  /** From the return to the answer, mean of the delivered ones; null: there are none. */
  readonly meanDelayMs: number | null
  /** Requests that met the outage, mean. */
  readonly attempts: number
}

/** Gives the instance what it has against an outage; returns the undoing. */
type Equip = (api: AxiosInstance, world: World) => () => void

interface World {
  readonly clock: ManualClock
  readonly random: Random
  isUp(): boolean
}

const EQUIPMENT: Readonly<Record<string, Equip>> = {
  holdfast(api, { clock, random, isUp }) {
    const probe = async () => ({ kind: isUp() ? ('good' as const) : ('failed' as const) })
    const connection = createConnection({ clock, random, probe })
    const http = attachHttp(api, { connection })
    connection.start()
    return () => {
      http.detach()
      connection.stop()
    }
  },
  // As it is: three repetitions, without a pause.
  'axios-retry': retrying({}),
  // As its README shows it: 0.2, 0.4, 0.8 s.
  'axios-retry, exponential': retrying({ retryDelay: axiosRetry.exponentialDelay }),
  // Five repetitions: 0.2 to 3.2 s.
  'axios-retry, exponential, 5': retrying({ retryDelay: axiosRetry.exponentialDelay, retries: 5 }),
}

function retrying(options: Parameters<typeof axiosRetry>[1]): Equip {
  return (api) => {
    axiosRetry(api, options)
    return () => {}
  }
}

/** Lets whoever names the global timers and chance have virtual ones; returns the undoing. */
function replaceGlobals({ clock, random }: World): () => void {
  const { setTimeout, clearTimeout } = globalThis
  const chance = Math.random
  const later = (run: () => void, delayMs = 0) => clock.setTimeout(run, delayMs)
  Object.assign(globalThis, { setTimeout: later, clearTimeout: (stop?: () => void) => stop?.() })
  Math.random = () => random.next()
  return () => {
    Object.assign(globalThis, { setTimeout, clearTimeout })
    Math.random = chance
  }
}

async function ask(equip: Equip, outageMs: number, seed: string) {
  const clock = manualClock()
  let backAt = 0
  let attempts = 0
  const world = { clock, random: seededRandom(seed), isUp: () => clock.now() >= backAt }
  const adapter: AxiosAdapter = async (config) => {
    if (!world.isUp()) {
      attempts += 1
      throw new AxiosError('Network Error', AxiosError.ERR_NETWORK, config)
    }
    return { data: '{}', status: 200, statusText: 'OK', headers: {}, config, request: null }
  }
  const putBack = replaceGlobals(world)
  const api = axios.create({ baseURL: 'https://api.test', adapter })
  const stop = equip(api, world)
  try {
    await clock.settle()
    backAt = clock.now() + outageMs
    const answer = api.get('/orders').then(
      () => clock.now() - backAt,
      () => null,
    )
    await clock.advance(outageMs + PATIENCE_MS)
    return { attempts, delayMs: await Promise.race([answer, null]) }
  } finally {
    stop()
    putBack()
  }
}

/** Asks `lengths` outages of different length, each `times` times with other chance. */
export async function measureOutages(lengths: number, times: number): Promise<Record<string, Delivered>> {
  const results: Record<string, Delivered> = {}
  for (const [name, equip] of Object.entries(EQUIPMENT)) {
    const asked = []
    for (let step = 0; step < lengths; step++) {
      const outageMs = Math.round(SHORTEST_MS * (LONGEST_MS / SHORTEST_MS) ** (step / (lengths - 1)))
      for (let time = 0; time < times; time++) asked.push(await ask(equip, outageMs, `${outageMs} ${time}`))
    }
    const delays = asked.flatMap(({ delayMs }) => delayMs ?? [])
    const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
    results[name] = {
      asked: asked.length,
      delivered: delays.length,
      meanDelayMs: delays.length > 0 ? sum(delays) / delays.length : null,
      attempts: sum(asked.map(({ attempts }) => attempts)) / asked.length,
    }
  }
  return results
}
