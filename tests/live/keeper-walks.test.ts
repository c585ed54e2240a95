import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endpointOf } from '../../src/live/endpoints.js'
import type { Verdict } from '../../src/live/line.js'
import { createRoutes } from '../../src/live/routes.js'
import { must } from './dial-walk.js'
import {
  createRig,
  numberedTokens,
  sleepyClock,
  type Attempt,
  type Rig,
  type RigOptions,
} from './keeper-rig.js'

const WALKS = import.meta.env.MODE === 'soak' ? 10_000 : 1_000

const act = <T>(of: fc.Arbitrary<T>, run: (rig: Rig, value: T) => unknown) =>
  of.map((value) => ({ run: (rig: Rig) => run(rig, value) }))

const attemptOf = ({ attempts }: Rig, roll: number): Attempt | undefined =>
  attempts[Math.max(0, attempts.length - 1 - Math.floor(roll * 3))]

const roll = fc.double({ min: 0, max: 0.999, noNaN: true })

/** What can happen to a keeper: also what older attempts, which nobody hears any more, still tell. */
const move = fc.oneof(
  act(
    fc.constantFrom('WAKE', 'VISIBLE', 'HIDDEN', 'NAV_ONLINE', 'NAV_OFFLINE', 'UNAUTHORIZED', 'SIGNED_IN'),
    (rig, type) => rig.connection.send({ type } as never),
  ),
  act(fc.constant(null), (rig) => rig.connection.send({ type: 'SUSPICION', cause: 'server' })),
  act(fc.boolean(), (rig, isUp) => (rig.server.isUp = isUp)),
  act(fc.constantFrom('online', 'offline', 'online'), (rig, intent) =>
    rig.connection.setIntent(intent as 'online'),
  ),
  act(fc.constantFrom('start', 'stop', 'retryNow', 'prove', 'noticed'), (rig, how) =>
    rig.keeper[how as 'start'](),
  ),
  act(fc.constant(null), (rig) => rig.keeper.reopen('x')),
  act(fc.boolean(), (rig, isUrgent) => {
    const stop = rig.keeper.need(isUrgent ? 'unacknowledged' : 'subscribed')
    rig.later(5_000, stop)
  }),
  { weight: 2, arbitrary: act(roll, (rig, value) => attemptOf(rig, value)?.tell({ type: 'open' })) },
  act(roll, (rig, value) => attemptOf(rig, value)?.tell({ type: 'message', data: 'x' })),
  act(roll, (rig, value) => attemptOf(rig, value)?.tell({ type: 'retry', retryMs: 3_000 })),
  {
    weight: 2,
    arbitrary: act(
      fc.record({
        value: roll,
        verdict: fc.constantFrom<Verdict>(
          'again',
          'later',
          'needs-auth',
          'session-lost',
          'fatal',
          'unsuitable',
        ),
        hint: fc.option(fc.constant(2_000), { nil: undefined }),
      }),
      (rig, { value, verdict, hint }) =>
        attemptOf(rig, value)?.end({ verdict, ...(hint === undefined ? {} : { retryAfterMs: hint }) }),
    ),
  },
  act(fc.integer({ min: 0, max: 40_000 }), (rig, ms) => rig.sleep(ms)),
  { weight: 3, arbitrary: act(fc.integer({ min: 0, max: 1_500 }), (rig, ms) => rig.advance(ms)) },
  act(fc.integer({ min: 0, max: 90_000 }), (rig, ms) => rig.advance(ms)),
)

const A = endpointOf('https://a.example/')
const B = endpointOf('https://b.example/')
const SHAPES: readonly (readonly [name: string, most: number, options: Partial<RigOptions>])[] = [
  ['one way', 1, {}],
  [
    'several ways, one line beside the other while it is handed over',
    2,
    { makeRoutes: (make) => createRoutes([make('websocket'), make('event-stream')], [A, B]) },
  ],
]

it.each(SHAPES)(
  'I19, I20, I34: random walks with %s: no line too many, nothing from older attempts, nothing left',
  async (_name, most, options) => {
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 30, size: 'max' }), fc.nat(), async (moves, seed) => {
        const clock = sleepyClock()
        const rig: Rig = createRig({
          seed,
          clock,
          onOpen: () => {},
          auth: numberedTokens(50, () => clock),
          ...options,
        })
        rig.connection.start()
        rig.keeper.start()
        for (const { run } of moves) {
          await run(rig)
          check(rig, most)
        }
        rig.keeper.stop()
        must(rig.alive().length === 0, 'a line after stop')
        must(rig.listeners() === 0, 'listens after stop')
        rig.connection.stop()
        const before = rig.news.length
        await rig.advance(100_000)
        must(rig.clock.pending() === 0, `${rig.clock.pending()} timers after stop`)
        must(rig.news.length === before, 'news after stop')
      }),
      { numRuns: WALKS / 2 },
    )
  },
  120_000,
)

function check(rig: Rig, most: number): void {
  const alive = rig.alive()
  const { name } = rig.keeper.state
  must(alive.length <= most, `${alive.length} lines`)
  const mayHave = name === 'dialling' || name === 'greeting' || name === 'open'
  must(mayHave || alive.length === 0, `${name} with a line`)
  must(name !== 'greeting' && name !== 'open' ? true : alive.length > 0, `${name} without a line`)
  const generations = rig.news.flatMap((told) =>
    'generation' in told && told.type === 'opened' ? [told.generation] : [],
  )
  must(
    generations.every((number, index) => index === 0 || number > generations[index - 1]!),
    'opened twice',
  )
}

describe('never a hot loop: dials in any minute of an hour', () => {
  it.each<[what: string, most: number, onOpen: NonNullable<RigOptions['onOpen']>]>([
    ['that ends at once', 8, (attempt, { later }) => later(0, () => attempt.end())],
    [
      'that opens, is proven and ends at once, as behind a proxy that kills sockets',
      9,
      (attempt, { later }) =>
        later(1, () => {
          attempt.tell({ type: 'open' })
          attempt.end()
        }),
    ],
    ['that never answers', 7, () => {}],
    [
      'that is always too busy',
      8,
      (attempt, { later }) => later(0, () => attempt.end({ verdict: 'later', status: 503 })),
    ],
    [
      'that is always too busy and names no wait at all',
      8,
      (attempt, { later }) => later(0, () => attempt.end({ verdict: 'later', status: 503, retryAfterMs: 0 })),
    ],
    [
      'that does not work here',
      8,
      (attempt, { later }) => later(0, () => attempt.end({ verdict: 'unsuitable' })),
    ],
    ['that ends the day', 1, (attempt, { later }) => later(0, () => attempt.end({ verdict: 'fatal' }))],
    [
      'that lives 4 s each time',
      12,
      (attempt, { later }) => {
        later(1, () => attempt.tell({ type: 'open' }))
        later(4_000, () => attempt.end())
      },
    ],
  ])('a server %s: at most %i', async (_what, most, onOpen) => {
    const rig = createRig({ onOpen })
    await rig.open()
    await rig.advance(3_600_000)
    const starts = rig.attempts.map(({ at }) => at)
    const perMinute = starts.map((from) => starts.filter((at) => at >= from && at < from + 60_000).length)
    expect(Math.max(...perMinute)).toBeLessThanOrEqual(most)
    if (most > 1) expect(rig.at() - starts.at(-1)!).toBeLessThan(60_000)
  })

  it('a person who clicks and a page that is shown and hidden all the time: at most one a second', async () => {
    const rig = createRig({ onOpen: (attempt, { later }) => later(0, () => attempt.end()) })
    await rig.open()
    for (let count = 0; count < 600; count += 1) {
      await rig.advance(100)
      rig.keeper.retryNow()
      rig.connection.send({ type: 'HIDDEN' })
      rig.connection.send({ type: 'VISIBLE' })
    }
    expect(rig.attempts.length).toBeLessThanOrEqual(62)
  })
})

it.each([1_000, 3_000, 4_900])(
  'I23: a link that is up for %i ms at a time, and whose sockets fail: no more dials a minute than ups, and a few',
  async (upMs) => {
    const rig = createRig({ onOpen: (attempt, { later }) => later(1, () => attempt.end()) })
    await rig.open()
    for (let at = 0; at < 600_000; at += upMs + 3_000) {
      rig.server.isUp = true
      rig.connection.send({ type: 'GOOD_ANSWER', startedAt: rig.clock.now() })
      await rig.advance(upMs)
      rig.server.isUp = false
      rig.connection.send({ type: 'SUSPICION', cause: 'server' })
      await rig.advance(3_000)
    }
    const starts = rig.attempts.map(({ at }) => at)
    const perMinute = starts.map((from) => starts.filter((at) => at >= from && at < from + 60_000).length)
    expect(Math.max(...perMinute)).toBeLessThanOrEqual(Math.ceil(60_000 / (upMs + 3_000)) + 6)
  },
)

it('after an outage that lasts the first wait is a second again, whatever had failed before it', async () => {
  let isRefused = false
  const rig = createRig({
    onOpen: (attempt, { later }) =>
      later(40, () => (isRefused ? attempt.end() : attempt.tell({ type: 'open' }))),
  })
  await rig.open()
  isRefused = true
  rig.last().end()
  await rig.advance(300_000)
  const longest = rig.attempts.at(-1)!.at - rig.attempts.at(-2)!.at
  expect(longest).toBeGreaterThan(14_000)
  rig.server.isUp = false
  rig.connection.send({ type: 'SUSPICION', cause: 'server' })
  await rig.advance(60_000)
  const before = rig.attempts.length
  rig.server.isUp = true
  rig.connection.send({ type: 'NAV_ONLINE' })
  await rig.advance(4_000)
  const [first, second] = rig.attempts.slice(before)
  expect(first).toBeDefined()
  expect(second!.at - first!.at).toBeLessThanOrEqual(1_500 + 41)
})

describe('a crowd', () => {
  /** All are in use, and told the same at the same moment; the link stays up, since other instances serve. */
  async function sentAway(hintOf: (place: number) => number | undefined, clients = 1_000) {
    const clock = sleepyClock()
    const rigs = Array.from({ length: clients }, (_, seed) => createRig({ seed, clock, heartbeat: null }))
    for (const rig of rigs) {
      rig.connection.start()
      rig.keeper.start()
    }
    await clock.advance(10_000)
    const goneAt = rigs[0]!.at()
    rigs.forEach((rig, place) => {
      const hint = hintOf(place)
      rig.last().end({ verdict: 'later', code: 1012, ...(hint === undefined ? {} : { retryAfterMs: hint }) })
    })
    await clock.advance(20_000)
    const backAt = rigs.map((rig) => rig.attempts[1]!.at - goneAt)
    const inSecondFrom = (from: number) => backAt.filter((at) => at >= from && at < from + 1_000).length
    return { rigs, backAt, most: Math.max(...backAt.map(inSecondFrom)) / clients }
  }

  it.each([
    ['places of its own, 200 a second', (place: number) => 2_000 + 5 * place],
    ['the same ticket for all', () => 10_000],
  ])(
    'I22, I30: after 1012 with %s nobody comes before his ticket, and no second sees a fifth of them',
    async (_what, hintOf) => {
      const { backAt, most } = await sentAway(hintOf)
      backAt.forEach((at, place) => expect(at).toBeGreaterThanOrEqual(hintOf(place)))
      expect(most).toBeLessThanOrEqual(0.2)
    },
    60_000,
  )

  it('I22, I30: after 1012 without a ticket they are spread, too', async () => {
    const { rigs, most } = await sentAway(() => undefined, 250)
    expect(most).toBeLessThanOrEqual(0.25)
    expect(rigs.every(({ attempts }) => attempts.length === 2)).toBe(true)
  }, 60_000)

  it('the ticket stands, whatever wakes the page; only a person goes before it', async () => {
    const rig = createRig()
    await rig.open()
    await rig.advance(10_000)
    rig.last().end({ verdict: 'later', code: 1012, retryAfterMs: 30_000 })
    for (const type of ['WAKE', 'NAV_ONLINE', 'HIDDEN', 'VISIBLE'] as const) rig.connection.send({ type })
    await rig.advance(29_900)
    expect(rig.attempts).toHaveLength(1)
    rig.keeper.retryNow()
    await rig.advance(40)
    expect(rig.keeper.state.name).toBe('open')
  })

  it('a notice on an open line is a ticket, too: the line serves on, and is not dialled before', async () => {
    const rig = createRig()
    await rig.open()
    await rig.advance(10_000)
    rig.keeper.noticed(8_000)
    expect(rig.events).toContainEqual({ type: 'SUSPICION', cause: 'planned', hintMs: 8_000 })
    expect(rig.keeper.state.name).toBe('open')
    await rig.advance(1_000)
    rig.last().end({ code: 1000, wasClean: true })
    await rig.advance(6_900)
    expect(rig.attempts).toHaveLength(1)
    await rig.advance(8_000)
    expect(rig.attempts).toHaveLength(2)
  })
})
