/** Whatever a fetch takes: Requests, bodies of every kind, and what the platform alone understands. */
import { expect, test } from 'vitest'
import { isHoldfastError } from '../../src/core/errors.js'
import { createHand, watch } from './hand.js'
import { BASE, createRig } from './rig.js'

async function start(options = {}) {
  const hand = createHand()
  const rig = createRig({ fetch: hand.fetch, ...options })
  await rig.online()
  return { ...rig, hand, fetch: rig.http.fetch }
}

const url = `${BASE}/orders`

test('while the link is up the platform’s fetch is called in the same turn, as `keepalive` needs at the end of a page', async () => {
  const { fetch, hand } = await start()
  void fetch(url, { method: 'POST', body: 'bye', keepalive: true })
  expect(hand.calls).toHaveLength(1)
  expect(hand.last.request.keepalive).toBe(true)
})

test('a read goes out with nothing added, an unsafe request with its key alone', async () => {
  const { fetch, hand, clock } = await start()
  void fetch(url)
  expect([...hand.last.request.headers]).toEqual([])
  void fetch(url, { method: 'post', headers: { 'X-Own': '1' } })
  await clock.settle()
  const [key, own, ...rest] = [...hand.last.request.headers]
  expect([key?.[0], own, rest]).toEqual(['idempotency-key', ['x-own', '1'], []])
})

test('options of the platform, and those that only this fetch knows, reach it on every attempt', async () => {
  const { fetch, hand, clock } = await start()
  const init = {
    ...{ redirect: 'manual', credentials: 'include', cache: 'no-store', mode: 'cors' },
    ...{ referrerPolicy: 'no-referrer', integrity: 'sha256-x', next: { revalidate: 1 } },
  } as RequestInit
  void fetch(url, init)
  hand.last.answer(503)
  await clock.advance(1_100)
  expect(hand.calls).toHaveLength(2)
  for (const call of hand.calls) expect(call.init).toMatchObject(init)
})

test('marks do not reach the platform', async () => {
  const { fetch, hand } = await start()
  void fetch(url, { holdfast: { stalledMs: Infinity } })
  void fetch(url, { holdfast: false })
  for (const { init } of hand.calls) expect(init).not.toHaveProperty('holdfast')
})

test('a Request is sent with all it has, again too, and is used up at once', async () => {
  const { fetch, hand, clock } = await start({ idempotency: 'honoured' })
  const headers = { 'Content-Type': 'text/plain', 'X-Own': '1' }
  const looks = {
    redirect: 'manual',
    credentials: 'include',
    referrerPolicy: 'origin',
    referrer: '',
  } as const
  const request = new Request(url, { method: 'PUT', body: 'seven', headers, ...looks })
  const answered = watch(fetch(request))
  expect(request.bodyUsed).toBe(true)
  hand.last.fail()
  await clock.advance(1_100)
  expect(hand.calls).toHaveLength(2)
  for (const { request: sent } of hand.calls) {
    expect(sent).toMatchObject({ method: 'PUT', url, ...looks })
    expect(Object.fromEntries(sent.headers)).toMatchObject({ 'content-type': 'text/plain', 'x-own': '1' })
    expect(await sent.text()).toBe('seven')
  }
  const keys = hand.calls.map(({ request: sent }) => sent.headers.get('idempotency-key'))
  expect(keys[0]).toMatch(/^".+"$/)
  expect(keys[1]).toBe(keys[0])
  hand.last.answer(204)
  await clock.settle()
  expect(answered.value).toMatchObject({ status: 204 })
})

test('an init goes before its Request', async () => {
  const { fetch, hand } = await start()
  const request = new Request(url, { method: 'PUT', body: 'old', headers: { a: '1' } })
  void fetch(request, { method: 'PATCH', body: 'new', headers: { b: '2' } })
  expect(hand.last.request.method).toBe('PATCH')
  expect(await hand.last.request.text()).toBe('new')
  expect(hand.last.request.headers.get('a')).toBeNull()
  expect(hand.last.request.headers.get('b')).toBe('2')
})

test('a Request is used up while it is held, too, and its bytes are those of then', async () => {
  const rig = createRig()
  await rig.online()
  await rig.lose()
  const bytes = new TextEncoder().encode('seven')
  const request = new Request(url, { method: 'POST', body: 'six' })
  const asked = [watch(rig.http.fetch(request)), watch(rig.ask('/orders', { method: 'POST', body: bytes }))]
  expect(request.bodyUsed).toBe(true)
  bytes.fill(0)
  await rig.recover()
  await rig.clock.advance(2_000)
  expect(asked.map(({ state }) => state)).toEqual(['resolved', 'resolved'])
  expect(rig.got.map(({ body }) => body).sort()).toEqual(['seven', 'six'])
})

test('I03: a form is the same bytes in every attempt, its boundary too', async () => {
  const rig = createRig({ idempotency: 'honoured' })
  await rig.online()
  rig.network.apply({ type: 'failTimes', n: 2, fault: { type: 'reset', only: { path: '/orders' } } })
  const form = new FormData()
  form.set('photo', new File(['pixels'], 'photo.png', { type: 'image/png' }))
  const asked = watch(rig.ask('/orders', { method: 'POST', body: form }))
  form.set('photo', 'changed')
  await rig.clock.advance(10_000)
  expect(asked).toMatchObject({ state: 'resolved', value: { status: 201 } })
  const bodies = rig.got.map(({ body }) => body)
  expect(bodies).toHaveLength(3)
  expect(bodies[0]).toContain('pixels')
  expect(new Set(bodies).size).toBe(1)
  expect(new Set(rig.got.map(({ headers }) => headers['content-type'])).size).toBe(1)
})

test.each([
  ['a string', () => 'a=1', 'text/plain;charset=UTF-8'],
  ['a query', () => new URLSearchParams({ a: '1' }), 'application/x-www-form-urlencoded;charset=UTF-8'],
  ['a Blob', () => new Blob(['a=1'], { type: 'image/png' }), 'image/png'],
  ['bytes', () => new TextEncoder().encode('a=1'), null],
])('%s as a body is repeated as it is, with the type that the platform gives it', async (_, bodyOf, type) => {
  const { fetch, hand, clock } = await start()
  void fetch(url, { method: 'POST', body: bodyOf(), headers: { 'X-Own': '1' } })
  hand.last.answer(503)
  await clock.advance(1_100)
  expect(hand.calls).toHaveLength(2)
  for (const { request } of hand.calls) {
    expect(await request.text()).toBe('a=1')
    expect(request.headers.get('content-type')).toBe(type)
  }
})

test('I27: a stream is sent once, as it comes, and never again', async () => {
  const { fetch, hand, clock } = await start({ idempotency: 'honoured' })
  const body = new Blob(['once']).stream()
  const asked = watch(fetch(url, { method: 'POST', body, duplex: 'half' } as RequestInit))
  expect(await hand.last.request.text()).toBe('once')
  hand.last.answer(503)
  await clock.advance(10_000)
  expect(hand.calls).toHaveLength(1)
  expect(asked).toMatchObject({ state: 'resolved', value: { status: 503 } })
})

test('a stream that was never sent may wait for the link', async () => {
  const rig = createRig()
  await rig.online()
  await rig.lose()
  const body = new Blob(['once']).stream()
  const asked = watch(rig.ask('/orders', { method: 'POST', body, duplex: 'half' } as RequestInit))
  await rig.recover()
  expect(asked.state).toBe('resolved')
  expect(rig.got[0]?.body).toBe('once')
})

test('a single attempt sends the Request itself: nothing is copied that nobody repeats', async () => {
  const { fetch, hand } = await start()
  const request = new Request(url, { method: 'POST', body: 'big' })
  let clones = 0
  const { clone } = Request.prototype
  Request.prototype.clone = function (this: Request) {
    clones += 1
    return clone.call(this)
  }
  try {
    void fetch(request, { holdfast: { key: 'k' } })
  } finally {
    Request.prototype.clone = clone
  }
  expect(clones).toBe(0)
  expect(hand.last.request.headers.get('idempotency-key')).toBe('"k"')
  expect(hand.last.request.redirect).toBe('manual')
})

test.each<[string, () => [RequestInfo, RequestInit?]]>([
  ['a GET with a body', () => [url, { body: 'x' }]],
  ['a mode that does not exist', () => [url, { mode: 'sideways' as RequestMode }]],
  ['a method that does not exist', () => [url, { method: 'GE T' }]],
  ['a header that cannot be', () => [url, { headers: { 'a b': '1' } }]],
  [
    'a Request that was used',
    () => {
      const request = new Request(url, { method: 'POST', body: 'x' })
      void request.text()
      return [request]
    },
  ],
])('%s rejects with the platform’s TypeError at once, and is no evidence', async (_, given) => {
  const { fetch, clock, events } = await start()
  const before = events.length
  const asked = watch(fetch(...given()))
  await clock.settle()
  expect(asked.state).toBe('rejected')
  expect(asked.value).toBeInstanceOf(TypeError)
  expect(events).toHaveLength(before)
})

test('an answer that nobody will get is let go, so that it keeps no connection', async () => {
  const { fetch, hand, clock } = await start()
  let cancelled = 0
  const body = () => new ReadableStream({ cancel: () => void (cancelled += 1) })
  const asked = watch(fetch(url))
  hand.last.answer(503, body())
  await clock.settle()
  expect(cancelled).toBe(0)
  await clock.advance(1_100)
  expect(cancelled).toBe(1)
  hand.last.answer(404, body())
  await clock.settle()
  expect(asked.value).toMatchObject({ status: 404, bodyUsed: false })
  expect(cancelled).toBe(1)
})

test('the answer of a request that is held in vain is let go too', async () => {
  const { fetch, hand, clock, lose } = await start()
  let cancelled = 0
  const asked = watch(fetch(url))
  hand.last.answer(503, new ReadableStream({ cancel: () => void (cancelled += 1) }))
  await lose()
  await clock.advance(120_000)
  expect(isHoldfastError(asked.value, 'gave-up')).toBe(true)
  expect(hand.calls).toHaveLength(1)
  expect(cancelled).toBe(1)
})
