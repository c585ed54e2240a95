import { expect, test } from 'vitest'
import { attachHttp } from '../../src/http/index.js'
import axios from 'axios'
import { BASE, createRig, watch, type Rig } from './rig.js'

/** So many reads at once, each refused with 500. */
async function failMany(rig: Rig, count: number) {
  const asked = Array.from({ length: count }, (_, at) => watch(rig.api.get(`/${at}`)))
  await rig.clock.settle()
  for (const sent of [...rig.net.sent]) sent.answer(500)
  await rig.clock.settle()
  return asked
}

test('I25: of a hundred failures at once twenty are repeated; the others wait, and are not failed', async () => {
  const rig = createRig()
  await rig.online()
  const asked = await failMany(rig, 100)
  await rig.clock.advance(1_000)
  expect(rig.net.open).toBe(20)
  expect(asked.every(({ state }) => state === 'pending')).toBe(true)
  rig.http.detach()
})

test('I25: without a token a request waits for good answers, and goes when they have earned one', async () => {
  const rig = createRig()
  await rig.online()
  await failMany(rig, 40)
  await rig.clock.advance(1_000)
  const before = rig.net.sent.length
  expect(before).toBe(40 + 20)
  for (let good = 0; good < 10; good++) {
    watch(rig.api.get('/good'))
    await rig.clock.settle()
    rig.net.last.answer()
    await rig.clock.settle()
  }
  expect(rig.net.sent.length - before).toBe(11)
  rig.http.detach()
})

test('I25: where nothing else is asked it looks every 5 s, and a token returns every 10 s', async () => {
  const rig = createRig()
  await rig.online()
  const asked = await failMany(rig, 22)
  await rig.clock.advance(1_000)
  for (const sent of rig.net.sent) sent.answer()
  await rig.clock.settle()
  expect(asked.filter(({ state }) => state === 'pending')).toHaveLength(2)
  const before = rig.net.sent.length
  await rig.clock.advance(10_000)
  expect(rig.net.sent.length - before).toBe(1)
  await rig.clock.advance(10_000)
  expect(rig.net.sent.length - before).toBe(2)
  rig.http.detach()
})

test('I25: one who gets no token within holdMs is given its last error, and why', async () => {
  const rig = createRig({ holdMs: 7_000 })
  await rig.online()
  const asked = await failMany(rig, 30)
  await rig.clock.advance(8_001)
  const ended = asked.filter(({ state }) => state === 'rejected')
  expect(ended.length).toBeGreaterThan(0)
  expect(ended[0]?.value).toMatchObject({ response: { status: 500 }, holdfast: { why: 'budget-empty' } })
  rig.http.detach()
})

test('I25: all instances of a connection share one budget', async () => {
  const rig = createRig()
  await rig.online()
  const other = axios.create({ baseURL: BASE, adapter: rig.net.adapter })
  const http = attachHttp(other, { connection: rig.connection })
  await failMany(rig, 60)
  await rig.clock.advance(1_000)
  expect(rig.net.open).toBe(20)
  watch(other.get('/x'))
  await rig.clock.settle()
  rig.net.last.answer(500)
  await rig.clock.advance(1_000)
  expect(rig.net.open).toBe(20)
  http.detach()
  rig.http.detach()
})
