import axios, { isCancel } from 'axios'
import { afterEach, expect, test, vi } from 'vitest'
import { isHoldfastError } from '../../src/core/errors.js'
import { isQueued, sendRequest, type DurablePort, type DurableRequest } from '../../src/http/index.js'
import { createQueue, memoryStore } from '../../src/queue/index.js'
import { BASE, createRig, rejection, watch } from './rig.js'

afterEach(() => vi.unstubAllGlobals())

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

const other = 'https://files.test'

test('a durable write with a base of its own goes there, and its query is written once', async () => {
  const { port, got } = createPort()
  const rig = createRig({ origins: [BASE, other], queue: port })
  rig.api.defaults.params = { tenant: 1 }
  await rig.online()
  watch(rig.api.post('/orders', {}, { baseURL: `${other}/v2/`, params: { a: 1 }, durable }))
  await rig.clock.settle()
  expect(got[0]?.payload).toMatchObject({ url: `${other}/v2/orders`, params: { tenant: 1, a: 1 } })
  watch(sendRequest(rig.api)({ payload: got[0]?.payload, key: 'k1', signal: new AbortController().signal }))
  await rig.clock.settle()
  expect(rig.api.getUri(rig.net.last.config)).toBe(`${other}/v2/orders?tenant=1&a=1`)
})

test('a relative base of its own is one of the page', async () => {
  vi.stubGlobal('location', { href: 'https://app.test/orders/7' })
  const { port, got } = createPort()
  const rig = createRig({ queue: port })
  watch(rig.api.post('/orders', {}, { baseURL: '/v2', durable }))
  await rig.clock.settle()
  expect(got[0]?.payload.url).toBe('https://app.test/v2/orders')
})

test('a durable write that could not go where it was addressed is refused', async () => {
  const { port, got } = createPort()
  const rig = createRig({ origins: [BASE, other], queue: port })
  rig.api.defaults.allowAbsoluteUrls = false
  const refused = await rejection(rig.api.post('/orders', {}, { baseURL: other, durable }))
  expect(isHoldfastError(refused, 'bad-action')).toBe(true)
  expect(got).toEqual([])
})

test('a durable write that is cancelled before the queue has it is not kept', async () => {
  const { port, got } = createPort()
  const rig = createRig({ queue: port })
  const marked = new AbortController()
  const source = axios.CancelToken.source()
  rig.api.interceptors.request.use((config) => {
    marked.abort()
    source.cancel()
    return config
  })
  const ways = [
    { holdfast: { signal: marked.signal } },
    { signal: marked.signal },
    { cancelToken: source.token },
  ]
  for (const way of ways) {
    expect(isCancel(await rejection(rig.api.post('/orders', {}, { ...way, durable })))).toBe(true)
  }
  expect(got).toEqual([])
})

test('I13: cancelled after that, its promise ends, the action stays, and no listener is left', async () => {
  const { port, got, end } = createPort()
  const rig = createRig({ queue: port })
  const controller = new AbortController()
  const { signal } = controller
  const listeners = vi.spyOn(signal, 'addEventListener')
  const removed = vi.spyOn(signal, 'removeEventListener')
  const asked = watch(rig.api.post('/orders', {}, { signal, durable }))
  await rig.clock.settle()
  controller.abort()
  await rig.clock.settle()
  expect(asked).toMatchObject({ state: 'rejected', value: { code: 'ERR_CANCELED' } })
  expect(got).toHaveLength(1)
  expect(removed).toHaveBeenCalledTimes(listeners.mock.calls.length)
  end(new Error('refused at last, and nobody waits for it'))
  await rig.clock.settle()
  expect(asked.times).toBe(1)
})

test('a caller who wants to know at once gets a queued result as soon as the write is kept, also offline', async () => {
  const ports: { queue?: DurablePort } = {}
  const port: DurablePort = {
    enqueueRequest: (request) => ports.queue!.enqueueRequest(request),
    enqueue: (request) => ports.queue!.enqueue!(request),
  }
  const rig = createRig({ queue: port })
  const { connection } = rig
  const handlers = { request: sendRequest(rig.api) }
  const queue = (ports.queue = createQueue({ connection, store: memoryStore(), scope: 'ann', handlers }))
  queue.start()
  await rig.online()
  await rig.lose()
  const asked = rig.api.post('/orders', { id: 7 }, { durable: { ...durable, queuedResult: true } })
  await rig.clock.settle()
  const answer = await asked
  expect(answer.status).toBe(202)
  const [action] = queue.actions
  expect(isQueued(answer) && answer.holdfast.queued).toBe(action?.id)
  expect(isQueued({ status: 202, data: {} })).toBe(false)
  await rig.recover()
  rig.net.last.answer(201)
  await rig.clock.settle()
  expect(queue.actions).toEqual([])
  queue.stop()
})

test('a queued result that cannot be had is refused, and nothing is kept', async () => {
  const { port, got } = createPort()
  const rig = createRig({ queue: port })
  const asked = { durable: { ...durable, queuedResult: true } }
  expect(isHoldfastError(await rejection(rig.api.post('/orders', {}, asked)), 'bad-action')).toBe(true)
  const full: DurablePort = { ...port, enqueue: () => Promise.reject(new Error('queue-full')) }
  const other = createRig({ queue: full })
  expect((await rejection(other.api.post('/orders', {}, asked))).message).toBe('queue-full')
  expect(got).toEqual([])
})

test.each([
  [{ ...durable, queuedResult: 'yes' }, /durable\.queuedResult is "yes"/],
  [{ ...durable, lable: 'x' }, /durable\.lable/],
])('a durable mark of %o is refused, and named', async (mark, message) => {
  const { port, got } = createPort()
  const rig = createRig({ queue: port })
  const refused = await rejection(rig.api.post('/orders', {}, { durable: mark as never }))
  expect(isHoldfastError(refused, 'bad-option')).toBe(true)
  expect(refused.message).toMatch(message)
  expect(got).toEqual([])
})

test('a query that would be written otherwise when it is sent is refused; one that would not is kept', async () => {
  const { port, got } = createPort()
  const rig = createRig({ queue: port })
  await rig.online()
  const params = { ids: [1, 2] }
  const own = { paramsSerializer: { indexes: null }, params, durable }
  expect(isHoldfastError(await rejection(rig.api.post('/orders', {}, own)), 'bad-action')).toBe(true)
  rig.api.defaults.paramsSerializer = { indexes: null }
  watch(rig.api.post('/orders', {}, own))
  await rig.clock.settle()
  expect(got.map(({ payload }) => payload.params)).toEqual([params])
})
