import { expect, test } from 'vitest'
import { isHoldfastError } from '../../src/core/errors.js'
import { sendRequest, type DurablePort, type DurableRequest } from '../../src/http/index.js'
import { createRig, rejection, watch } from './rig.js'

/** A queue that keeps what it gets, and sends nothing by itself. */
function createPort() {
  const got: DurableRequest[] = []
  const settle: ((result: unknown) => void)[] = []
  const port: DurablePort = {
    enqueueRequest(request) {
      got.push(request)
      return new Promise((resolve, reject) =>
        settle.push((result) => (result instanceof Error ? reject(result) : resolve(result))),
      )
    },
  }
  return { port, got, end: (result: unknown) => settle.at(-1)?.(result) }
}

const durable = { label: 'Order 7', lane: 'orders' }

test('a durable write goes to the queue as plain data without secrets, also while online', async () => {
  const { port, got, end } = createPort()
  const rig = createRig({ queue: port })
  await rig.online()
  const headers = { Authorization: 'Bearer secret', Cookie: 'secret', 'If-Match': '"3"' }
  const asked = watch(rig.api.put('/orders/7', { qty: 2 }, { params: { a: 1 }, headers, durable }))
  await rig.clock.settle()
  expect(rig.net.sent).toHaveLength(0)
  expect(got).toEqual([
    {
      handler: 'request',
      label: 'Order 7',
      lane: 'orders',
      payload: {
        method: 'put',
        url: '/orders/7',
        params: { a: 1 },
        data: '{"qty":2}',
        headers: {
          'Content-Type': 'application/json',
          Accept: 'application/json, text/plain, */*',
          'If-Match': '"3"',
        },
      },
    },
  ])
  expect(JSON.stringify(got)).not.toContain('secret')
  end({ status: 201, statusText: 'Created', headers: { etag: '"4"' }, data: '{"id":7}' })
  await rig.clock.settle()
  expect(asked.value).toMatchObject({ status: 201, data: { id: 7 }, headers: { etag: '"4"' } })
})

test('its promise settles with the queue’s refusal', async () => {
  const { port, end } = createPort()
  const rig = createRig({ queue: port })
  const asked = rejection(rig.api.post('/orders', {}, { durable }))
  await rig.clock.settle()
  end(new Error('queue-full'))
  expect((await asked).message).toBe('queue-full')
})

test('a handler of the application’s own may return whatever it likes', async () => {
  const { port, got, end } = createPort()
  const rig = createRig({ queue: port })
  const asked = watch(rig.api.post('/orders', {}, { durable: { ...durable, handler: 'order' } }))
  await rig.clock.settle()
  end({ id: 7 })
  await rig.clock.settle()
  expect(got[0]?.handler).toBe('order')
  expect(asked.value).toMatchObject({ status: 200, data: { id: 7 } })
})

test('a durable request without a queue, of another origin, or that is no write, is refused', async () => {
  const { port, got } = createPort()
  const rig = createRig({ queue: port })
  const lone = createRig()
  const refused = [
    rig.api.get('/orders', { durable }),
    rig.api.post('https://other.test/orders', {}, { durable }),
    lone.api.post('/orders', {}, { durable }),
  ]
  for (const asked of refused) expect(isHoldfastError(await rejection(asked), 'bad-action')).toBe(true)
  expect(got).toEqual([])
})

test('what comes out of the queue is sent once, under its key and as the same bytes, and its answer is raw', async () => {
  const rig = createRig()
  await rig.online()
  const { signal } = new AbortController()
  const payload = {
    method: 'put',
    url: '/orders/7',
    data: '{"qty":2}',
    headers: { 'Content-Type': 'application/json' },
  }
  const sent = watch(sendRequest(rig.api)({ payload, key: 'k1', signal }))
  await rig.clock.settle()
  expect(rig.net.last).toMatchObject({ method: 'put', url: 'https://api.test/orders/7', data: '{"qty":2}' })
  expect(rig.net.last.headers['idempotency-key']).toBe('"k1"')
  rig.net.last.answer(200, '{"id":7}', { 'content-type': 'application/json', etag: '"4"' })
  await rig.clock.settle()
  expect(sent.value).toMatchObject({ status: 200, data: '{"id":7}', headers: { etag: '"4"' } })
})

test('a stored row that is no request is not sent', async () => {
  const rig = createRig()
  await rig.online()
  const { signal } = new AbortController()
  for (const payload of [
    null,
    'x',
    {},
    { method: 'get', url: '/', headers: {} },
    { method: 'post', headers: {} },
  ]) {
    const refused = await rejection(sendRequest(rig.api)({ payload, key: 'k', signal }))
    expect(isHoldfastError(refused, 'bad-action')).toBe(true)
  }
  expect(rig.net.sent).toHaveLength(0)
})

test('a single attempt is neither held nor repeated', async () => {
  const rig = createRig({ idempotency: 'honoured' })
  await rig.online()
  const holdfast = { key: 'k1' }
  const failed = rejection(rig.api.post('/orders', {}, { holdfast }))
  await rig.clock.settle()
  rig.net.last.answer(503)
  expect(await failed).toMatchObject({
    response: { status: 503 },
    holdfast: { outcome: 'overloaded', attempts: 1 },
  })
  await rig.lose()
  const refused = await rejection(rig.api.post('/orders', {}, { holdfast }))
  expect(isHoldfastError(refused, 'link-down')).toBe(true)
  expect(refused.holdfast).toEqual({ outcome: 'not-sent', attempts: 0 })
  await rig.recover()
  await rig.clock.advance(60_000)
  expect(rig.net.sent).toHaveLength(1)
})

test('a single attempt in the air ends with the link, as unknown; not with a planned loss', async () => {
  const rig = createRig()
  await rig.online()
  const lost = watch(rig.api.post('/orders', {}, { holdfast: { key: 'k1' } }))
  await rig.clock.settle()
  await rig.lose()
  expect(isHoldfastError(lost.value, 'maybe-committed')).toBe(true)
  await rig.recover()
  const planned = watch(rig.api.post('/orders', {}, { holdfast: { key: 'k2' } }))
  await rig.clock.settle()
  rig.connection.send({ type: 'NOTICE' })
  await rig.clock.settle()
  expect(planned.state).toBe('pending')
  rig.net.last.answer(201)
  await rig.clock.settle()
  expect(planned.state).toBe('resolved')
})

test('the signal in the mark cancels, beside axios’ own', async () => {
  const rig = createRig()
  await rig.online()
  const controller = new AbortController()
  const asked = watch(rig.api.post('/orders', {}, { holdfast: { key: 'k1', signal: controller.signal } }))
  await rig.clock.settle()
  controller.abort()
  await rig.clock.settle()
  expect(asked).toMatchObject({ state: 'rejected', value: { code: 'ERR_CANCELED' } })
  expect(rig.net.open).toBe(0)
})
