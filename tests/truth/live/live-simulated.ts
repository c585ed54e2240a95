/** The raw clients on the simulator: virtual time, in Node. */
import { createLiveApi } from '../../../mocks/live-api.js'
import { manualClock } from '../../../mocks/manual-clock.js'
import { createNetwork, type Network } from '../../../mocks/network.js'
import { lengthOf, type Scenario } from '../../../mocks/scenario.js'
import { HOST, LATENCY_MS } from '../simulated.js'
import { startClients, type LiveWorld } from './clients.js'
import type { LiveTrace } from './diary.js'
import { type LivePlan, messageOf } from './live-plan.js'

/** A simulator that is wrong on purpose. */
export interface LiveBreakage {
  /** Which mistake it is, in words. */
  readonly name: string
  readonly scenario?: (scenario: Scenario) => Scenario
  /** What clients get in place of what the network has. */
  readonly world?: (network: Network) => Partial<LiveWorld>
}

/** The clients begin within this time before the scenario. */
const LEAD_MS = 2_000
/** After the last step and the last message, in ms. */
const QUIET_MS = 6_000

/** Plays it and hands back what the clients have seen. */
export async function simulateLive(
  scenario: Scenario,
  plan: LivePlan,
  breakage?: LiveBreakage,
): Promise<LiveTrace> {
  const clock = manualClock()
  const baseURL = `http://${HOST}`
  const api = createLiveApi({ base: baseURL, network: () => network })
  const network = createNetwork({ clock, hosts: [HOST], handlers: api.handlers, latencyMs: LATENCY_MS })
  const startAt = clock.now() + LEAD_MS
  const { WebSocket, fetch } = network
  const world = { baseURL, clock, WebSocket, fetch, ...breakage?.world?.(network) }
  const clients = startClients(world, plan, startAt)
  plan.publishMs.forEach((ms, index) =>
    clock.setTimeout(() => api.publish('chat', messageOf(index + 1)), startAt + ms - clock.now()),
  )
  try {
    await clock.advanceTo(startAt)
    network.run(breakage?.scenario?.(scenario) ?? scenario)
    await clock.advance(Math.max(lengthOf(scenario), ...plan.publishMs) + QUIET_MS)
    return clients.report()
  } finally {
    clients.stop()
    network.dispose()
  }
}
