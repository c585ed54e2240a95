import axios, {
  AxiosError,
  AxiosHeaders,
  type AxiosInstance,
  type AxiosProgressEvent,
  type AxiosRequestConfig,
} from 'axios'
import { http, HttpResponse } from 'msw'
import { expect, test } from 'vitest'
import type { NetworkOptions } from '../../mocks/network.js'
import { BASE, createDesk } from './desk.js'

function createShop(options: NetworkOptions = {}) {
  const desk = createDesk(options)
  const client = axios.create({ adapter: desk.network.axiosAdapter, baseURL: BASE })
  /** What a request ends with: its answer or its error. */
  const end = (config: AxiosRequestConfig, instance: AxiosInstance = client) =>
    instance.request(config).then(
      (answer) => ({ answer, error: null }),
      (error: AxiosError) => ({ answer: null, error }),
    )
  return { ...desk, client, end }
}

test('an answer is what the XHR adapter would give: parsed data, status, AxiosHeaders', async () => {
  const { client, clock, network, api } = createShop()
  const posted = client.post('/orders', { item: 'rope', qty: 2 }, { headers: { 'Idempotency-Key': '"a"' } })
  await clock.advance(40)
  const answer = await posted
  expect(answer.status).toBe(201)
  expect(answer.data).toMatchObject({ id: 'order-1', item: 'rope', qty: 2 })
  expect(answer.headers).toBeInstanceOf(AxiosHeaders)
  expect(answer.headers['holdfast']).toBe('1')
  expect(api.ledger).toMatchObject([{ key: 'a' }])
  expect(network.log[0]?.who).toBe('axios')
})

test('base, path and params make the URL', async () => {
  const { client, clock, network } = createShop()
  network.use(http.get(`${BASE}/v1/find`, ({ request }) => HttpResponse.text(new URL(request.url).search)))
  const params = { q: 'a b', tag: ['x', 'y'], none: null }
  const found = client.get('find', { baseURL: `${BASE}/v1/`, params })
  await clock.advance(40)
  expect(new URLSearchParams((await found).data).getAll('tag[]')).toEqual(['x', 'y'])
  expect(network.log[0]?.url).toContain('/v1/find?q=a+b')
})

test.each(['refuse', 'reset', 'offline', 'redirect'] as const)('%s is ERR_NETWORK', async (type) => {
  const { end, clock, network } = createShop()
  network.apply(type === 'redirect' ? { type: 'portal', redirect: true } : { type })
  const ended = end({ url: '/orders' })
  await clock.advance(40)
  const { error } = await ended
  expect(error).toMatchObject({ code: 'ERR_NETWORK', message: 'Network Error', name: 'AxiosError' })
  expect(axios.isAxiosError(error)).toBe(true)
  expect(error?.config?.url).toBe('/orders')
})

test('a timeout is ECONNABORTED on the clock of the network, ETIMEDOUT when so asked', async () => {
  const { end, clock, network, sinceStart } = createShop()
  const stop = network.apply({ type: 'blackhole' })
  let endedAt = -1
  const first = end({ url: '/orders', timeout: 3000 }).finally(() => (endedAt = sinceStart()))
  const second = end({ url: '/orders', timeout: 3000, transitional: { clarifyTimeoutError: true } })
  await clock.advance(10_000)
  expect((await first).error).toMatchObject({ code: 'ECONNABORTED', message: 'timeout of 3000ms exceeded' })
  expect((await second).error).toMatchObject({ code: 'ETIMEDOUT' })
  expect(endedAt).toBe(3000)
  stop()
  await clock.advance(10_000)
  expect(clock.pending()).toBe(0)
})

test('an answer due at the instant of the timeout comes first', async () => {
  const { end, clock } = createShop()
  const ended = end({ url: '/orders', timeout: 40 })
  await clock.advance(40)
  expect((await ended).answer?.status).toBe(200)
})

test('signal and CancelToken cancel, before and while it is on its way', async () => {
  const { end, clock, network } = createShop()
  const controller = new AbortController()
  const source = axios.CancelToken.source()
  const bySignal = end({ url: '/orders', signal: controller.signal })
  const byToken = end({ url: '/orders', cancelToken: source.token })
  await clock.advance(10)
  controller.abort()
  source.cancel('not needed')
  const before = await end({ url: '/orders', signal: controller.signal })
  for (const { error } of [await bySignal, await byToken, before]) expect(axios.isCancel(error)).toBe(true)
  expect((await byToken).error?.message).toBe('not needed')
  expect(network.log.map(({ end: how }) => how)).toEqual(['aborted', 'aborted'])
  await clock.advance(10)
  expect(clock.pending()).toBe(0)
})

test('validateStatus decides what is an error, with the codes of axios', async () => {
  const { end, clock, network } = createShop()
  const stop = network.apply({ type: 'status', code: 503, retryAfter: 2 })
  const failed = end({ url: '/orders' })
  const taken = end({ url: '/orders', validateStatus: () => true })
  await clock.advance(40)
  const { error } = await failed
  expect(error).toMatchObject({ code: 'ERR_BAD_RESPONSE', status: 503 })
  expect(error?.response?.headers['retry-after']).toBe('2')
  expect((await taken).answer?.status).toBe(503)
  stop()
  const refused = end({ url: '/orders', method: 'post', data: { item: 'rope', qty: 100 } })
  await clock.advance(40)
  expect((await refused).error).toMatchObject({ code: 'ERR_BAD_REQUEST', status: 422 })
})

test('download progress is told once, with the whole body', async () => {
  const { client, clock } = createShop()
  const loaded: number[] = []
  const asked = client.get('/orders', { onDownloadProgress: ({ loaded: bytes }) => loaded.push(bytes) })
  await clock.advance(40)
  await asked
  expect(loaded).toEqual(['{"orders":[]}'.length])
})

test('upload progress is told once, that all was sent, before the answer; what has no body and what is refused tells nothing', async () => {
  const { client, clock, network, sinceStart } = createShop()
  const told: unknown[] = []
  const onUploadProgress = ({ loaded, total, upload }: AxiosProgressEvent) =>
    told.push([loaded, total, upload, sinceStart()])
  const headers = { 'Idempotency-Key': '"a"' }
  const all = '{"item":"rope","qty":2}'.length
  const asked = [
    client.post('/orders', { item: 'rope', qty: 2 }, { headers, onUploadProgress }),
    client.get('/orders', { onUploadProgress }),
  ]
  await clock.advance(40)
  await Promise.all(asked)
  expect(told).toEqual([[all, all, true, 20]])
  network.apply({ type: 'refuse' })
  const refused = client.post('/orders', { item: 'rope', qty: 2 }, { headers, onUploadProgress })
  const failed = expect(refused).rejects.toMatchObject({ code: 'ERR_NETWORK' })
  await clock.advance(40)
  await failed
  expect(told).toHaveLength(1)
})

test('it bears the name of the adapter whose place it takes', () => {
  expect(createShop().network.axiosAdapter).toHaveProperty('adapterName', 'xhr')
})

test("given axios' own classes, instanceof holds; without them axios still knows its errors", async () => {
  const own = createShop({ axios })
  own.network.apply({ type: 'refuse' })
  const ended = own.end({ url: '/orders' })
  await own.clock.advance(40)
  expect((await ended).error).toBeInstanceOf(AxiosError)
  expect((await ended).error?.toJSON()).toMatchObject({ code: 'ERR_NETWORK' })

  const alike = createShop()
  alike.network.apply({ type: 'refuse' })
  const other = alike.end({ url: '/orders' })
  await alike.clock.advance(40)
  expect((await other).error).not.toBeInstanceOf(AxiosError)
  expect(axios.isAxiosError((await other).error)).toBe(true)
})

test('binary answers come as they were asked for', async () => {
  const { client, clock, network } = createShop()
  network.use(http.get(`${BASE}/bytes`, () => HttpResponse.arrayBuffer(new Uint8Array([1, 2, 3]).buffer)))
  const buffer = client.get('/bytes', { responseType: 'arraybuffer' })
  const blob = client.get('/bytes', { responseType: 'blob' })
  await clock.advance(40)
  expect(new Uint8Array((await buffer).data)).toEqual(new Uint8Array([1, 2, 3]))
  expect((await blob).data.size).toBe(3)
})

test('a slow body is told piece by piece, with its total; one that breaks off is ERR_NETWORK', async () => {
  const { client, end, clock, network } = createShop()
  network.use(http.get(`${BASE}/file`, () => HttpResponse.text('x'.repeat(5000))))
  network.apply({ type: 'bandwidth', kBps: 20 })
  const seen: number[] = []
  const onDownloadProgress = ({ loaded, total, progress }: AxiosProgressEvent) => {
    seen.push(loaded, total ?? -1, progress ?? -1)
  }
  const loaded = client.get('/file', { onDownloadProgress })
  await clock.advance(289)
  expect(seen).toEqual([...[2000, 5000, 0.4], ...[4000, 5000, 0.8]])
  await clock.advance(1)
  expect((await loaded).data).toHaveLength(5000)
  network.apply({ type: 'reset', afterBytes: 3000 })
  const cut = end({ url: '/file' })
  await clock.advance(1000)
  expect((await cut).error).toMatchObject({ code: 'ERR_NETWORK' })
  expect(network.log.at(-1)).toMatchObject({ end: 'reset', bytes: 3000, reached: true })
})

test('a timeout and an abort end a body that is on its way', async () => {
  const { end, clock, network } = createShop()
  network.use(http.get(`${BASE}/file`, () => HttpResponse.text('x'.repeat(50_000))))
  network.apply({ type: 'bandwidth', kBps: 20 })
  const controller = new AbortController()
  const late = end({ url: '/file', timeout: 500 })
  const left = end({ url: '/file', signal: controller.signal })
  await clock.advance(500)
  controller.abort()
  expect((await late).error?.code).toBe('ECONNABORTED')
  expect((await left).error?.code).toBe('ERR_CANCELED')
  expect(network.log.map(({ end, status }) => [end, status])).toEqual([
    ['timeout', 200],
    ['aborted', 200],
  ])
  expect(clock.pending()).toBe(0)
})
