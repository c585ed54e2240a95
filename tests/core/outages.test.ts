import { expect, test } from 'vitest'
import { createConnection } from '../../src/core/connection.js'
import type { OutageReport } from '../../src/core/state.js'
import { createRig, watch } from '../http/rig.js'

const setUp = () => {
  const told: OutageReport[] = []
  return { told, rig: createRig({ onOutage: (outage) => told.push(outage), holdMs: 3_000 }) }
}

test('B12: an outage is told once it is over: since when, until when, why, and what it did to requests', async () => {
  const { told, rig } = setUp()
  await rig.online()
  await rig.clock.advance(10_000)
  const since = rig.clock.now()
  await rig.lose()
  watch(rig.api.get('/gives-up'))
  await rig.clock.advance(2_500)
  const kept = watch(rig.api.get('/kept'))
  await rig.clock.advance(600)
  expect(told).toEqual([])
  await rig.recover()
  const healedAt = rig.connection.state.link.name === 'online' ? rig.connection.state.link.since : 0
  expect(told).toEqual([{ since, healedAt, cause: 'server', held: 2, lost: 1 }])
  expect(kept.state).toBe('pending')
  rig.http.detach()
})

test('B12: a queued write that finds the link down is not lost, and an answer that comes meanwhile is one', async () => {
  const { told, rig } = setUp()
  await rig.online()
  const answered = watch(rig.api.post('/answered', {}))
  await rig.clock.settle()
  await rig.lose()
  watch(rig.api.post('/queued', {}, { holdfast: { key: 'k1' } }))
  rig.net.last.answer(422)
  await rig.clock.settle()
  expect(answered.state).toBe('rejected')
  await rig.recover()
  expect(told).toMatchObject([{ held: 0, lost: 0 }])
})

test('B12: each outage is counted by itself, and a request that is held twice in one is one', async () => {
  const { told, rig } = setUp()
  await rig.online()
  watch(rig.api.get('/orders'))
  await rig.clock.settle()
  await rig.lose()
  await rig.recover()
  await rig.clock.advance(10_000)
  rig.net.last.answer()
  await rig.clock.settle()
  await rig.lose()
  await rig.recover()
  expect(told.map(({ held, lost }) => [held, lost])).toEqual([
    [1, 0],
    [0, 0],
  ])
})

test('B12: a suspicion that came to nothing, a stop and being offline by choice are no outages', async () => {
  const { told, rig } = setUp()
  await rig.online()
  rig.connection.send({ type: 'SUSPICION', cause: 'server' })
  await rig.clock.settle()
  await rig.lose()
  rig.connection.setIntent('offline')
  rig.health = { kind: 'good' }
  rig.connection.setIntent('online')
  await rig.clock.settle()
  await rig.lose()
  rig.connection.stop()
  rig.health = { kind: 'good' }
  rig.connection.start()
  await rig.clock.settle()
  expect(rig.link).toBe('online')
  expect(told).toEqual([])
})

test('B12: the cause is the one that was seen last', async () => {
  const { told, rig } = setUp()
  await rig.online()
  await rig.lose()
  rig.health = { kind: 'portal' }
  await rig.clock.advance(1_000)
  await rig.recover()
  expect(told.map(({ cause }) => cause)).toEqual(['portal'])
})

test('onOutage that is no function is refused, and named', () => {
  const probe = () => Promise.resolve({ kind: 'good' } as const)
  expect(() => createConnection({ probe, onOutage: 5 as never })).toThrow(
    /createConnection\.onOutage is 5; allowed: a function/,
  )
})
