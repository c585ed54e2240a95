/** Asks `measured-server.ts` what it holds. */
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type ApiProcess, startApi } from '../../support/api-process.js'

const MAIN = fileURLToPath(new URL('./measured-server.ts', import.meta.url))

/** What a process holds after its garbage was collected. */
export interface Held {
  /** Bytes. */
  readonly rss: number
  /** Bytes of the heap, and of what hangs on it. */
  readonly heap: number
  /** Open file descriptors; null where the system does not tell. */
  readonly files: number | null
  readonly connections: number
}

/** A server that can be asked. */
export interface MeasuredApi extends ApiProcess {
  held(): Promise<Held>
  /** What it holds when so many connections are left, or at the end of the patience. */
  heldWith(connections: number): Promise<Held>
}

const PATIENCE_MS = 20_000

/** Starts it. */
export async function startMeasured(
  settings: Readonly<Record<string, string | number>>,
): Promise<MeasuredApi> {
  const api = await startApi(settings, MAIN)
  const pid = Number((await api.logged('listening'))['pid'])
  let asked = 0

  async function held(): Promise<Held> {
    process.kill(pid, 'SIGUSR2')
    return (await api.logged(`measured ${(asked += 1)}`)) as unknown as Held
  }
  async function heldWith(connections: number): Promise<Held> {
    const giveUpAt = performance.now() + PATIENCE_MS
    for (;;) {
      const now = await held()
      if (now.connections === connections || performance.now() > giveUpAt) return now
      await wait(100)
    }
  }
  return { ...api, held, heldWith }
}
