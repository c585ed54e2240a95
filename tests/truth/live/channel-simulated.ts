/** The channels on the simulator: virtual time, in Node. */
import { createLiveApi } from '../../../mocks/live-api.js'
import { manualClock } from '../../../mocks/manual-clock.js'
import { createNetwork, type Network } from '../../../mocks/network.js'
import { seededRandom } from '../../../mocks/random.js'
import { lengthOf, type Scenario } from '../../../mocks/scenario.js'
import { HOST, LATENCY_MS } from '../simulated.js'
import { startChannels, type ChannelWorld } from './channels.js'
import type { ChannelPlan } from './channel-plan.js'
import type { LiveTrace } from './diary.js'
import { messageOf } from './live-plan.js'

/** A simulator that is wrong on purpose, or a machine that is another one. */
export interface ChannelBreakage {
  /** Which, in words. */
  readonly name: string
  /** What its network makes of the scenario. Default: what is written there. */
  readonly scenario?: (scenario: Scenario) => Scenario
  /** What channels get in place of what the network has. */
  readonly world?: (network: Network) => Partial<ChannelWorld>
  /** Its round trip. Default: a loopback's. */
  readonly latencyMs?: number
  /** The scenario begins so much later. Default: 0. */
  readonly lateMs?: number
}

/** How often the server shows life, and wants to see some (ms): its default would take a minute to be felt. */
export const BEAT_MS = 2_000

/** The channels begin within this time before the scenario. */
const LEAD_MS = 2_000
/** After the last step and the last message, in ms. */
const QUIET_MS = 12_000

/** Plays it and hands back what the channels have told. */
export async function simulateChannels(
  scenario: Scenario,
  plan: ChannelPlan,
  breakage?: ChannelBreakage,
): Promise<LiveTrace> {
  const clock = manualClock()
  const baseURL = `http://${HOST}`
  const api = createLiveApi({ base: baseURL, network: () => network, heartbeatMs: BEAT_MS })
  const { latencyMs = LATENCY_MS, lateMs = 0 } = breakage ?? {}
  const network = createNetwork({ clock, hosts: [HOST], handlers: api.handlers, latencyMs })
  const startAt = clock.now() + LEAD_MS
  const { WebSocket, fetch, signals } = network
  const channels = startChannels(
    {
      ...{ baseURL, clock, WebSocket, fetch, signals: [signals] },
      random: seededRandom(scenario.seed ?? 1),
      ...breakage?.world?.(network),
    },
    plan,
    startAt,
  )
  plan.publishMs.forEach((ms, index) =>
    clock.setTimeout(() => api.publish('chat', messageOf(index + 1)), startAt + ms - clock.now()),
  )
  try {
    await clock.advanceTo(startAt + lateMs)
    network.run(breakage?.scenario?.(scenario) ?? scenario)
    await clock.advance(Math.max(lengthOf(scenario), ...plan.publishMs) + QUIET_MS)
    return channels.report()
  } finally {
    channels.stop()
    network.dispose()
  }
}
