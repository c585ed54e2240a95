import { expect, test } from 'vitest'
import { createLane } from '../../mocks/lane.js'
import { manualClock } from '../../mocks/manual-clock.js'
import { paceOf } from '../../mocks/pace.js'
import { syn } from '../../mocks/retransmission.js'

/** A lane of 20 ms that dials first, and a hole that can be opened and closed. */
function createTestLane() {
  const clock = manualClock()
  const startAt = clock.now()
  const arrived: string[] = []
  const hole = { open: false, gaveUp: -1, halfMs: 20, isNarrow: true }
  const lane = createLane<string>({
    pace: paceOf(clock),
    order: 1,
    first: syn,
    halfMs: () => hole.halfMs,
    wireMs: (_, bytes) => (hole.isNarrow ? bytes : 0),
    isHole: () => hole.open,
    onGaveUp: () => (hole.gaveUp = clock.now() - startAt),
  })
  const send = (target: string, bytes = 0) =>
    lane.send({ target, bytes, arrive: () => arrived.push(`${clock.now() - startAt} ${target}`) })
  return { clock, lane, send, arrived, hole }
}

test('the first packet dials, and is sent again as a SYN is; later ones as data is', async () => {
  const { clock, send, arrived, hole } = createTestLane()
  hole.open = true
  send('dial')
  await clock.advance(1000)
  hole.open = false
  await clock.advance(1000)
  hole.open = true
  send('data')
  await clock.advance(100)
  hole.open = false
  await clock.advance(1000)
  expect(arrived).toEqual(['1040 dial', '2230 data'])
})

test('what is on its way stays late when the latency ends, whatever is on its way before it', async () => {
  const { clock, send, arrived, hole } = createTestLane()
  hole.halfMs = 500
  send('a')
  await clock.advance(100)
  send('b')
  await clock.advance(100)
  hole.halfMs = 20
  await clock.advance(1000)
  expect(arrived).toEqual(['500 a', '600 b'])
})

test('the narrow place is the last one: what comes to it when it is wide again goes on at once, as in the fault proxy', async () => {
  const { clock, send, arrived, hole } = createTestLane()
  hole.halfMs = 500
  send('slow', 200)
  await clock.advance(900)
  send('late', 200)
  await clock.advance(100)
  hole.isNarrow = false
  await clock.advance(1000)
  expect(arrived).toEqual(['700 slow', '1400 late'])
})

test('what is sent waits for the wire, and what waits behind a lost packet follows it at once', async () => {
  const { clock, lane, send, arrived, hole } = createTestLane()
  send('dial')
  await clock.advance(100)
  send('a', 50)
  send('b', 30)
  expect(lane.queued).toBe(80)
  await clock.advance(900)
  expect(arrived.slice(1)).toEqual(['170 a', '200 b'])
  hole.open = true
  send('c')
  await clock.advance(100)
  send('d')
  hole.open = false
  await clock.advance(1000)
  expect(arrived.slice(3)).toEqual(['1230 c', '1230 d'])
  expect(lane.queued).toBe(0)
})

test('a sender that hopes no more is told once, and nothing arrives any more', async () => {
  const { clock, send, arrived, hole } = createTestLane()
  hole.open = true
  send('dial')
  send('behind')
  await clock.advance(1_000_000)
  hole.open = false
  send('later')
  await clock.advance(1000)
  expect(arrived).toEqual([])
  expect(hole.gaveUp).toBe(133_620)
  expect(clock.pending()).toBe(0)
})
