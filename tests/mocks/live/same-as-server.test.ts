import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Clock } from '../../../src/core/clock.js'
import { converse as simulated } from '../../../mocks/live/conversation.js'
import { createCrowd } from '../../../mocks/live/crowd.js'
import { createFeed } from '../../../mocks/live/feed.js'
import {
  createSend as simulatedSend,
  tickWhileHeard,
  type Access,
  type Guest,
  type Live,
} from '../../../mocks/live/live.js'
import { openDatabase } from '../../../server/database.js'
import { createIdempotency } from '../../../server/idempotency.js'
import { createAudience } from '../../../server/live/audience.js'
import { tickWhileHeard as realTick } from '../../../server/live/clock-topic.js'
import { converse as real, sendAway } from '../../../server/live/conversation.js'
import { createEventLog } from '../../../server/live/event-log.js'
import { createHub } from '../../../server/live/hub.js'
import { createSend as realSend } from '../../../server/live/publish.js'
import { handTime } from '../../server/hand-time.js'

const LIMITS = { heartbeatMs: 25_000, frameBytes: 65_536, framesPerS: 12 }
const START_AT = 1_000_000
/** So few that a walk meets it. */
const MOST_LISTENERS = 2

/** One side: conversations that are begun, spoken to, and what they say. */
interface Side {
  readonly epoch: string
  begin(
    say: (frame: string) => void,
    close: (code: number, reason: string) => void,
  ): { hear(text: string): void; stop(): void }
  publish(topic: 'chat' | 'orders', data: unknown): void
  drain(retryAfterMs: number): void
  advance(ms: number): void
  reset(): void
}

const check = (token: string): Access =>
  ({
    good: { name: 'valid' as const, user: 'ada', expiresAt: START_AT + 5000 },
    other: { name: 'valid' as const, user: 'bob', expiresAt: START_AT + 60_000 },
    old: { name: 'expired' as const },
    lost: { name: 'unknown' as const },
  })[token] ?? { name: 'malformed' }

function realSide(withAuth: boolean): Side {
  const time = handTime(START_AT)
  const database = openDatabase(':memory:')
  const log = createEventLog(database, { ring: 4 })
  const hub = createHub(log)
  const audience = createAudience({ most: MOST_LISTENERS, heartbeatMs: LIMITS.heartbeatMs, time })
  const send = realSend(log, createIdempotency(database, time.now))
  const limits = { ...LIMITS, outgoingBytes: 262_144, pollMs: 25_000 }
  const live = { boot: 'boot-1', hub, audience, send, time, limits, check: withAuth ? check : null }
  realTick(hub, time, () => {})
  return {
    get epoch() {
      return log.end().epoch
    },
    begin(say, close) {
      const busy = audience.refusal()
      if (busy) {
        sendAway(close, busy)
        return { hear() {}, stop() {} }
      }
      let leave = () => {}
      const talk: ReturnType<typeof real> = real(live, {
        say,
        close(code, reason) {
          talk.stop()
          leave()
          close(code, reason)
        },
        roomy: () => true,
      })
      // As a socket of the server's does: it is greeted, and then joins.
      leave = audience.join({
        drain: (ms: number) => say(JSON.stringify({ type: 'DRAIN', retryAfterMs: ms })),
        isToldLate: true,
        end() {},
        forget() {},
        destroy() {},
        beat() {},
      })
      return { hear: talk.hear, stop: () => (talk.stop(), leave()) }
    },
    publish: (topic, data) => void log.append(topic, data),
    drain: (retryAfterMs) => audience.streams.announce(() => retryAfterMs),
    advance: time.advance,
    reset: hub.reset,
  }
}

function simulatedSide(withAuth: boolean): Side {
  const time = handTime(START_AT)
  const clock: Clock = {
    now: time.now,
    setTimeout: (run, ms) => time.after(ms, run),
    track: (promise) => promise,
  }
  const feed = createFeed(4, 'e1')
  let draining: number | null = null
  let epochs = 1
  const guests = new Set<Guest>()
  const crowd = createCrowd(clock)
  const live: Live = {
    ...{
      feed,
      clock,
      boot: () => 'boot-1',
      ...LIMITS,
      check: withAuth ? check : null,
      send: simulatedSend(feed),
    },
    takeTurn: () => draining,
    refusal: () => (guests.size >= MOST_LISTENERS ? crowd() : null),
    join(guest) {
      guests.add(guest)
      if (draining !== null && guest.isToldLate) guest.drain(draining)
      return () => void guests.delete(guest)
    },
  }
  tickWhileHeard(live)
  return {
    get epoch() {
      return feed.end().epoch
    },
    begin: (say, close) => simulated(live, { say, close }),
    publish: (topic, data) => void feed.append(topic, data),
    drain(ms) {
      draining = ms
      for (const guest of [...guests]) guest.drain(ms)
    },
    advance: time.advance,
    reset: () => feed.reset(`e${++epochs}`),
  }
}

type Move =
  | { readonly move: 'begin' | 'reset' }
  | { readonly move: 'say'; readonly which: number; readonly text: string }
  | { readonly move: 'leave'; readonly which: number }
  | { readonly move: 'publish'; readonly topic: 'chat' | 'orders' }
  | { readonly move: 'drain' | 'advance'; readonly ms: number }

const good = fc.constantFrom('chat', 'clock', 'orders')
const topic = fc.oneof({ weight: 30, arbitrary: good }, fc.constantFrom('nothing', '', 'a b'))
const cursor = fc.constantFrom(
  ...['', 'EPOCH:0', 'EPOCH:1', 'EPOCH:3', 'EPOCH:99', 'other:1', 'EPOCH:01', '{}', 'x'.repeat(300)],
)
const frame = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record(
      { type: fc.constant('SUBSCRIBE'), topic, cursor },
      { requiredKeys: ['type', 'topic'] },
    ),
  },
  {
    weight: 4,
    arbitrary: fc.record(
      {
        type: fc.constant('SEND'),
        id: fc.constantFrom(...'abcdefghijklmnopqrst'),
        topic: fc.constantFrom('chat', 'chat', 'clock', 'x'),
        data: fc.constantFrom(1, null, { a: [1] }),
      },
      { requiredKeys: ['type', 'topic', 'id'] },
    ),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('UNSUBSCRIBE'), topic }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('AUTH'),
      token: fc.constantFrom('good', 'good', 'good', 'good', 'good', 'other', 'old', 'lost', '?'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('PING', 'DANCE', '\u00e9') }) },
)
const text = fc.oneof(
  { weight: 60, arbitrary: frame.map((one) => JSON.stringify(one)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...[
        '',
        'nonsense',
        '[]',
        'null',
        '{}',
        '{"type":1}',
        '{"type":"PING","__proto__":{}}',
        '{"type":"PING"',
      ],
      ...[
        '['.repeat(40),
        `{"type":"PING","a":"${'['.repeat(40)}"}`,
        `{"type":"PING","a":${'['.repeat(31)}${']'.repeat(31)}}`,
      ],
      ...[`{"type":"PING","a":${'['.repeat(32)}${']'.repeat(32)}}`, '{"type":"PING","a":"\\"[[["}'],
    ),
  },
)
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ move: fc.constant('begin' as const) }) },
  { weight: 12, arbitrary: fc.record({ move: fc.constant('say' as const), which: fc.nat(2), text }) },
  { weight: 1, arbitrary: fc.record({ move: fc.constant('leave' as const), which: fc.nat(2) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      move: fc.constant('publish' as const),
      topic: fc.constantFrom('chat' as const, 'orders' as const),
    }),
  },
  { weight: 4, arbitrary: fc.record({ move: fc.constant('advance' as const), ms: fc.nat(4000) }) },
  { weight: 1, arbitrary: fc.constantFrom<Move>({ move: 'reset' }, { move: 'drain', ms: 3000 }) },
)

/** Everything that one side said, with the time, in order. */
function transcript(side: Side, moves: readonly Move[]): string[] {
  const lines: string[] = []
  const talks: { hear(text: string): void; stop(): void; state: 'open' | 'over' }[] = []
  let at = 0
  const plain = (said: string) => said.replaceAll(side.epoch, 'EPOCH')
  for (const one of moves) {
    if (one.move === 'begin') {
      const n = talks.length
      const say = (said: string) => lines.push(`${at} ${n} ${plain(said)}`)
      const talk = { hear: (_: string) => {}, stop: () => {}, state: 'open' as 'open' | 'over' }
      const close = (code: number, reason: string) => {
        talk.state = 'over'
        lines.push(`${at} ${n} close ${code} ${reason}`)
      }
      Object.assign(talk, side.begin(say, close))
      talks.push(talk)
    } else if (one.move === 'say' || one.move === 'leave') {
      const open = talks.filter(({ state }) => state === 'open')
      const talk = open[one.which % Math.max(1, open.length)]
      if (!talk) continue
      if (one.move === 'say') talk.hear(one.text.replaceAll('EPOCH', side.epoch))
      else {
        talk.stop()
        talk.state = 'over'
      }
    } else if (one.move === 'publish') side.publish(one.topic, { n: lines.length })
    else if (one.move === 'reset') side.reset()
    else if (one.move === 'drain') side.drain(one.ms)
    else if (one.move === 'advance') {
      at += one.ms
      side.advance(one.ms)
    }
  }
  return lines
}

test.each([{ withAuth: false }, { withAuth: true }])(
  'B07 whatever is said, the simulated service answers frame for frame as the reference server (auth: $withAuth)',
  ({ withAuth }) => {
    let said = 0
    let sentAway = 0
    fc.assert(
      fc.property(fc.array(move, { minLength: 20, maxLength: 80 }), (moves) => {
        const greeting: Move = { move: 'say', which: 0, text: '{"type":"AUTH","token":"good"}' }
        const all: Move[] = [{ move: 'begin' }, greeting, ...moves]
        const expected = transcript(realSide(withAuth), all)
        said += expected.length
        sentAway += expected.filter((line) => line.includes(' close 1013 ')).length
        expect(transcript(simulatedSide(withAuth), all)).toEqual(expected)
      }),
      { numRuns: 300, seed: 20_260_104 },
    )
    expect(said).toBeGreaterThan(1000)
    expect(sentAway).toBeGreaterThan(50)
  },
  60_000,
)

test('P6 whoever finds no room is told the same turn by both, in a row that moves on as fast', () => {
  const crowds = fc.array(fc.record({ come: fc.nat(500), ms: fc.nat(4000) }), { maxLength: 8 })
  fc.assert(
    fc.property(crowds, (all) => {
      const time = handTime(START_AT)
      const audience = createAudience({ most: 0, heartbeatMs: LIMITS.heartbeatMs, time })
      const take = createCrowd(time)
      for (const { come, ms } of all) {
        for (let n = 0; n < come; n++) expect(take()).toBe(audience.refusal()!.retryAfterS)
        time.advance(ms)
      }
      audience.stop()
    }),
    { numRuns: 30, seed: 20_260_105 },
  )
})
