/** Outages of a real service, by chance that can be played again: on its path, and of its process. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Random } from '../../../src/core/clock.js'
import type { ApiProcess } from '../../support/api-process.js'
import type { FaultMode, FaultProxy } from '../../support/fault-proxy.js'

/**
 * What may happen. `refuse`: what is open is cut, and nobody listens. `reset`: what is open, and each new connection.
 * `blackhole`: silence. `restart`: SIGTERM. `kill`: SIGKILL.
 */
export const KINDS = ['refuse', 'reset', 'blackhole', 'restart', 'kill'] as const

/** One outage. */
export interface Outage {
  readonly kind: (typeof KINDS)[number]
  readonly ms: number
  /** From its end until the next one: so long after all are live again; null: at once, whoever is live. */
  readonly calmMs: number | null
}

const LEAST_MS = 200
const MOST_MS = 3_000
const MOST_CALM_MS = 600
/** So many of them are followed by another one at once. */
const AT_ONCE = 0.2

/** Plans them: of each five all kinds in an order by chance, of a length by chance. */
export function planOutages(random: Random, count: number): Outage[] {
  const outages: Outage[] = []
  while (outages.length < count) {
    const left = [...KINDS]
    while (left.length > 0) {
      const [kind] = left.splice(Math.floor(left.length * random.next()), 1)
      const ms = Math.round(LEAST_MS + (MOST_MS - LEAST_MS) * random.next())
      const calmMs = Math.round(MOST_CALM_MS * random.next())
      outages.push({ kind: kind!, ms, calmMs: random.next() < AT_ONCE ? null : calmMs })
    }
  }
  return outages.slice(0, count)
}

/** What they happen to. */
export interface Scene {
  readonly proxies: readonly FaultProxy[]
  readonly api: () => ApiProcess
  /** Starts the next process on the same port and database. */
  readonly restart: () => Promise<void>
}

/** Makes one happen; resolves when it is over. `lasts`: waits for so long, or for what it is to last for. */
export async function strike(
  { proxies, api, restart }: Scene,
  { kind, ms }: Outage,
  lasts: (ms: number) => Promise<void> = (ms) => wait(ms),
): Promise<void> {
  const mode = (next: FaultMode) => Promise.all(proxies.map((proxy) => proxy.mode(next)))
  switch (kind) {
    case 'refuse': {
      const stops = await Promise.all(proxies.map((proxy) => proxy.apply({ type: 'refuse' })))
      await mode('reset')
      await mode('pass')
      await lasts(ms)
      await Promise.all(stops.map((stop) => stop()))
      return
    }
    case 'reset':
    case 'blackhole':
      await mode(kind)
      await lasts(ms)
      await mode('pass')
      return
    case 'restart':
    case 'kill': {
      const over = lasts(ms)
      api().signal(kind === 'kill' ? 'SIGKILL' : 'SIGTERM')
      await api().ended
      await over
      return restart()
    }
  }
}
