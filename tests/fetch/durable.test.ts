/** A write that is marked durable, from fetch into the queue, out of it, and back to its caller. */
import { HttpResponse } from 'msw'
import { expect, test } from 'vitest'
import { isHoldfastError } from '../../src/core/errors.js'
import { isQueued, sendFetch, type DurablePort, type DurableRequest } from '../../src/http/fetch.js'
import { createQueue, memoryStore } from '../../src/queue/index.js'
import { watch } from './hand.js'
import { BASE, createRig } from './rig.js'

/** A queue that keeps what it gets, and sends nothing by itself. */
function createPort() {
  const got: DurableRequest[] = []
  const ends: ((result: unknown) => void)[] = []
  const port: DurablePort = {
    enqueueRequest(request) {
      got.push(request)
      return new Promise((resolve, reject) =>
        ends.push((result) => (result instanceof Error ? reject(result) : resolve(result))),
      )
    },
  }
  return { port, got, end: (result: unknown) => ends.at(-1)?.(result) }
}

const durable = { label: 'Order 7', lane: 'orders' }

test('a durable write goes to the queue as plain data without secrets, and its promise is a Response', async () => {
  const { port, got, end } = createPort()
  const rig = createRig({ queue: port })
  await rig.online()
  const headers = { Authorization: 'Bearer secret', 'If-Match': '"3"', 'Content-Type': 'application/json' }
  const asked = watch(rig.ask('/orders/7?a=1', { method: 'PUT', body: '{"qty":2}', headers, durable }))
  await rig.clock.settle()
  expect(rig.attempts('/orders/7')).toBe(0)
  expect(got).toEqual([
    {
      handler: 'request',
      label: 'Order 7',
      lane: 'orders',
      payload: {
        method: 'put',
        url: `${BASE}/orders/7?a=1`,
        data: '{"qty":2}',
        headers: { 'Content-Type': 'application/json', 'If-Match': '"3"' },
      },
    },
  ])
  end({ status: 201, statusText: 'Created', headers: { etag: '"4"' }, data: '{"id":7}' })
  await rig.clock.settle()
  const answer = asked.value as Response
  expect([answer.status, answer.statusText, answer.headers.get('etag')]).toEqual([201, 'Created', '"4"'])
  expect(await answer.json()).toEqual({ id: 7 })
})

test.each<[string, RequestInit | Request, unknown, string | undefined]>([
  [
    'a query',
    { method: 'POST', body: new URLSearchParams({ a: '1' }) },
    'a=1',
    'application/x-www-form-urlencoded;charset=UTF-8',
  ],
  ['a Request', new Request(BASE, { method: 'POST', body: 'x' }), 'x', 'text/plain;charset=UTF-8'],
  [
    'a stream',
    { method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' } as RequestInit,
    undefined,
    undefined,
  ],
  ['an image', { method: 'POST', body: new Blob(['x'], { type: 'image/png' }) }, undefined, 'image/png'],
  ['nothing', { method: 'DELETE' }, undefined, undefined],
  [
    'text in another encoding',
    {
      method: 'POST',
      body: new Uint8Array([120, 255]),
      headers: { 'Content-Type': 'text/plain;charset=latin1' },
    },
    undefined,
    'text/plain;charset=latin1',
  ],
])('the bytes of %s are fixed when it is accepted', async (name, given, data, type) => {
  const { port, got } = createPort()
  const rig = createRig({ queue: port })
  const [input, init] = given instanceof Request ? [given, {}] : [`${BASE}/orders`, given]
  void rig.http.fetch(input, { ...init, durable })
  await rig.clock.settle()
  await new Promise((resolve) => setImmediate(resolve))
  const payload = got[0]?.payload
  expect(payload?.headers['Content-Type']).toBe(type)
  if (name === 'a query' || name === 'a Request' || name === 'nothing')
    return expect(payload?.data).toEqual(data)
  const { data: bytes } = payload ?? {}
  expect(typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes as ArrayBuffer)).toMatch(/^x/)
  if (name.startsWith('text')) expect([...new Uint8Array(bytes as ArrayBuffer)]).toEqual([120, 255])
})

test('a caller who wants to know at once gets a Response that says `queued`', async () => {
  const { port } = createPort()
  const rig = createRig({ queue: { ...port, enqueue: () => Promise.resolve({ id: 'a1' }) } })
  const asked = watch(rig.ask('/orders', { method: 'POST', durable: { ...durable, queuedResult: true } }))
  await new Promise((resolve) => setImmediate(resolve))
  const answer = asked.value as Response
  expect(answer.status).toBe(202)
  expect(isQueued(answer) && answer.holdfast.queued).toBe('a1')
})

test('the queue’s refusal is the promise’s, and a read cannot be durable', async () => {
  const { port, end, got } = createPort()
  const rig = createRig({ queue: port })
  const refused = watch(rig.ask('/orders', { method: 'POST', durable }))
  const read = watch(rig.ask('/orders', { durable }))
  const without = watch(createRig().ask('/orders', { method: 'POST', durable }))
  await rig.clock.settle()
  await new Promise((resolve) => setImmediate(resolve))
  end(new Error('queue-full'))
  await rig.clock.settle()
  expect(refused.value).toMatchObject({ message: 'queue-full' })
  for (const { value } of [read, without]) expect(isHoldfastError(value, 'bad-action')).toBe(true)
  expect(got).toHaveLength(1)
})

test('its signal ends the waiting for it, and leaves the action where it is', async () => {
  const { port, got } = createPort()
  const rig = createRig({ queue: port })
  const controller = new AbortController()
  const { signal } = controller
  const asked = watch(rig.ask('/orders', { method: 'POST', body: '{}', durable, signal }))
  await new Promise((resolve) => setImmediate(resolve))
  controller.abort(new Error('closed'))
  const never = watch(rig.ask('/orders', { method: 'POST', body: '{}', durable, signal }))
  await new Promise((resolve) => setImmediate(resolve))
  for (const one of [asked, never])
    expect(one).toMatchObject({ state: 'rejected', value: { message: 'closed' } })
  expect(got).toHaveLength(1)
})

/** A fetch whose queue sends its marked writes through itself. */
async function createShop() {
  const later: { port?: DurablePort } = {}
  const rig = createRig({ queue: { enqueueRequest: (request) => later.port!.enqueueRequest(request) } })
  const queue = createQueue({
    connection: rig.connection,
    store: memoryStore(),
    scope: 'me',
    handlers: { request: { honoursKeys: true, send: sendFetch(rig.http.fetch) } },
  })
  later.port = queue
  queue.start()
  await rig.online()
  return { ...rig, queue }
}

test('R24: a durable write that is made during an outage arrives after it, once, under its key', async () => {
  const { ask, got, clock, lose, recover } = await createShop()
  await lose()
  const asked = watch(ask('/orders', { method: 'POST', body: '{"id":7}', durable }))
  await clock.advance(5_000)
  expect(asked.state).toBe('pending')
  await recover()
  await clock.advance(2_000)
  expect(asked).toMatchObject({ state: 'resolved', value: { status: 201 } })
  expect(await (asked.value as Response).json()).toEqual({ ok: true })
  expect(got.map(({ method, body }) => [method, body])).toEqual([['POST', '{"id":7}']])
  expect(got[0]?.headers['idempotency-key']).toMatch(/^".+"$/)
})

test('a refusal fails the action, with the server’s own words', async () => {
  const { ask, on, clock, queue } = await createShop()
  on('/orders', () => HttpResponse.json({ detail: 'No more rope' }, { status: 422 }))
  const asked = watch(ask('/orders', { method: 'POST', body: '{}', durable }))
  await clock.advance(1_000)
  expect(asked.state).toBe('rejected')
  expect(JSON.stringify(queue.actions)).toContain('No more rope')
})

test('an answer that breaks off is unknown, and is asked for again under the same key', async () => {
  const { ask, got, clock, network } = await createShop()
  network.apply({
    type: 'failTimes',
    n: 1,
    fault: { type: 'reset', afterBytes: 3, only: { path: '/orders' } },
  })
  const asked = watch(ask('/orders', { method: 'POST', body: '{}', durable }))
  await clock.advance(30_000)
  expect(asked).toMatchObject({ state: 'resolved', value: { status: 201 } })
  expect(got).toHaveLength(2)
  expect(new Set(got.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
})

test.each([
  ['is no request', { method: 'get', url: BASE, headers: {} }],
  ['leads elsewhere', { method: 'post', url: 'https://evil.test/', headers: {} }],
  ['was kept by axios, with its query apart', { method: 'post', url: BASE, headers: {}, params: { a: 1 } }],
])('a stored row that %s is refused, and never sent', async (_, payload) => {
  const rig = createRig()
  await rig.online()
  const { signal } = new AbortController()
  const sent = watch(sendFetch(rig.http.fetch)({ payload, key: 'k', signal }))
  await rig.clock.settle()
  expect(isHoldfastError(sent.value, 'bad-action')).toBe(true)
  expect(rig.got).toHaveLength(0)
})

test.each(['post', 'put', 'patch', 'delete'])('a row of %s is sent as it was kept', async (method) => {
  const rig = createRig()
  await rig.online()
  const headers = { 'Content-Type': 'application/json', 'If-Match': '"3"', Authorization: 'of another day' }
  const payload = { method, url: `${BASE}/orders/7`, data: '{"qty":2}', headers }
  const sent = watch(sendFetch(rig.http.fetch)({ payload, key: 'k', signal: new AbortController().signal }))
  await rig.clock.advance(100)
  expect(sent).toMatchObject({ state: 'resolved', value: { data: '{"ok":true}' } })
  expect(rig.got).toMatchObject([
    {
      ...{ method: method.toUpperCase(), body: '{"qty":2}' },
      headers: { 'content-type': 'application/json', 'if-match': '"3"', 'idempotency-key': '"k"' },
    },
  ])
  expect(rig.got[0]?.headers).not.toHaveProperty('authorization')
})

test('only a 2xx confirms a row, and a redirect is no success', async () => {
  const rig = createRig()
  await rig.online()
  const { signal } = new AbortController()
  const row = { payload: { method: 'post', url: `${BASE}/orders`, headers: {} }, key: 'k', signal }
  const outcomes = []
  for (const [status, headers] of [
    [302, { location: '/login' }],
    [409, {}],
    [503, { 'retry-after': '5' }],
  ] as const) {
    rig.on('/orders', () => new HttpResponse(null, { status, headers: { ...headers } }))
    const sent = watch(sendFetch(rig.http.fetch)(row))
    await rig.clock.advance(200)
    outcomes.push((sent.value as { holdfast?: { outcome: string } }).holdfast?.outcome)
  }
  expect(outcomes).toEqual(['maybe-committed', 'conflict', 'overloaded'])
})

const order = { method: 'post', url: `${BASE}/orders`, headers: {}, data: '{}' }

test('I03: taken off meanwhile, what comes out of the queue still carries its key', async () => {
  const rig = createRig()
  await rig.online()
  rig.http.detach()
  const sent = watch(
    sendFetch(rig.http.fetch)({ payload: order, key: 'k1', signal: new AbortController().signal }),
  )
  await rig.clock.advance(100)
  expect(sent.state).toBe('resolved')
  expect(rig.got.at(-1)?.headers['idempotency-key']).toBe('"k1"')
})

test('I06: a success that broke off, or one that is a redirect, confirms nothing', async () => {
  const rig = createRig()
  await rig.online()
  const answers = [
    new Response('{"id":', { status: 200, headers: { 'content-type': 'application/json' } }),
    new Response(null, { status: 307, headers: { location: `${BASE}/elsewhere` } }),
  ]
  const send = sendFetch(async () => answers.shift()!)
  for (let n = answers.length; n > 0; n--) {
    const refused = send({ payload: order, key: 'k1', signal: new AbortController().signal })
    await expect(refused).rejects.toMatchObject({ holdfast: { outcome: 'maybe-committed' } })
  }
})
