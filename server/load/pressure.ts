/** How hard the machine and the process are pressed, and beyond which pressure new work is refused (R33). */
import { availableParallelism, loadavg } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Time, systemTime } from '../time.ts'

/** Where the pressure is read. */
export interface LoadSource {
  /** The load of the last minute over the number of cores. Windows has none: always 0. */
  loadPerCore(): number
  /** How late the event loop was, 99th percentile of the last two seconds, in ms. */
  lagP99Ms(): number
  /** Ends the measuring. */
  stop(): void
}

/** Resolution of the lag: a sample each 10 ms, and the 10 ms are taken off. */
const SAMPLE_MS = 10
/** 200 samples: one pause of the garbage collector is not yet a percentile, and the end of a jam is soon known. */
const WINDOW_MS = 2_000

/**
 * The machine itself, read once per window: the load is a file, too dear to be read for each request.
 *
 * @fastify/under-pressure is not used: it compares the mean of the lag, which a loop that stands still one time
 * in twenty hides, knows nothing of the load, and says the same Retry-After to all.
 */
export function systemLoad(time: Time = systemTime): LoadSource {
  const histogram = monitorEventLoopDelay({ resolution: SAMPLE_MS })
  const cores = availableParallelism()
  let loadPerCore = (loadavg()[0] ?? 0) / cores
  let lagP99Ms = 0
  histogram.enable()
  const stop = time.every(WINDOW_MS, () => {
    loadPerCore = (loadavg()[0] ?? 0) / cores
    lagP99Ms = Math.max(0, histogram.percentile(99) / 1e6 - SAMPLE_MS)
    histogram.reset()
  })
  return {
    loadPerCore: () => loadPerCore,
    lagP99Ms: () => lagP99Ms,
    stop() {
      stop()
      histogram.disable()
    },
  }
}

/** Beyond these, new work is refused. */
export interface PressureLimits {
  /** Load of the last minute per core. Infinity: never. Default 3.0. */
  readonly mostLoadPerCore?: number
  /** 99th percentile of the event loop's lag, in ms. Infinity: never. Default 200. */
  readonly mostLagMs?: number
}

/** What is beyond its limit. */
export interface Pressure {
  readonly of: 'load per core' | 'event loop lag'
  readonly value: number
  readonly most: number
}

/** What is beyond its limit now; null: nothing. */
export function pressureOf(source: LoadSource, limits: PressureLimits = {}): Pressure | null {
  const { mostLoadPerCore = 3, mostLagMs = 200 } = limits
  const load = source.loadPerCore()
  if (load > mostLoadPerCore) return { of: 'load per core', value: load, most: mostLoadPerCore }
  const lag = source.lagP99Ms()
  return lag > mostLagMs ? { of: 'event loop lag', value: lag, most: mostLagMs } : null
}
