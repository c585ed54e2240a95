/** What holds for a line of whichever transport, whatever the network does to it. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fault } from '../../mocks/faults.js'
import type { Clock } from '../../src/core/clock.js'
import type { Transport } from '../../src/live/line.js'
import { createLineDesk, listen, requestOf, TRANSPORTS } from './line-desk.js'
import { eventStream } from '../../src/live/event-stream.js'
import { longPoll } from '../../src/live/long-poll.js'
import { webSocket } from '../../src/live/websocket.js'

/** A desk that counts what its lines have asked for, and their timers apart from those of the network. */
function createCountingDesk() {
  const desk = createLineDesk()
  const { clock, at } = desk
  let timers = 0
  let asked = 0
  const fetch: typeof globalThis.fetch = (...given) => {
    asked += 1
    return desk.fetch(...given)
  }
  class WebSocket extends desk.WebSocket {
    constructor(...given: ConstructorParameters<typeof globalThis.WebSocket>) {
      asked += 1
      super(...given)
    }
  }
  const counting: Clock = {
    ...clock,
    setTimeout(run, delayMs) {
      let state: 'set' | 'over' = 'set'
      const over = () => {
        if (state === 'set') timers -= 1
        state = 'over'
      }
      timers += 1
      const cancel = clock.setTimeout(() => (over(), run()), delayMs)
      return () => (over(), cancel())
    },
  }
  const lines = {
    websocket: () => listen(webSocket({ WebSocket }), requestOf('/ws'), { clock: counting, at }),
    'event-stream': () => listen(eventStream({ fetch }), requestOf('/sse'), { clock: counting, at }),
    'long-poll': () => listen(longPoll({ fetch }), requestOf('/poll'), { clock: counting, at }),
  }
  return {
    ...desk,
    timers: () => timers,
    asked: () => asked,
    begin: (transport: Transport) => lines[transport](),
  }
}

const faults: fc.Arbitrary<Fault> = fc.constantFrom<Fault>(
  { type: 'refuse' },
  { type: 'blackhole' },
  { type: 'lost' },
  { type: 'reset' },
  { type: 'reset', afterBytes: 150 },
  { type: 'truncate', bytes: 100 },
  { type: 'latency', ms: 3000 },
  { type: 'bandwidth', kBps: 0.05 },
  { type: 'status', code: 503, retryAfter: 3 },
  { type: 'status', code: 404 },
  { type: 'unauthorized' },
  { type: 'portal' },
  { type: 'offline' },
  { type: 'close', code: 1012, reason: '{"retryAfterMs":500}' },
  { type: 'close', code: 1006, clean: false },
  { type: 'drop' },
)

interface Step {
  readonly name: 'fault' | 'calm' | 'publish' | 'wait' | 'drain' | 'kill'
  readonly fault: Fault
  readonly ms: number
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    name: fc.constantFrom<Step['name']>(
      'fault',
      'fault',
      'calm',
      'publish',
      'publish',
      'wait',
      'drain',
      'kill',
    ),
    fault: faults,
    ms: fc.constantFrom(0, 1, 20, 40, 200, 1000, 12_000, 40_000),
  }),
  { maxLength: 8 },
)

describe.each(TRANSPORTS)('%s', (transport) => {
  test('P: it ends at most once, tells nothing after that or after its drop, and leaves nothing', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(steps, fc.boolean(), async (walk, isDropped) => {
        const { clock, network, api, begin, timers, asked } = createCountingDesk()
        // `listen` throws at whatever is told too early or too late.
        const told = begin(transport)
        for (const { name, fault, ms } of walk) {
          if (name === 'fault') network.apply(fault)
          if (name === 'calm') network.calm()
          if (name === 'publish') api.publish('chat', 'x'.repeat(50))
          if (name === 'drain') network.restart.graceful({ drainMs: 300, downMs: 1000 })
          if (name === 'kill') network.restart.kill({ downMs: 500 })
          await clock.advance(ms)
        }
        if (isDropped) told.line.drop()
        if (isDropped || told.end) {
          seen.add(told.end ? told.end.verdict : 'dropped')
          expect(timers()).toBe(0)
          expect(told.line.send('x')).toBe(false)
          const before = asked()
          network.calm()
          await clock.advance(130_000)
          expect(asked()).toBe(before)
          expect(network.pending).toBe(0)
        }
        expect(told.news.filter(({ type }) => type === 'end').length).toBeLessThanOrEqual(1)
        const opens = told.news.findIndex(({ type }) => type === 'open')
        expect(told.news.slice(0, Math.max(0, opens))).toEqual([])
        expect(told.news.filter(({ type }) => type === 'open').length).toBeLessThanOrEqual(1)
        network.dispose()
      }),
      { numRuns: 100 },
    )
    expect([...seen]).toEqual(expect.arrayContaining(['again', 'dropped']))
  })

  test('offsets of what is told go up by one, whatever is cut', async () => {
    let events = 0
    await fc.assert(
      fc.asyncProperty(steps, async (walk) => {
        const { clock, network, api, begin } = createCountingDesk()
        const told = begin(transport)
        await clock.advance(50)
        told.line.send('{"type":"SUBSCRIBE","topic":"chat"}')
        await clock.advance(50)
        for (const { name, fault, ms } of walk) {
          // Only faults under which a connection keeps what it carries.
          if (name === 'fault' && fault.type !== 'drop') network.apply(fault)
          if (name === 'publish') api.publish('chat', 'x'.repeat(50))
          await clock.advance(ms)
        }
        const offsets = told.messages
          .map((data) => JSON.parse(String(data)) as { type: string; offset: number })
          .filter(({ type }) => type === 'EVENT')
          .map(({ offset }) => offset)
        expect(offsets).toEqual(offsets.map((_, index) => index + 1))
        events += offsets.length
        told.line.drop()
        network.dispose()
      }),
    )
    expect(events).toBeGreaterThan(20)
  })
})
