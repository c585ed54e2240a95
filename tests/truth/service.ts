/** The real service of a run: one process after the other on one database, the next one always at hand. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRestart } from '../../mocks/restarts.js'
import type { Scenario } from '../../mocks/scenario.js'
import { systemClock } from '../../src/index.js'
import { type ApiProcess, startApi } from '../support/api-process.js'
import type { FaultProxy } from '../support/fault-proxy.js'
import type { RealStage } from '../support/proxy/play.js'

/** Files in memory, where there are such: how busy the disk of this machine is must not be measured. */
const MEMORY = '/dev/shm'

/** A service whose processes come and go. */
export interface RealService {
  /** Where the process that serves listens; changes with each restart. Handed to a proxy as it is. */
  readonly target: { port: number }
  /** Its restarts, behind a proxy that refuses while nobody listens. */
  restarts(proxy: FaultProxy): NonNullable<RealStage['restart']>
  stop(): Promise<void>
}

/** The processes that a scenario needs, one after the other: of each the number of its database. */
export function processesFor({ steps }: Scenario): readonly number[] {
  return steps.reduce<readonly number[]>(
    (all, { do: action }) => {
      if (!isRestart(action)) return all
      const last = all.at(-1) ?? 0
      if (action.type === 'restart.lostSession') return [...all, last + 1]
      const more = action.type === 'restart.crashLoop' ? action.times : 1
      return [...all, ...Array.from({ length: more }, () => last)]
    },
    [0],
  )
}

/**
 * A server drains for as long as its scenario says, and knows how long its restart takes; in a drain it adds what is left
 * of that by itself, as the simulator does.
 */
export function settingsFor({ steps }: Scenario): Readonly<Record<string, number>> {
  const action = steps.map((step) => step.do).find(({ type }) => type === 'restart.graceful')
  if (action?.type !== 'restart.graceful') return {}
  return { 'pre-stop-ms': action.drainMs, 'retry-after-s': Math.ceil(action.downMs / 1000) }
}

/**
 * Starts all processes at once: starting one takes half a second of the machine, and what it runs for the first
 * time is slow.
 */
export async function startService(
  processes: readonly number[],
  settings: Readonly<Record<string, string | number>>,
): Promise<RealService> {
  const folder = await mkdtemp(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'holdfast-truth-'))
  const started: ApiProcess[] = []
  const stop = async () => {
    await Promise.all(started.map((api) => api.stop()))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    for (const database of processes) {
      const api = await startApi({ ...settings, db: join(folder, `orders-${database}.db`), port: 0 })
      started.push(api)
      await warmUp(api.origin)
    }
  } catch (error) {
    await stop()
    throw error
  }
  let at = 0
  const current = () => started[at]!
  const target = { port: current().port }

  const restarts = (proxy: FaultProxy) => {
    const after = (ms: number, act: () => Promise<unknown>) => systemClock.setTimeout(() => void act(), ms)
    const down = () => proxy.mode('refuse')
    async function up() {
      if (at + 1 >= started.length) throw new Error(`Only ${started.length} processes were started`)
      at += 1
      target.port = current().port
      await proxy.mode('pass')
    }
    async function kill({ downMs }: { downMs: number }) {
      current().signal('SIGKILL')
      await down()
      return after(downMs, up)
    }
    return {
      async graceful({ drainMs, downMs }: { drainMs: number; downMs: number }) {
        current().signal('SIGTERM')
        const cancels = [after(drainMs, down), after(drainMs + downMs, up)]
        return () => cancels.forEach((cancel) => cancel())
      },
      kill,
      // What it knew lies in its database: the next one has another.
      lostSession: kill,
    }
  }
  return { target, restarts, stop }
}

async function warmUp(origin: string): Promise<void> {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': '"warm-up"' }
  const signIn = { method: 'POST', headers, body: '{"user":"warm-up"}' }
  for (let round = 0; round < 3; round += 1) {
    const signedIn = await fetch(`${origin}/auth/login`, signIn)
    const { accessToken } = (await signedIn.json()) as { readonly accessToken: string }
    await fetch(`${origin}/poll?topics=chat`, { headers: { Authorization: `Bearer ${accessToken}` } })
    await fetch(`${origin}/health`)
    await fetch(`${origin}/orders`)
    await fetch(`${origin}/orders`, { method: 'POST', headers, body: '{"item":"warm-up","qty":1}' })
  }
}
