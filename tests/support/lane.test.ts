import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { seededRandom } from '../../mocks/random.js'
import { data, syn } from '../../mocks/retransmission.js'
import { type Freight, type LaneOptions, createLane, nextSentAt } from './proxy/lane.js'
import { type LaneFaults, UNHURT } from './proxy/lane-faults.js'

/** A lane on a manual clock, with what came out and when (ms from the start). */
function lane(options: Partial<LaneOptions> = {}) {
  const clock = manualClock(0)
  const out: [number, string][] = []
  const say = (freight: Freight) => (freight.kind === 'bytes' ? String(freight.bytes) : freight.kind)
  let faults = UNHURT
  const it = createLane({
    clock,
    random: seededRandom(1),
    first: 'data',
    faults: () => faults,
    deliver: (freight) => out.push([clock.now(), say(freight)]),
    ...options,
  })
  return {
    clock,
    out,
    it,
    set(next: Partial<LaneFaults>) {
      faults = { ...UNHURT, ...next }
      it.changed()
    },
    send: (text: string) => it.take({ kind: 'bytes', bytes: Buffer.from(text) }),
  }
}

const cut = (after: number, how: 'end' | 'reset') => ({ fault: {}, after, how, head: how === 'reset' })

describe('a lane', () => {
  test('delivers in the very call where nothing is in the way', () => {
    const { send, out, it } = lane()
    send('one')
    it.take({ kind: 'end' })
    expect(out).toEqual([[0, 'one'], [0, 'end']]) // prettier-ignore
  })

  test('latency: what is on its way stays late when it ends, and nothing overtakes it', async () => {
    const { send, out, set, clock } = lane()
    set({ latencies: [{ ms: 100, jitterMs: 0 }, { ms: 20, jitterMs: 0 }] }) // prettier-ignore
    send('slow')
    await clock.advance(50)
    set({})
    send('fast')
    await clock.advance(1000)
    expect(out).toEqual([[120, 'slow'], [120, 'fast']]) // prettier-ignore
  })

  test('a body is truncated so many bytes from its beginning, a connection so many from when that begins', () => {
    for (const [isBody, passed] of [
      [true, 'ef'],
      [false, 'efgh'],
    ] as const) {
      const { send, out, set } = lane({ isBody })
      send('abcd')
      set({ cuts: [cut(6, 'end')] })
      send('efgh')
      expect(out.slice(0, 2)).toEqual([[0, 'abcd'], [0, passed]]) // prettier-ignore
      expect(out.length).toBe(isBody ? 3 : 2)
    }
  })

  test('jitter: each within its bounds, all in order, whatever comes when', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(60), { minLength: 2, maxLength: 20 }), async (gaps) => {
        const { send, out, set, clock } = lane()
        set({ latencies: [{ ms: 50, jitterMs: 40 }] })
        const sentAt: number[] = []
        for (const [number, gap] of gaps.entries()) {
          await clock.advance(gap)
          sentAt.push(clock.now())
          send(`${number};`)
        }
        await clock.advance(200)
        expect(out.map(([, text]) => text)).toEqual(gaps.map((_, number) => `${number};`))
        for (const [number, [at]] of out.entries()) {
          expect(at - sentAt[number]!).toBeGreaterThanOrEqual(10)
          expect(at - sentAt[number]!).toBeLessThanOrEqual(90)
        }
        expect(clock.pending()).toBe(0)
      }),
      { numRuns: 30 },
    )
  })

  test('bandwidth: n bytes take n / rate, a piece each 20 ms, and the end comes behind the last', async () => {
    const { send, out, set, it, clock } = lane()
    set({ kBps: 10 })
    send('x'.repeat(1000))
    it.take({ kind: 'end' })
    await clock.advance(50)
    expect(out.map(([at, text]) => [at, text.length])).toEqual([[20, 200], [40, 200]]) // prettier-ignore
    await clock.advance(1000)
    expect(out.slice(-2).map(([at, text]) => [at, text.length])).toEqual([[100, 200], [100, 3]]) // prettier-ignore
    send('later than')
    await clock.advance(1)
    expect(out.at(-1)).toEqual([1051, 'later than'])
  })

  test('black hole: what is held goes on at the next retransmission, counted from when it was sent into it', async () => {
    for (const [first, expected] of [
      ['data', 3150 + 250],
      ['syn', 2040 + 250],
    ] as const) {
      // prettier-ignore
      const { send, out, set, clock } = lane({ first })
      set({ held: true })
      await clock.advance(250)
      send('one')
      await clock.advance(1000)
      send('two')
      await clock.advance(750)
      set({})
      await clock.advance(5000)
      expect(out).toEqual([[expected, 'one'], [expected, 'two']]) // prettier-ignore
    }
  })

  test('black hole: one that begins again before the retransmission swallows that, too', async () => {
    const { send, out, set, clock } = lane()
    set({ held: true })
    send('one')
    await clock.advance(1000)
    set({})
    await clock.advance(100)
    set({ held: true })
    await clock.advance(900)
    set({})
    await clock.advance(10_000)
    // 0.21, 0.63, 1.47 s are in a hole; at 3.15 s it is through.
    expect(out).toEqual([[3150, 'one']])
  })

  test('black hole: a kernel that has given up cuts the connection', async () => {
    const { send, out, set, clock } = lane({ first: 'syn' })
    set({ held: true })
    send('one')
    await clock.advance(200_000)
    set({})
    expect(out).toEqual([[200_000, 'reset']])
  })

  test('a cut counts from when it is in force, and nothing comes after it', () => {
    for (const how of ['end', 'reset'] as const) {
      const { send, out, set } = lane()
      send('before')
      set({ cuts: [cut(5, how), cut(9, how)] })
      for (const text of ['123', '4567', '8']) send(text)
      expect(out.map(([, text]) => text)).toEqual(['before', '123', '45', how])
    }
  })

  test('a reset of nothing spares not even the head; the end of a body of nothing does', () => {
    const outcomes = (['reset', 'end'] as const).map((how) => {
      const { out, it, set } = lane()
      set({ cuts: [cut(0, how)] })
      it.take({ kind: 'head' })
      it.take({ kind: 'bytes', bytes: Buffer.from('body') })
      return out.map(([, text]) => text)
    })
    expect(outcomes).toEqual([['reset'], ['head', 'end']])
  })

  test('lost and stopped ones deliver nothing any more and hold no timer', async () => {
    for (const end of ['lose', 'stop'] as const) {
      const { send, out, set, it, clock } = lane()
      set({ latencies: [{ ms: 10, jitterMs: 0 }] })
      send('on its way')
      it[end]()
      send('after')
      set({})
      await clock.advance(1000)
      expect([out, clock.pending(), it.backlog]).toEqual([[], 0, 0])
    }
  })
})

test('retransmissions come within 0.35 s, or a tenth, of those measured on a real kernel', () => {
  // Sent at 0.25 s into the hole; seconds after the hole's end: docs/spec/simulator.md.
  for (const [holeS, synS, dataS] of [
    [2, 0.28, 1.58],
    [5, 0.37, 1.88],
    [20, 15.83, 6.87],
  ] as const) {
    const after = (kernel: typeof syn) => (nextSentAt(kernel, 250, holeS * 1000) - holeS * 1000) / 1000
    expect(Math.abs(after(syn) - synS)).toBeLessThan(Math.max(0.35, synS / 10))
    expect(Math.abs(after(data) - dataS)).toBeLessThan(Math.max(0.35, dataS / 10))
  }
})

test('a retransmission is never in the past, and never twice as late as it could be', () => {
  fc.assert(
    fc.property(fc.constantFrom(syn, data), fc.nat(1e6), fc.nat(2e6), (kernel, sentAt, laterMs) => {
      const at = nextSentAt(kernel, sentAt, sentAt + laterMs)
      expect(at).toBeGreaterThanOrEqual(sentAt + laterMs)
      if (at === Infinity) expect(laterMs).toBeGreaterThan(kernel.sentMs.at(-1)!)
      else expect(at).toBeLessThanOrEqual(sentAt + 2 * laterMs + 120_000)
    }),
  )
})
