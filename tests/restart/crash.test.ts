/**
 * The server is killed (SIGKILL) at random moments while clients write, and started again on the same database:
 * 10 times, and 200 times in the soak.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { seededRandom } from '../../mocks/random.js'
import { startApi } from '../support/api-process.js'
import { type Acknowledged, startWriter } from './campaign/writer.js'
import { type LedgerEntry, ledger } from './desk-run.js'

const CRASHES = import.meta.env.MODE === 'soak' ? 200 : 10
const SEED = 20_261_128
/** The longest that a process lives, in ms. */
const LIFE_MS = 400
/** How long one crash may take, in ms, on a busy machine. */
const CRASH_WITHIN_MS = 10_000
/** Eight that wait for each answer, and four that repeat while the first attempt may be under way. */
const PATIENCES_MS = [...Array<number>(8).fill(Infinity), ...Array<number>(4).fill(3)]

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

const count = <T>(all: readonly T[], is: (one: T) => boolean) => all.filter(is).length

/** What is wrong with this ledger, given what was acknowledged before it was read. */
function faultsOf(entries: readonly LedgerEntry[], acknowledged: readonly Acknowledged[]): string[] {
  const faults: string[] = []
  const positions = new Map<string | null, number>()
  const written = new Map<string, number>()
  for (const { key, item, seq, position } of entries) {
    if (positions.has(key)) faults.push(`${key} was applied twice`)
    positions.set(key, position)
    // A client begins a write when the one before it is acknowledged: in order, and none is missing.
    const due = (written.get(item) ?? 0) + 1
    if (seq !== due) faults.push(`${key} was applied where ${item}-${due} is due`)
    written.set(item, due)
  }
  for (const { key, position } of acknowledged) {
    const found = positions.get(key)
    if (found !== position) faults.push(`${key} was acknowledged at ${position} and is at ${found}`)
  }
  return faults
}

test(
  `I01 I04 I05 killed at ${CRASHES} random moments under load: what was acknowledged is applied once and in order, nothing twice`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
    stops.push(() => rm(folder, { recursive: true, force: true }))
    const random = seededRandom(SEED)
    const settings = { db: join(folder, 'orders.db'), 'work-ms': 2 }
    let api = await startApi({ ...settings, port: 0 })
    const { port, origin } = api
    stops.push(() => api.stop())
    const beganAt = performance.now()
    const writers = PATIENCES_MS.map((patienceMs, n) =>
      startWriter({ origin, name: `client${n}`, random: random.fork(`client${n}`), pauseMs: 40, patienceMs }),
    )
    const acknowledged = () => writers.flatMap((writer) => writer.acknowledged)
    let [downMs, longestDownMs] = [0, 0]

    for (let crash = 1; crash <= CRASHES; crash += 1) {
      await wait(LIFE_MS * random.next())
      api.signal('SIGKILL')
      expect(await api.ended).toEqual({ code: null, signal: 'SIGKILL' })
      const known = acknowledged()
      const diedAt = performance.now()
      api = await startApi({ ...settings, port })
      const tookMs = performance.now() - diedAt
      downMs += tookMs
      longestDownMs = Math.max(longestDownMs, tookMs)
      expect(faultsOf(await ledger(port), known), `after crash ${crash}`).toEqual([])
    }

    await Promise.all(writers.map((writer) => writer.stop()))
    const tookS = (performance.now() - beganAt) / 1000
    const perSecond = Math.round((acknowledged().length / (tookS - downMs / 1000)) * 10) / 10
    const entries = await ledger(port)
    const all = acknowledged()
    const unheard = count(all, ({ isReplayed }) => isReplayed)
    const repeated = writers.reduce((sum, writer) => sum + writer.repeated(), 0)
    console.log(
      `${CRASHES} crashes in ${tookS.toFixed(0)} s (down for ${longestDownMs.toFixed(0)} ms at most): ` +
        `${all.length} writes acknowledged (${perSecond} a second while it was up), ${entries.length} applied; ` +
        `${repeated} attempts repeated, ${unheard} had been applied unheard`,
    )
    expect(faultsOf(entries, all)).toEqual([])
    expect(entries.length).toBe(all.length)
    expect(writers.flatMap((writer) => writer.unexpected)).toEqual([])
    expect(perSecond).toBeGreaterThan(10)
    expect(unheard).toBeGreaterThan(0)
  },
  CRASHES * CRASH_WITHIN_MS,
)
