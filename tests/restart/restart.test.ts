/**
 * The real thing: a built page in a real browser writes to a real server while that is ended by real signals,
 * or while nothing gets through to it. `HOLDFAST_RESTARTS` is the number of seeded runs of each kind: 3, and
 * 20 in the soak. Each has a server and a page of its own, so that two can run at the same time.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { stageWith } from '../support/stage.js'
import { serveDeskPage } from './desk-page.js'
import { type RunOptions, type RunResult, type Stage, runDesk } from './desk-run.js'

const RUNS = Number(process.env['HOLDFAST_RESTARTS'] ?? (import.meta.env.MODE === 'soak' ? 20 : 3))
const seeds = Array.from({ length: RUNS }, (_, index) => index + 1)
const DOWN_MS = 3_000
const HOLE_MS = 5_000
/** Long enough for a write to be sent, at ten a second, and for the page to take in what it was told before. */
const MUTE_MS = 1_000
const MOST_TRIES = 10
/** At most so many writes are between handing over and accepting when the page is loaded again: half a second's. */
const BETWEEN = 5

const here = stageWith(serveDeskPage)

/** The page is loaded again while the server is down, and 3 s later the server is back. */
async function comesBack({ random, reload, restart }: Stage) {
  const reloadAfterMs = 500 + 2_000 * random.next()
  await Promise.all([wait(reloadAfterMs).then(reload), wait(DOWN_MS).then(restart)])
}

/** The server is asked to end, and does so in order. */
async function ended(stage: Stage) {
  stage.api().signal('SIGTERM')
  expect(await stage.api().ended).toEqual({ code: 0, signal: null })
  await comesBack(stage)
}

/** The server is killed after it has applied a write and before anybody hears of it. */
async function killedUnheard(stage: Stage) {
  const { api, applied, proxy, report } = stage
  await proxy.mode('mute')
  const told = async () => (await report()).ended['confirmed'] ?? 0
  // Without one in the end, the check for answers from the store fails.
  let tries = 0
  do await wait(MUTE_MS)
  while ((await applied()) <= (await told()) && ++tries < MOST_TRIES)
  api().signal('SIGKILL')
  await api().ended
  await proxy.mode('reset')
  await proxy.mode('refuse')
  await comesBack(stage)
  await proxy.mode('pass')
}

/** Nothing gets through for 5 s, and nobody is told. */
async function swallowed({ proxy }: Stage) {
  await proxy.mode('blackhole')
  await wait(HOLE_MS)
  await proxy.mode('pass')
}

/** What happens, and how many answers are lost by it at the least. */
type Kind = Pick<RunOptions, 'disturb' | 'proxied'> & { readonly lost: number }

const KINDS: Readonly<Record<string, Kind>> = {
  'a restart (SIGTERM)': { disturb: ended, lost: 0 },
  'a crash (SIGKILL), an answer lost after the commit': {
    disturb: killedUnheard,
    proxied: true,
    lost: 1,
  },
  'a black hole of 5 s': { disturb: swallowed, proxied: true, lost: 0 },
}

const replaysOf = ({ durable }: RunResult) => durable.reduce((sum, entry) => sum + entry.replays, 0)

function check(result: RunResult, lost: number) {
  const { report, durable, plain, failures } = result
  expect([report.link, report.pending, report.kept, failures]).toEqual(['online', [], 0, []])
  expect(Object.keys(report.ended).filter((outcome) => outcome !== 'confirmed')).toEqual([])

  const applied = durable.map((entry) => entry.seq)
  const accepted = new Set<number | null>(report.accepted)
  // What a reload met between handing over and accepting may have been kept or not; all else must be there.
  expect(applied.filter((seq) => accepted.has(seq))).toEqual(report.accepted)
  expect(new Set(applied).size).toBe(applied.length)
  expect(applied).toEqual(report.attempted.filter((seq) => applied.includes(seq)))
  expect(report.attempted.length - report.accepted.length).toBeLessThanOrEqual(BETWEEN)
  expect(replaysOf(result)).toBeGreaterThanOrEqual(lost)

  const plainly = plain.map((entry) => entry.seq)
  expect(new Set(plainly).size).toBe(plainly.length)
  expect(plainly).toEqual(expect.arrayContaining([...report.answered]))
  expect(report.answered.length).toBeGreaterThan(0)
}

/** One line a run: the numbers of the README come from here. */
function tell(kind: string, seed: number, result: RunResult) {
  const { report, durable, plain, backAfterMs, settledAfterMs, phases } = result
  console.log(
    `${kind}, seed ${seed}: ${report.accepted.length} accepted, ${durable.length} applied, ` +
      `${replaysOf(result)} answered from the store, ${plain.length} plain; ` +
      `back after ${backAfterMs} ms, settled after ${settledAfterMs} ms; ${phases.join(' > ')}`,
  )
}

const runs = seeds.flatMap((seed) => Object.entries(KINDS).map(([kind, how]) => [kind, seed, how] as const))

test.concurrent.each(runs)(
  'I01 I04 I05 R12 ux-41 ux-42 %s, seed %i: every accepted write is applied once and in order, and nothing fails',
  async (kind, seed, { lost, ...options }) => {
    const result = await runDesk({ browser: here.browser, origin: here.site.origin, seed, ...options })
    tell(kind, seed, result)
    check(result, lost)
  },
)
