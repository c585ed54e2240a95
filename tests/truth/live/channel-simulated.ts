/** The channels on the simulator: virtual time, in Node. */
import { http, HttpResponse, type RequestHandler } from 'msw'
import { createLiveApi } from '../../../mocks/live-api.js'
import { manualClock } from '../../../mocks/manual-clock.js'
import { createNetwork, type Network } from '../../../mocks/network.js'
import { seededRandom } from '../../../mocks/random.js'
import { lengthOf, type Scenario } from '../../../mocks/scenario.js'
import { HOST, LATENCY_MS } from '../simulated.js'
import { startChannels } from './channels.js'
import { type ChannelPlan, FIRST_OF_SPARE } from './channel-plan.js'
import { byHost, createSecond, SPARE } from './second-server.js'
import type { LiveTrace } from './diary.js'
import { messageOf } from './live-plan.js'
import type { PlayWorld } from './player.js'
import { tabsInOne } from './tabs-in-one.js'

/** The ways out of a network, or of two. */
type Ways = Pick<PlayWorld, 'clock' | 'fetch' | 'WebSocket'>

/** A simulator that is wrong on purpose, or a machine that is another one. */
export interface ChannelBreakage {
  /** Which, in words. */
  readonly name: string
  /** What its network makes of the scenario. Default: what is written there. */
  readonly scenario?: (scenario: Scenario) => Scenario
  /** What players get in place of the ways out that they have. */
  readonly world?: (ways: Ways) => Partial<PlayWorld>
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

/** So long a token is good for, in ms: as the reference server's. */
const LIFE_MS = 300_000

/** Nothing is known of a session but its tokens: what is lost is refused by the network. */
function logIn(baseURL: string): RequestHandler {
  let number = 0
  return http.post(`${baseURL}/auth/login`, () => HttpResponse.json({ accessToken: `token-${++number}` }))
}

/** Plays it and hands back what the channels have told. */
export async function simulateChannels(
  scenario: Scenario,
  plan: ChannelPlan,
  breakage?: ChannelBreakage,
): Promise<LiveTrace<string>> {
  const clock = manualClock()
  const baseURL = `http://${HOST}`
  const api = createLiveApi({
    ...{ base: baseURL, network: () => network, heartbeatMs: BEAT_MS },
    ...(plan.cast === 'session' && {
      check: () => ({ name: 'valid' as const, user: 'ada', expiresAt: clock.now() + LIFE_MS }),
    }),
  })
  const { latencyMs = LATENCY_MS, lateMs = 0 } = breakage ?? {}
  const handlers = [logIn(baseURL), ...api.handlers]
  const network: Network = createNetwork({ clock, hosts: [HOST], handlers, latencyMs })
  const startAt = clock.now() + LEAD_MS
  const second = plan.cast === 'endpoints' ? createSecond(clock, latencyMs, BEAT_MS) : null
  const { signals, fetch, WebSocket } = network
  const ways: Ways = { clock, ...(second ? byHost(network, second.network) : { fetch, WebSocket }) }
  const channels = startChannels(
    {
      ...{ ...ways, baseURL, spareURL: second && `http://${SPARE}`, signals: [signals] },
      random: seededRandom(scenario.seed ?? 1),
      tabs: tabsInOne(clock),
      ...breakage?.world?.(ways),
    },
    plan,
    startAt,
  )
  plan.publishMs.forEach((ms, index) =>
    clock.setTimeout(() => api.publish('chat', messageOf(index + 1)), startAt + ms - clock.now()),
  )
  plan.spareMs.forEach((ms, index) =>
    clock.setTimeout(
      () => second?.api.publish('chat', messageOf(FIRST_OF_SPARE + index)),
      startAt + ms - clock.now(),
    ),
  )
  try {
    await clock.advanceTo(startAt + lateMs)
    network.run(breakage?.scenario?.(scenario) ?? scenario)
    await clock.advance(Math.max(lengthOf(scenario), ...plan.publishMs) + QUIET_MS)
    return channels.report()
  } finally {
    channels.stop()
    network.dispose()
    second?.network.dispose()
  }
}
