import { expect, test } from 'vitest'
import { rig } from './rig.js'

const LANES = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

async function backlog(more: object = {}) {
  const desk = await rig({ isDown: true, ...more })
  for (const lane of LANES) await desk.add(lane, { lane })
  /** Answers everything that is out, and says how many there were. */
  const round = async (status?: number) => {
    const out = desk.calls.filter(({ signal }) => !signal.aborted).slice(done)
    done += out.length
    for (const call of out) {
      if (status) call.status(status)
      else call.ok()
    }
    await desk.clock.settle()
    return out.length
  }
  let done = 0
  return { ...desk, round }
}

test('after an outage 1, 2, 4 lanes send side by side, and never more than `parallel` (ux-38)', async () => {
  const { connection, clock, round } = await backlog()
  connection.up()
  await clock.settle()
  expect([await round(), await round(), await round(), await round()]).toEqual([1, 2, 4, 0])
})

test('a wider `parallel` is reached the same way, a narrow one is kept', async () => {
  const wide = await backlog({ parallel: 7 })
  wide.connection.up()
  await wide.clock.settle()
  for (const lane of LANES) await wide.add(`${lane}2`, { lane })
  expect([await wide.round(), await wide.round(), await wide.round(), await wide.round()]).toEqual([
    1, 2, 4, 7,
  ])
  const narrow = await backlog({ parallel: 2 })
  narrow.connection.up()
  await narrow.clock.settle()
  expect([await narrow.round(), await narrow.round(), await narrow.round()]).toEqual([1, 2, 2])
})

test('a page that starts with the link up does not begin with one: nothing was lost', async () => {
  const desk = await rig()
  for (const lane of LANES) await desk.add(lane, { lane })
  expect(desk.sent()).toEqual(['a', 'b', 'c', 'd'])
})

test('a server that asks to wait is met with one again', async () => {
  const desk = await rig()
  for (const lane of LANES) await desk.add(lane, { lane })
  desk.calls[0]!.status(503, { 'retry-after': '1' })
  await desk.clock.settle()
  for (const call of desk.calls.slice(1, 4)) call.status(503, { 'retry-after': '1' })
  await desk.clock.settle()
  const before = desk.calls.length
  await desk.clock.advance(10_000)
  expect(desk.calls.length - before).toBe(1)
})

test('n of m: it counts what is confirmed of what was accepted, stops on loss, and goes on (ux-37, ux-45)', async () => {
  const { connection, clock, round, queue } = await backlog()
  const progress = () => `${queue.facts.sent} of ${queue.facts.total}`
  expect(progress()).toBe('0 of 7')
  connection.up()
  await clock.settle()
  await round()
  expect(progress()).toBe('1 of 7')
  connection.down()
  await clock.settle()
  await clock.advance(60_000)
  expect(progress()).toBe('1 of 7')
  connection.up()
  await clock.settle()
  // From one again: the second outage says nothing good about the server.
  expect([await round(), await round(), await round()]).toEqual([1, 2, 3])
  expect(progress()).toBe('7 of 7')
})
