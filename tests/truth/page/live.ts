/** The raw clients in a page: the system's clock, and the browser's own sockets and fetch. A test calls it. */
import { systemClock } from '../../../src/index.js'
import { startClients } from '../live/clients.js'
import type { LiveTrace } from '../live/diary.js'
import type { LivePlan } from '../live/live-plan.js'
import { watchLateness } from './lateness.js'

/** What a test asks for. */
export interface LiveRun {
  readonly plan: LivePlan
  /** When the scenario begins, epoch ms. */
  readonly startAt: number
}

/** What a page knows in the end. */
export interface LiveReport {
  readonly trace: LiveTrace
  /** How late the page's timers came at worst, in ms: how far its times can be trusted. */
  readonly lateMs: number
}

/** Starts at once; the returned function tells what happened so far. */
function run({ plan, startAt }: LiveRun): () => LiveReport {
  const lateMs = watchLateness()
  const { WebSocket } = globalThis
  const fetch = globalThis.fetch.bind(globalThis)
  const clients = startClients(
    { baseURL: location.origin, clock: systemClock, WebSocket, fetch },
    plan,
    startAt,
  )
  return () => ({ trace: clients.report(), lateMs: lateMs() })
}

Object.assign(window, { truth: { run } })
