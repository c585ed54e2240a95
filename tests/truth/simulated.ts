/** A scenario on the simulator: virtual time, in Node. */
import axios from 'axios'
import { http, type RequestHandler } from 'msw'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork, type Network } from '../../mocks/network.js'
import { createOrderApi } from '../../mocks/order-api.js'
import { seededRandom } from '../../mocks/random.js'
import { lengthOf, type Scenario } from '../../mocks/scenario.js'
import { planOf, type Variant } from './plan.js'
import type { Trace } from './trace.js'
import { LEAD_MS, startWorkload, type World } from './workload.js'

/** A simulator that is wrong on purpose. */
export interface Breakage {
  /** Which mistake it is, in words. */
  readonly name: string
  /** What its network makes of the scenario. Default: what is written there. */
  readonly scenario?: (scenario: Scenario) => Scenario
  /** Its round trip. Default: a loopback's. */
  readonly latencyMs?: number
  /** When it has been seen enough, in ms from the scenario's start. Default: when everything has settled. */
  readonly untilMs?: number
  /** What requests meet on their way. Default: the network as it is. */
  readonly ports?: (
    network: Network,
    played: { readonly scenario: Scenario; readonly startAt: number },
  ) => Pick<World, 'fetch' | 'adapter'>
}

/** A loopback's round trip, and what a timer of a page comes late, in ms. */
export const LATENCY_MS = 6
/**
 * What each request costs the machine that is browser, proxies and server at once, in ms: it does one after the other.
 * Measured on two cores: one alone is answered after 5 to 8 ms, eighteen at once after 60 to 90; most of it is the
 * browser's own work.
 */
const WORK_MS = 5
/** After the last step nothing takes longer: a planned outage spreads its clients over 7 s. */
const QUIET_MS = 60_000
/** Where the simulated service is. */
export const HOST = 'api.example'

/** Plays it and hands back the trace of the kit, with everything settled. */
export async function simulate(scenario: Scenario, variant: Variant, breakage?: Breakage): Promise<Trace> {
  const clock = manualClock()
  const { handlers } = createOrderApi({ base: `http://${HOST}` })
  const network: Network = createNetwork({
    clock,
    hosts: [HOST],
    handlers: [oneAfterTheOther(() => network), ...handlers],
    latencyMs: breakage?.latencyMs ?? LATENCY_MS,
    axios,
  })
  const startAt = clock.now() + 2 * LEAD_MS
  const { fetch, adapter } = breakage?.ports?.(network, { scenario, startAt }) ?? {
    fetch: network.fetch,
    adapter: network.axiosAdapter,
  }
  const world: World = {
    baseURL: `http://${HOST}`,
    clock,
    random: seededRandom(variant.seed),
    signals: [network.signals],
    fetch,
    adapter,
  }
  const workload = startWorkload(world, planOf(scenario, variant), startAt)
  try {
    await clock.advanceTo(startAt)
    network.run(breakage?.scenario?.(scenario) ?? scenario)
    await clock.advance(breakage?.untilMs ?? lengthOf(scenario) + QUIET_MS)
    return workload.report()
  } finally {
    workload.stop()
    network.dispose()
  }
}

/** A handler that answers nothing: the machine has to be done with what came before. */
function oneAfterTheOther(network: () => Network): RequestHandler {
  let doneAt = 0
  return http.all('*', async () => {
    const now = network().clock.now()
    doneAt = Math.max(doneAt, now) + WORK_MS
    await network().delay(doneAt - now)
  })
}
