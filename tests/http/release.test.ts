/** After an outage: who was held goes out paced, the important first, and the same question once. */
import { isCancel, type AxiosRequestConfig } from 'axios'
import { expect, test } from 'vitest'
import { createRig, rejection, watch, type Rig } from './rig.js'

const urlsOf = (rig: Rig) => rig.net.sent.map(({ config }) => config.url)
const openOf = (rig: Rig) => rig.net.sent.filter((sent) => sent.isOpen())

/** Answers everything that is in the air. */
async function answerAll(rig: Rig, status = 200): Promise<void> {
  for (const sent of openOf(rig)) sent.answer(status)
  await rig.clock.settle()
}

async function holdMany(rig: Rig, count: number, config: AxiosRequestConfig = {}) {
  await rig.online()
  await rig.lose()
  const asked = Array.from({ length: count }, (_, at) => watch(rig.api.get(`/${at}`, config)))
  await rig.clock.settle()
  return asked
}

test('B09: held requests go out one, then two, four and eight at a time, as good answers come', async () => {
  const rig = createRig()
  const asked = await holdMany(rig, 15)
  await rig.recover()
  const widths: number[] = []
  while (rig.net.open > 0) {
    widths.push(rig.net.open)
    await answerAll(rig)
  }
  expect(widths).toEqual([1, 2, 4, 8])
  expect(asked.every(({ state }) => state === 'resolved')).toBe(true)
  expect(rig.facts.held).toBe(0)
})

test('a bad answer halves the width, so that a server that gets up with pain is not run over', async () => {
  const rig = createRig({ retries: 0 })
  await holdMany(rig, 15)
  await rig.recover()
  await answerAll(rig)
  await answerAll(rig)
  expect(rig.net.open).toBe(4)
  await answerAll(rig, 500)
  expect(rig.net.open).toBe(1)
  rig.http.detach()
})

test('one slow answer does not hold up the others: after a second without any, one more goes out', async () => {
  const rig = createRig()
  await holdMany(rig, 5)
  await rig.recover()
  expect(rig.net.open).toBe(1)
  await rig.clock.advance(999)
  expect(rig.net.open).toBe(1)
  await rig.clock.advance(1)
  expect(rig.net.open).toBe(2)
  await rig.clock.advance(1_000)
  expect(rig.net.open).toBe(3)
  rig.http.detach()
})

test('a declared poll waits for no turn, and nobody waits for it', async () => {
  const rig = createRig()
  await rig.online()
  await rig.lose()
  watch(rig.api.get('/poll', { holdfast: { stalledMs: Infinity } }))
  watch(rig.api.get('/orders'))
  await rig.recover()
  expect(urlsOf(rig)).toEqual(['/poll', '/orders'])
  rig.http.detach()
})

test('prefetches go last, however early they were asked', async () => {
  const rig = createRig()
  await rig.online()
  await rig.lose()
  watch(rig.api.get('/later', { holdfast: { priority: 'prefetch' } }))
  await rig.clock.advance(1)
  for (const url of ['/a', '/b', '/c']) watch(rig.api.get(url))
  await rig.recover()
  while (rig.net.open > 0) await answerAll(rig)
  expect(urlsOf(rig)).toEqual(['/a', '/b', '/c', '/later'])
})

test('what is asked after the outage passes those who wait for their turn', async () => {
  const rig = createRig()
  await holdMany(rig, 5)
  await rig.recover()
  watch(rig.api.get('/new'))
  await rig.clock.settle()
  expect(urlsOf(rig)).toEqual(['/0', '/new'])
  rig.http.detach()
})

test('a loss in the middle of a release holds the rest again, in order, and begins with one', async () => {
  const rig = createRig()
  const asked = await holdMany(rig, 6)
  await rig.recover()
  await answerAll(rig)
  expect(urlsOf(rig)).toEqual(['/0', '/1', '/2'])
  await rig.lose()
  expect(rig.net.open).toBe(0)
  expect(rig.facts.held).toBe(5)
  await rig.clock.advance(500)
  expect(rig.net.sent).toHaveLength(3)
  await rig.recover()
  expect(rig.net.open).toBe(1)
  while (rig.net.open > 0) await answerAll(rig)
  expect(urlsOf(rig).slice(3)).toEqual(['/1', '/2', '/3', '/4', '/5'])
  expect(asked.every(({ times, state }) => times === 1 && state === 'resolved')).toBe(true)
})

test('one who is cancelled on his turn leaves it to the next', async () => {
  const rig = createRig()
  await rig.online()
  await rig.lose()
  const controller = new AbortController()
  const { signal } = controller
  watch(rig.api.get('/0'))
  const gone = watch(rig.api.get('/1', { signal }))
  const next = watch(rig.api.get('/2'))
  await rig.recover()
  controller.abort()
  await rig.clock.settle()
  await answerAll(rig)
  await answerAll(rig)
  expect(gone.state).toBe('rejected')
  expect(next.state).toBe('resolved')
  expect(urlsOf(rig)).toEqual(['/0', '/2'])
})

test('the same read, held by many, is sent once, and each has an answer of its own', async () => {
  const rig = createRig()
  await rig.online()
  await rig.lose()
  const ask = () => rig.api.get<{ ok: boolean }>('/orders', { params: { page: 2 } })
  const asked = [ask(), ask(), ask()]
  asked.forEach(watch)
  const other = watch(rig.api.get('/orders', { params: { page: 3 } }))
  await rig.recover()
  while (rig.net.open > 0) await answerAll(rig)
  expect(rig.net.sent).toHaveLength(2)
  expect(other.state).toBe('resolved')
  const answers = await Promise.all(asked)
  expect(answers.map(({ data }) => data)).toEqual([{ ok: true }, { ok: true }, { ok: true }])
  expect(new Set(answers.map(({ data }) => data)).size).toBe(3)
  expect(new Set(answers.map(({ config }) => config)).size).toBe(3)
  expect(answers.map(({ headers }) => headers['content-type'])).toEqual(Array(3).fill('application/json'))
})

test.each<[string, AxiosRequestConfig]>([
  ['another token', { headers: { Authorization: 'Bearer other' } }],
  ['another Accept', { headers: { Accept: 'text/csv' } }],
  ['another base', { baseURL: 'https://api.test/v2' }],
  ['a rule of its own for success', { validateStatus: () => true }],
  ['an ear for progress', { onDownloadProgress: () => {} }],
  ['a stream for an answer', { responseType: 'stream' }],
  ['another person’s password', { auth: { username: 'bob', password: 'secret' } }],
  ['cookies', { withCredentials: true }],
  ['a patience of its own', { timeout: 50 }],
  ['another priority', { holdfast: { priority: 'prefetch' } }],
  ['a write', { method: 'post' }],
])('a request with %s is not the same', async (_title, config) => {
  const rig = createRig()
  await rig.online()
  await rig.lose()
  watch(rig.api.get('/orders'))
  watch(rig.api.request({ url: '/orders', ...config }))
  await rig.recover()
  while (rig.net.open > 0) await answerAll(rig)
  expect(rig.net.sent).toHaveLength(2)
})

test('one who is cancelled does not cancel the others, whether he asks for all or waits for one who does', async () => {
  const rig = createRig()
  await rig.online()
  await rig.lose()
  const [leader, follower] = [new AbortController(), new AbortController()]
  const asked = [leader, follower, null, null].map((one) =>
    watch(rig.api.get('/orders', one ? { signal: one.signal } : {})),
  )
  await rig.recover()
  expect(rig.net.sent).toHaveLength(1)
  follower.abort()
  await rig.clock.settle()
  expect(asked.map(({ state }) => state)).toEqual(['pending', 'rejected', 'pending', 'pending'])
  leader.abort()
  await rig.clock.settle()
  expect(rig.net.sent).toHaveLength(2)
  await answerAll(rig)
  expect(asked.map(({ state }) => state)).toEqual(['rejected', 'rejected', 'resolved', 'resolved'])
  expect(asked.slice(0, 2).every(({ value }) => isCancel(value))).toBe(true)
})

test('a refusal is everybody’s, and each has an error of his own', async () => {
  const rig = createRig()
  await rig.online()
  await rig.lose()
  const asked = [1, 2].map(() => rejection(rig.api.get('/orders')))
  await rig.recover()
  rig.net.last.answer(404, '{"why":"gone"}')
  const [one, other] = await Promise.all(asked)
  expect(rig.net.sent).toHaveLength(1)
  for (const error of [one, other]) {
    expect(error).toMatchObject({
      message: 'Request failed with status code 404',
      isAxiosError: true,
      response: { status: 404, data: { why: 'gone' } },
      holdfast: { outcome: 'rejected', attempts: 1, why: 'final' },
    })
    expect(error).toBeInstanceOf(Error)
  }
  expect(one).not.toBe(other)
  expect(one?.config).not.toBe(other?.config)
})

test('one who leads through a second loss asks again for all', async () => {
  const rig = createRig()
  await rig.online()
  await rig.lose()
  const asked = [1, 2, 3].map(() => watch(rig.api.get('/orders')))
  await rig.recover()
  await rig.lose()
  await rig.recover()
  expect(rig.net.sent).toHaveLength(2)
  await answerAll(rig)
  expect(asked.map(({ state, times }) => [state, times])).toEqual(Array(3).fill(['resolved', 1]))
})

test('taken off in the middle of a release, nobody is sent any more and everybody hears of it', async () => {
  const rig = createRig()
  const asked = await holdMany(rig, 4)
  const same = watch(rig.api.get('/0'))
  await rig.recover()
  rig.http.detach()
  await answerAll(rig)
  expect(rig.net.sent).toHaveLength(1)
  expect([...asked, same].map(({ times }) => times)).toEqual([1, 1, 1, 1, 1])
  rig.connection.stop()
  await rig.clock.settle()
  expect(rig.clock.pending()).toBe(0)
})
