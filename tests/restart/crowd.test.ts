/**
 * Sockets, streams and polls, 100 of each and 1,000 of each in the soak, that all listen while a publisher publishes
 * and the server is ended (SIGTERM) or killed (SIGKILL) and started again on the same database.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { seededRandom } from '../../mocks/random.js'
import { type Guest, KINDS, type Kind, startGuest } from './campaign/guest.js'
import { type Held, type MeasuredApi, startMeasured } from './campaign/measured.js'
import { type Publisher, startPublisher } from './campaign/publisher.js'

const OF_EACH = import.meta.env.MODE === 'soak' ? 1_000 : 100
/** Each answers all polls, and they ask again: more of them would be a test of its load limits. */
const EVENTS_PER_S = OF_EACH > 500 ? 2 : 8
const RESTART_S = 1
/** Polls that are told of it poll on meanwhile: time for all of them to be there again. */
const PRE_STOP_MS = OF_EACH * 2 + 300
/** The server's default: what a place in the row adds is 5 ms. */
const RETURN_CAPACITY = 200
/** Those who come for the first time do so at this rate: a kernel queues 511 dials of one port. */
const ARRIVALS_AT_ONCE = 50
/** For each wait for the whole crowd, on a busy machine. */
const PATIENCE_MS = 120_000
const MB = 1024 * 1024

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

/** Resolves when all are so; rejects at the end of the patience with the first that is not. */
async function all(guests: readonly Guest[], what: string, isSo: (guest: Guest) => boolean) {
  const giveUpAt = performance.now() + PATIENCE_MS
  for (;;) {
    const behind = guests.filter((guest) => !isSo(guest))
    if (behind.length === 0) return
    if (performance.now() > giveUpAt) {
      const { kind, frames, endings } = behind[0]!
      const said = JSON.stringify([frames().slice(-3), endings])
      throw new Error(`${behind.length} never ${what}; one of them, a ${kind}: ${said}`)
    }
    await wait(50)
  }
}

/** Lets a crowd come; resolves when each of them listens. */
async function gather(origin: string, seed: string): Promise<Guest[]> {
  const random = seededRandom(seed)
  const guests: Guest[] = []
  stops.push(() => Promise.all(guests.map((guest) => guest.leave())))
  const kinds: Kind[] = Array.from({ length: OF_EACH }, () => KINDS).flat()
  for (let n = 0; n < kinds.length; n += ARRIVALS_AT_ONCE) {
    for (const [place, kind] of kinds.slice(n, n + ARRIVALS_AT_ONCE).entries())
      guests.push(startGuest(origin, kind, random.fork(`guest${n + place}`)))
    await all(guests, 'came', ({ cameAt }) => cameAt.length > 0)
  }
  await all(guests, 'was told where it begins', ({ frames }) => frames().some(({ type }) => type !== 'DRAIN'))
  return guests
}

/** What must not have been told, and what was heard other than 1 to `published`, each once. */
function faultsOf({ kind, frames }: Guest, published: number): string[] {
  const said = frames()
  const faults = said
    .filter(({ type }) => ['GAP', 'RESET', 'ERROR'].includes(type))
    .map((frame) => `a ${kind} was told ${JSON.stringify(frame)}`)
  const numbers = said.filter(({ type }) => type === 'EVENT').map(({ data }) => data)
  const due = Array.from({ length: published }, (_, n) => n + 1)
  if (String(numbers) !== String(due))
    faults.push(`a ${kind} heard ${numbers.length} of ${published}: ${numbers}`)
  return faults
}

interface Run {
  readonly guests: readonly Guest[]
  readonly published: number
  /** From the end of the old process until all listen to the new one, ms. */
  readonly backAfterMs: number
  readonly before: Held
  readonly crowded: Held
  /** When all have left; and when another crowd has come and left. */
  readonly left: Held
  readonly leftAgain: Held
}

async function run(signal: 'SIGTERM' | 'SIGKILL'): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
  stops.push(() => rm(folder, { recursive: true, force: true }))
  const settings = {
    db: join(folder, 'orders.db'),
    'pre-stop-ms': PRE_STOP_MS,
    'retry-after-s': RESTART_S,
    'return-capacity': RETURN_CAPACITY,
  }
  let api: MeasuredApi = await startMeasured({ ...settings, port: 0 })
  const { origin, port } = api
  stops.push(() => api.stop())
  const before = await api.held()
  const guests = await gather(origin, signal)
  const publisher: Publisher = startPublisher(origin, EVENTS_PER_S)
  stops.push(publisher.stop)
  await all(guests, 'heard anything', ({ last }) => last() > 0)

  api.signal(signal)
  expect(await api.ended).toEqual(
    signal === 'SIGTERM' ? { code: 0, signal: null } : { code: null, signal: 'SIGKILL' },
  )
  const endedAt = performance.now()
  const publishedBefore = publisher.published()
  api = await startMeasured({ ...settings, port })
  await all(guests, 'came back', ({ cameAt }) => cameAt.length > 1)
  const backAfterMs = performance.now() - endedAt
  await all(guests, 'heard of what came after', ({ last }) => last() > publishedBefore + 1)
  const published = await publisher.stop()
  await all(guests, 'heard the last one', ({ last }) => last() === published)
  const crowded = await api.heldWith(guests.length)

  await Promise.all(guests.map((guest) => guest.leave()))
  const left = await api.heldWith(0)
  const others = await gather(origin, 'others')
  await Promise.all(others.map((guest) => guest.leave()))
  const leftAgain = await api.heldWith(0)
  return { guests, published, backAfterMs, before, crowded, left, leftAgain }
}

const inMb = (bytes: number) => (bytes / MB).toFixed(1)

function tell(signal: string, { guests, published, backAfterMs, ...held }: Run) {
  const rows = Object.entries(held).map(
    ([when, { rss, heap, files, connections }]) =>
      `${when}: heap ${inMb(heap)} MB, rss ${inMb(rss)} MB, ${files} files, ${connections} connections`,
  )
  console.log(
    `${signal}, ${OF_EACH} sockets, ${OF_EACH} streams, ${OF_EACH} polls: ${guests.length * published} events ` +
      `heard (${published} each), all back ${(backAfterMs / 1000).toFixed(1)} s after the end\n  ${rows.join('\n  ')}`,
  )
}

function check({ guests, published, before, left, leftAgain, crowded }: Run) {
  expect(guests.flatMap((guest) => faultsOf(guest, published)).slice(0, 5)).toEqual([])
  expect(crowded.connections).toBe(guests.length)
  for (const { connections, files } of [left, leftAgain])
    expect([connections, files]).toEqual([0, before.files])
  // What is loaded and made once stays; a second crowd adds nothing to it.
  expect((left.heap - before.heap) / MB).toBeLessThan(5)
  expect((leftAgain.heap - left.heap) / MB).toBeLessThan(1)
  // What an allocator keeps for the next crowd is not given back to the system; a leak takes as much again.
  expect((leftAgain.rss - left.rss) / MB).toBeLessThan(Math.max(32, (crowded.rss - before.rss) / MB / 2))
}

/** Each socket and stream was told to come back at a time of its own, a place in the row apart. */
function checkTickets(guests: readonly Guest[]) {
  const told = (kinds: readonly Kind[]) =>
    guests.filter(({ kind }) => kinds.includes(kind)).map(({ endings }) => endings[0]!)
  for (const { code, wasClean } of told(['socket'])) expect([code, wasClean]).toEqual([1012, true])
  for (const { wasClean } of told(['stream'])) expect(wasClean).toBe(true)

  const tickets = told(['socket', 'stream'])
    .map(({ retryAfterMs }) => retryAfterMs ?? NaN)
    .toSorted((a, b) => a - b)
  const gaps = tickets.slice(1).map((at, place) => at - tickets[place]!)
  // A timer may be early by what a clock of whole milliseconds hides.
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000 / RETURN_CAPACITY - 1)
  expect(tickets[0]).toBeGreaterThanOrEqual(RESTART_S * 1000)
  expect(tickets.at(-1)).toBeLessThanOrEqual(1000 * (RESTART_S + guests.length / RETURN_CAPACITY))
  // A poll is told while the server drains, with the events that answer it, or at the end.
  expect(told(['poll']).filter(({ retryAfterMs }) => retryAfterMs === null)).toEqual([])
  const own = new Set(told(KINDS).map(({ retryAfterMs }) => retryAfterMs)).size
  console.log(
    `  told to come back after ${tickets[0]} to ${tickets.at(-1)} ms: ` +
      `${own} different times for ${guests.length}; ` +
      `${mostInASecond(tickets)} at most in one second, ${mostInASecond(guests.map(({ cameAt }) => cameAt[1]!))} came`,
  )
}

/** The most of these instants, in ms, that lie within one second. */
function mostInASecond(instants: readonly number[]): number {
  const inOrder = instants.toSorted((a, b) => a - b)
  let first = 0
  return Math.max(
    ...inOrder.map((at, place) => {
      while (inOrder[first]! <= at - 1000) first += 1
      return place - first + 1
    }),
  )
}

test(
  `I29 I30 R08 ${OF_EACH} sockets, streams and polls each survive a SIGTERM: no event lost or doubled, and each socket and stream has a turn of its own`,
  async () => {
    const result = await run('SIGTERM')
    tell('SIGTERM', result)
    check(result)
    checkTickets(result.guests)
  },
  5 * PATIENCE_MS,
)

test(
  `I29 ${OF_EACH} sockets, streams and polls each survive a SIGKILL: they resume, no event lost or doubled`,
  async () => {
    const result = await run('SIGKILL')
    tell('SIGKILL', result)
    check(result)
  },
  5 * PATIENCE_MS,
)
