import { expect, test } from 'vitest'
import type { AuthPort } from '../../src/core/state.js'
import { rig } from './rig.js'

const auth: AuthPort = { token: () => null, refresh: async () => {} }

test('while refreshes are lost a 401 is no refusal: it is repeated, ever more slowly, with its key (I17)', async () => {
  const desk = await rig({ auth })
  await desk.add('one')
  for (let n = 0; n < 12; n++) {
    desk.last().status(401)
    await desk.clock.settle()
    // The refresh could not be asked for.
    desk.connection.set({ auth: 'unknown' })
    await desk.clock.advance(60_000)
  }
  expect(desk.states()).toEqual(['one sending'])
  expect(new Set(desk.calls.map(({ key }) => key)).size).toBe(1)
  const waits = desk.calls.map(({ at }, n) => at - (desk.calls[n - 1]?.at ?? at))
  expect(waits.at(-1)).toBeGreaterThanOrEqual(60_000)
})

test('lost refreshes do not use up the patience with what comes after them', async () => {
  const desk = await rig({ auth })
  await desk.add('one')
  for (let n = 0; n < 8; n++) {
    desk.last().status(401)
    await desk.clock.settle()
    desk.connection.set({ auth: 'unknown' })
    await desk.clock.advance(60_000)
  }
  desk.last().status(500)
  await desk.clock.advance(60_000)
  expect(desk.states()).toEqual(['one sending'])
})

test('one wave of 401s asks for one refresh: what was sent with the old token goes again at once (I17)', async () => {
  const desk = await rig({ auth })
  await desk.add('a', { lane: 'a' })
  await desk.add('b', { lane: 'b' })
  desk.calls[0]!.status(401)
  await desk.clock.settle()
  desk.connection.set({ auth: 'valid' })
  await desk.clock.settle()
  desk.calls[1]!.status(401)
  await desk.clock.settle()
  expect(desk.connection.events).toEqual([{ type: 'UNAUTHORIZED' }])
  expect(desk.sent()).toEqual(['a', 'b', 'a', 'b'])
})
