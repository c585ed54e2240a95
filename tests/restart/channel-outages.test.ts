/**
 * Outages of a real service while messages stream: what its pages are told, over each transport and over all three
 * with changes of transport. 5 outages, and 100 in the soak, of each kind as many; and where the server keeps little 1,
 * and as many.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { seededRandom } from '../../mocks/random.js'
import { stageWith } from '../support/stage.js'
import { type Account, type Logged, endOf, faultsOf, sendFaultsOf } from './channel/account.js'
import { type Desk, serveChannelPage } from './channel/desk.js'
import { type Outage, planOutages, strike } from './channel/outages.js'
import { type Ending, type Stage, isLive, SETTINGS, setStage } from './channel/stage.js'

const isSoak = import.meta.env.MODE === 'soak'
const OUTAGES = Number(process.env['HOLDFAST_OUTAGES'] ?? (isSoak ? 100 : 5))
const SEED = Number(process.env['HOLDFAST_SEED'] ?? 20_261_138)
const PER_SECOND = 50
const ALL_THREE = SETTINGS['all three']!
/** All that is said in the soak. */
const LARGE_RING = 200_000
/** Half a second of the stream: what is away for longer misses something. */
const SMALL_RING = 25
const RING_OUTAGES = isSoak ? OUTAGES : 1
/** Of so many outages at least one is longer than that; while the process is away nothing is published. */
const GAP_IN_OUTAGES = 8
/** How long one outage may take, in ms, on a busy machine. */
const OUTAGE_WITHIN_MS = 20_000
/** So many of their transports are closed to all three, outage by outage. */
const BLOCKS = [0, 1, 2, 0]

const here = stageWith(serveChannelPage)

/** What is undone after a test that runs beside another one. */
type AtEnd = Parameters<typeof setStage>[0]

const enter = (atEnd: AtEnd, options: { readonly topics: readonly string[]; readonly ring: number }) =>
  setStage(atEnd, { browser: here.browser, site: here.site.origin, perSecond: PER_SECOND, ...options })

/** Plays them; resolves when all has been told. */
async function play(
  stage: Stage,
  outages: readonly Outage[],
  lasts?: (ms: number) => Promise<void>,
): Promise<Ending> {
  const beganAt = Date.now()
  for (const [n, outage] of outages.entries()) {
    const blocks = BLOCKS[n % BLOCKS.length]!
    if (n > 0 && blocks !== BLOCKS[(n - 1) % BLOCKS.length]) await stage.block(blocks)
    await strike(stage, outage, lasts)
    if (outage.calmMs === null) continue
    await stage.until(`live after outage ${n + 1}, a ${outage.kind} of ${outage.ms} ms,`, isLive)
    await wait(outage.calmMs)
    if (!isSoak || n % 10 !== 9) continue
    const pending = await Promise.all(stage.desks.map(async (desk) => (await desk.progress()).pending))
    console.log(
      `${n + 1} outages in ${Math.round((Date.now() - beganAt) / 1000)} s; unsent: ${pending.join(', ')}`,
    )
  }
  return stage.end()
}

/** Says what became of each page, and hands back what was wrong. */
async function judge(desks: readonly Desk[], outages: number, { published, logs }: Ending) {
  const faults: string[] = []
  for (const { name, account, errors } of desks) {
    const { told, sends, states, resyncs, ignored } = await account()
    const found = [...errors, ...sendFaultsOf(sends, name, logs['chat']!)]
    for (const [topic, own] of Object.entries(told))
      found.push(...faultsOf(own, logs[topic]!).map((fault) => `${topic}: ${fault}`))
    if (ignored.unknown + ignored.malformed > 0) found.push(`ignored: ${JSON.stringify(ignored)}`)
    const topics = Object.values(told)
    const lines = topics.flatMap((own) => own.lines)
    const gaps = lines.flatMap((line) => ('to' in line ? line.to - line.from + 1 : []))
    const ways = states.map((state) => state.name).filter((way) => ALL_THREE.includes(way))
    console.log(
      `${name}: ${outages} outages, ${published} published, ${lines.length - gaps.length} told, ` +
        `${gaps.length} gaps (${gaps.reduce((sum, one) => sum + one, 0)} events), ${found.length} faults; ` +
        `resumed ${topics.reduce((sum, { resumed }) => sum + resumed, 0)} times, ${resyncs} resyncs; ` +
        `${sends.acknowledged.length} of ${sends.handed} own messages acknowledged; ` +
        `${ways.length} lines, ${ways.filter((way, n) => n > 0 && way !== ways[n - 1]).length} changes of transport`,
    )
    faults.push(...found.slice(0, 5).map((fault) => `${name}: ${fault}`))
  }
  return faults
}

const gapsOf = ({ told }: Account) =>
  Object.values(told).flatMap(({ lines }) => lines.filter((line) => 'to' in line))

test.concurrent(
  `R15 R16 I29 in ${OUTAGES} outages of a stream of ${PER_SECOND} messages a second nothing is lost, doubled or out of order, on each transport and through changes of transport; what is sent is in the log once`,
  async ({ onTestFinished }) => {
    const stage = await enter(onTestFinished, { topics: ['chat', 'clock'], ring: LARGE_RING })
    const ending = await play(stage, planOutages(seededRandom(SEED), OUTAGES))
    expect(await judge(stage.desks, OUTAGES, ending)).toEqual([])
    const { published, logs } = ending
    const numbers = logs['chat']!.map(({ data }) => data).filter((data) => typeof data === 'number')
    expect(numbers).toEqual(Array.from({ length: published }, (_, n) => n + 1))
    for (const desk of stage.desks) expect(gapsOf(await desk.account()), desk.name).toEqual([])
    const { states } = await stage.desks.at(-1)!.account()
    expect(states.map(({ name }) => name)).toEqual(expect.arrayContaining([...ALL_THREE]))
  },
  OUTAGES * OUTAGE_WITHIN_MS + 60_000,
)

test.concurrent(
  `I29 in ${RING_OUTAGES} outages what the ring has lost is told as gaps that are just as long as what is missing, on each transport; nothing is doubled`,
  async ({ onTestFinished }) => {
    const stage = await enter(onTestFinished, { topics: ['chat'], ring: SMALL_RING })
    // Who is not subscribed yet misses nothing.
    await stage.until('subscribed', ({ last }) => last['chat']! >= 0)
    /** On a busy machine the stream is slow: it lasts until the ring has moved on. */
    async function untilMoved(ms: number) {
      const before = stage.published()
      await wait(ms)
      while (stage.published() < before + 2 * SMALL_RING) await wait(20)
    }
    const { published, logs } = await (isSoak
      ? play(stage, planOutages(seededRandom(SEED + 1), RING_OUTAGES))
      : play(stage, [{ kind: 'refuse', ms: 1_000, calmMs: 0 }], untilMoved))
    const known = new Map(logs['chat']!.map((event) => [event.offset, event]))
    // Nothing else is in this log, and it begins with 1.
    const chat = Array.from(
      { length: endOf(logs['chat']!) },
      (_, n): Logged => known.get(n + 1) ?? { offset: n + 1 },
    )
    expect(await judge(stage.desks, RING_OUTAGES, { published, logs: { chat } })).toEqual([])
    for (const desk of stage.desks) {
      const account = await desk.account()
      expect(gapsOf(account).length, desk.name).toBeGreaterThanOrEqual(RING_OUTAGES / GAP_IN_OUTAGES)
      expect(account.resyncs, desk.name).toBeGreaterThan(0)
    }
  },
  RING_OUTAGES * OUTAGE_WITHIN_MS + 60_000,
)
