/** The workload in a page: the system's clock, the browser's own requests and signals. A test calls it. */
import { getAdapter } from 'axios'
import { seededRandom } from '../../../mocks/random.js'
import { browserSignals, systemClock } from '../../../src/index.js'
import type { PlannedRequest } from '../plan.js'
import type { Trace } from '../trace.js'
import { startWorkload } from '../workload.js'
import { watchLateness } from './lateness.js'
import { numbered } from './numbered.js'

/** What a test asks for. */
export interface PageRun {
  readonly seed: number
  readonly plan: readonly PlannedRequest[]
  /** When the scenario begins, epoch ms. */
  readonly startAt: number
}

/** What a page knows in the end. */
export interface PageReport {
  readonly trace: Trace
  /** How late the page's timers came at worst, in ms: how far its times can be trusted. */
  readonly lateMs: number
}

/** Starts at once; the returned function tells what happened so far. */
function run({ seed, plan, startAt }: PageRun): () => PageReport {
  const world = {
    baseURL: location.origin,
    clock: systemClock,
    random: seededRandom(seed),
    signals: [browserSignals()],
    ...numbered({ fetch: globalThis.fetch.bind(globalThis), adapter: getAdapter('xhr') }),
  }
  const lateMs = watchLateness()
  const workload = startWorkload(world, plan, startAt)
  return () => ({ trace: workload.report(), lateMs: lateMs() })
}

Object.assign(window, { truth: { run } })
