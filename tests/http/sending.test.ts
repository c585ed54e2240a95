/** The way out of the queue: one attempt, to the service alone, and only under the identity of today. */
import { expect, test } from 'vitest'
import { isHoldfastError } from '../../src/core/errors.js'
import { sendRequest } from '../../src/http/index.js'
import { createQueue, memoryStore } from '../../src/queue/index.js'
import { createRig, rejection, watch, type Rig } from './rig.js'

const order = { method: 'post', url: '/orders', headers: {}, data: '{}' }

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
    { method: 'post', url: '/', headers: null },
  ]) {
    const refused = await rejection(sendRequest(rig.api)({ payload, key: 'k', signal }))
    expect(isHoldfastError(refused, 'bad-action')).toBe(true)
  }
  expect(rig.net.sent).toHaveLength(0)
})

/** Each request waits for a token; returns the way to give it to all that wait. */
function holdTokens({ api }: Rig): (token: string) => void {
  const waiting: ((token: string) => void)[] = []
  api.interceptors.request.use(async (config) => {
    config.headers.Authorization = await new Promise<string>((resolve) => waiting.push(resolve))
    return config
  })
  return (token) => waiting.splice(0).forEach((resolve) => resolve(token))
}

test('I14: stopped while an interceptor waits for the token, an action is not sent under the next person’s', async () => {
  const rig = createRig()
  const { clock, connection } = rig
  await rig.online()
  const give = holdTokens(rig)
  const handlers = { request: sendRequest(rig.api) }
  const queue = createQueue({ connection, store: memoryStore(), scope: 'ann', handlers })
  queue.start()
  await queue.enqueue({ handler: 'request', label: 'Order 7', payload: order })
  await clock.settle()
  queue.stop()
  give('of the next person')
  await clock.settle()
  expect(rig.net.sent).toHaveLength(0)
})

test('B03: a token that comes after the link has flapped sends nothing beside the person’s own "send again"', async () => {
  const rig = createRig()
  const { clock, connection } = rig
  await rig.online()
  const give = holdTokens(rig)
  const handlers = { request: sendRequest(rig.api) }
  const queue = createQueue({ connection, store: memoryStore(), scope: 'ann', handlers })
  queue.start()
  await queue.enqueue({ handler: 'request', label: 'Order 7', payload: order })
  await clock.settle()
  await rig.lose()
  await rig.recover()
  give('late')
  await clock.settle()
  expect(rig.net.sent).toHaveLength(0)
  const [action] = queue.actions
  await queue.sendAgain(action?.id ?? '')
  await clock.settle()
  give('of now')
  await clock.settle()
  expect(rig.net.sent.map(({ headers }) => headers.authorization)).toEqual(['of now'])
  queue.stop()
})

test('I14: a mark’s signal that has aborted on the way to the adapter cancels: nothing is sent', async () => {
  const rig = createRig()
  await rig.online()
  const give = holdTokens(rig)
  const controller = new AbortController()
  const asked = watch(rig.api.post('/orders', {}, { holdfast: { key: 'k1', signal: controller.signal } }))
  await rig.clock.settle()
  controller.abort()
  give('t')
  await rig.clock.settle()
  expect(asked).toMatchObject({ state: 'rejected', value: { code: 'ERR_CANCELED' } })
  expect(rig.net.sent).toHaveLength(0)
})

test.each(['https://evil.test/steal', '//evil.test/steal'])(
  'a stored row with the URL %s is refused for good, and gets no token',
  async (url) => {
    const rig = createRig()
    await rig.online()
    const { signal } = new AbortController()
    const refused = await rejection(sendRequest(rig.api)({ payload: { ...order, url }, key: 'k1', signal }))
    expect(isHoldfastError(refused, 'bad-action')).toBe(true)
    expect(refused.holdfast).toEqual({ outcome: 'rejected', attempts: 0 })
    expect(rig.net.sent).toHaveLength(0)
  },
)

test('a request with a key of its own to another origin is refused', async () => {
  const rig = createRig()
  await rig.online()
  const refused = await rejection(rig.api.post('https://evil.test/', {}, { holdfast: { key: 'k1' } }))
  expect(isHoldfastError(refused, 'bad-action')).toBe(true)
  expect(rig.net.sent).toHaveLength(0)
})

test('of a stored row only what a write is made of is sent', async () => {
  const rig = createRig()
  await rig.online()
  const { signal } = new AbortController()
  const payload = {
    ...order,
    headers: { 'If-Match': '"3"', Cookie: 'own', 'X-Own': '1', 'Idempotency-Key': 'own' },
    baseURL: 'https://evil.test',
    proxy: { host: 'evil.test' },
    holdfast: false,
    maxRedirects: 9,
  }
  watch(sendRequest(rig.api)({ payload, key: 'k1', signal }))
  await rig.clock.settle()
  const { url, headers, config } = rig.net.last
  expect(url).toBe('https://api.test/orders')
  expect(config).toMatchObject({ maxRedirects: 0, holdfast: { key: 'k1' } })
  expect(config.proxy).toBeUndefined()
  expect(headers).toMatchObject({ 'if-match': '"3"', 'idempotency-key': '"k1"' })
  expect(headers).not.toHaveProperty('cookie')
  expect(headers).not.toHaveProperty('x-own')
})

test.each([0, 303, 307, 503])(
  'the status %i confirms no kept write, also where the instance takes everything for a success',
  async (status) => {
    const rig = createRig()
    rig.api.defaults.validateStatus = () => true
    await rig.online()
    const { signal } = new AbortController()
    const sent = watch(sendRequest(rig.api)({ payload: order, key: 'k1', signal }))
    await rig.clock.settle()
    rig.net.last.answer(status, '', {})
    await rig.clock.settle()
    expect(sent.state).toBe('rejected')
  },
)

test.each([0, 307])(
  'a redirect (%i) is no success of a request with a key, and no evidence',
  async (status) => {
    const rig = createRig()
    rig.api.defaults.validateStatus = () => true
    await rig.online()
    const heard = rig.events.length
    const asked = watch(rig.api.post('/orders', {}, { holdfast: { key: 'k1' } }))
    await rig.clock.settle()
    rig.net.last.answer(status, '', {})
    await rig.clock.settle()
    expect(isHoldfastError(asked.value, 'maybe-committed')).toBe(true)
    expect(asked.value).toMatchObject({ holdfast: { outcome: 'maybe-committed', attempts: 1 } })
    expect(rig.events).toHaveLength(heard)
  },
)

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
  expect(refused.holdfast).toEqual({ outcome: 'not-sent', attempts: 0, why: 'link-down' })
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

test('I03: taken off meanwhile, what comes out of the queue still carries its key', async () => {
  const rig = createRig()
  await rig.online()
  rig.http.detach()
  const { signal } = new AbortController()
  watch(sendRequest(rig.api)({ payload: order, key: 'k1', signal }))
  await rig.clock.settle()
  expect(rig.net.last.headers['idempotency-key']).toBe('"k1"')
  expect(rig.net.last.config.maxRedirects).toBe(0)
})
