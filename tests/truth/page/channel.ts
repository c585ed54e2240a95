/** The kit's channels in a page: the system's clock, the browser's own sockets, fetch and signals. A test calls it. */
import { seededRandom } from '../../../mocks/random.js'
import { browserSignals, systemClock } from '../../../src/index.js'
import { startChannels } from '../live/channels.js'
import type { ChannelPlan } from '../live/channel-plan.js'
import type { LiveTrace } from '../live/diary.js'
import { watchLateness } from './lateness.js'

/** What a test asks for. */
export interface ChannelRun {
  readonly plan: ChannelPlan
  readonly seed: number
  /** When the scenario begins, epoch ms. */
  readonly startAt: number
  /** Where a second server is. */
  readonly spareURL: string | null
}

/** What a page knows in the end. */
export interface ChannelReport {
  readonly trace: LiveTrace<string>
  /** How late the page's timers came at worst, in ms: how far its times can be trusted. */
  readonly lateMs: number
}

/** Starts at once; the returned function tells what happened so far. */
function run({ plan, seed, startAt, spareURL }: ChannelRun): () => ChannelReport {
  const lateMs = watchLateness()
  const { WebSocket } = globalThis
  const world = {
    ...{ baseURL: location.origin, spareURL, clock: systemClock, random: seededRandom(seed), WebSocket },
    signals: [browserSignals()],
    fetch: globalThis.fetch.bind(globalThis),
  }
  const channels = startChannels(world, plan, startAt)
  return () => ({ trace: channels.report(), lateMs: lateMs() })
}

Object.assign(window, { truth: { run } })
