import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { attachHttp, classify, sendRequest } from '../../src/http/index.js'
import { createRig, rejection } from './rig.js'

/** What reached a server, byte for byte as far as a request has bytes: request line, raw headers, body. */
interface Got {
  readonly line: string
  readonly raw: readonly string[]
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(): Promise<{ origin: string; got: Got[] }> {
  const got: Got[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      const line = `${request.method} ${request.url}`
      got.push({ line, raw: request.rawHeaders, headers: request.headers, body })
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got }
}

/** One of each kind of request that an application makes. */
async function speak(api: AxiosInstance, origin: string): Promise<void> {
  await api.get(`${origin}/orders`, { params: { page: 2 }, headers: { 'X-Own': '1' } })
  await api.head(`${origin}/orders`)
  await api.post(`${origin}/orders`, { id: 1, name: 'ä' })
  await api.put(`${origin}/orders/1`, 'text', { headers: { 'Content-Type': 'text/plain' } })
  await api.patch(`${origin}/orders/1`, new URLSearchParams({ a: '1' }))
  await api.delete(`${origin}/orders/1`)
}

test('requests to other origins are as they would be without the kit, byte for byte', async () => {
  const ours = await serve()
  const other = await serve()
  const rig = createRig()
  await rig.online()
  const plain = axios.create({ baseURL: ours.origin })
  const api = axios.create({ baseURL: ours.origin })
  const http = attachHttp(api, { connection: rig.connection })
  const before = rig.events.length
  await speak(plain, other.origin)
  await speak(api, other.origin)
  const half = other.got.length / 2
  expect(half).toBe(6)
  expect(other.got.slice(half)).toEqual(other.got.slice(0, half))
  expect(rig.events).toHaveLength(before)
  http.detach()
})

test('requests to the service differ by the key of unsafe ones alone, so that no other preflight arises', async () => {
  const ours = await serve()
  const rig = createRig()
  await rig.online()
  const plain = axios.create({ baseURL: ours.origin })
  const api = axios.create({ baseURL: ours.origin })
  const http = attachHttp(api, { connection: rig.connection })
  await speak(plain, ours.origin)
  await speak(api, ours.origin)
  const half = ours.got.length / 2
  for (let at = 0; at < half; at++) {
    const [without, withKit] = [ours.got[at]!, ours.got[at + half]!]
    const { 'idempotency-key': key, ...rest } = withKit.headers
    expect({ line: withKit.line, body: withKit.body, headers: rest }).toEqual({
      line: without.line,
      body: without.body,
      headers: without.headers,
    })
    if (/^(GET|HEAD)/.test(withKit.line)) expect(key).toBeUndefined()
    else expect(key).toMatch(/^"[0-9a-f-]{36}"$/)
  }
  http.detach()
})

test('a real refusal in Node is surely not sent, a real reset is unknown', async () => {
  const ours = await serve()
  const rig = createRig()
  await rig.online()
  const api = axios.create({ baseURL: ours.origin })
  const http = attachHttp(api, { connection: rig.connection, retries: 0 })
  const [server] = servers
  server?.removeAllListeners('request').on('request', (request) => request.socket.destroy())
  await expect(api.post('/orders', {})).rejects.toMatchObject({
    code: 'ECONNRESET',
    holdfast: { outcome: 'maybe-committed', attempts: 1 },
  })
  server?.closeAllConnections()
  await new Promise((resolve) => server?.close(resolve))
  await expect(api.post('/orders', {})).rejects.toMatchObject({
    code: 'ECONNREFUSED',
    holdfast: { outcome: 'not-sent', attempts: 1 },
  })
  http.detach()
})

test.each(['http', 'fetch'] as const)(
  'I06: what a real %s adapter makes of a cut body, a reset, a refusal, a timeout and an abort has its class',
  async (adapter) => {
    const ours = await serve()
    const rig = createRig()
    await rig.online()
    const [server] = servers
    const api = axios.create({ baseURL: ours.origin, adapter })
    const outcomeOf = async (config: AxiosRequestConfig = {}) =>
      classify(await rejection(api.get('/x', config)))
    const answer = (by: (response: ServerResponse, request: IncomingMessage) => void) =>
      server?.removeAllListeners('request').on('request', (request, response) => by(response, request))

    answer((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '99' }).write('[{"id":')
      setTimeout(() => response.destroy(), 20)
    })
    expect((await outcomeOf()).class).toBe('maybe-committed')
    answer((_response, request) => request.socket.destroy())
    expect(await outcomeOf()).toMatchObject({ class: 'maybe-committed', suspicion: 'server' })
    answer(() => {})
    expect(await outcomeOf({ timeout: 50 })).toMatchObject({ class: 'maybe-committed', suspicion: 'timeout' })
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 20)
    expect((await outcomeOf({ signal: controller.signal })).class).toBe('cancelled')
    answer((response) => response.writeHead(429, { 'retry-after': '3' }).end())
    expect(await outcomeOf()).toMatchObject({ class: 'overloaded', retryAfterMs: 3_000, isOurs: true })
    server?.closeAllConnections()
    await new Promise((resolve) => server?.close(resolve))
    const refused = await outcomeOf()
    // Of fetch, axios keeps no code that says that nothing was sent.
    expect(['not-sent', 'maybe-committed']).toContain(refused.class)
    expect(refused.suspicion).toBe('server')
  },
)

test.each(['http', 'fetch'] as const)(
  'a queued write does not follow a redirect to another origin (%s adapter)',
  async (adapter) => {
    const ours = await serve()
    const other = await serve()
    const rig = createRig()
    await rig.online()
    servers[0]?.removeAllListeners('request').on('request', (request, response) => {
      request.resume()
      response.writeHead(307, { location: `${other.origin}/steal` }).end()
    })
    const api = axios.create({ baseURL: ours.origin, adapter })
    const http = attachHttp(api, { connection: rig.connection })
    const payload = { method: 'post', url: '/orders', headers: {}, data: '{"card":1}' }
    const { signal } = new AbortController()
    await expect(sendRequest(api)({ payload, key: 'k1', signal })).rejects.toThrow()
    await expect(api.post('/orders', {}, { holdfast: { key: 'k2' } })).rejects.toThrow()
    expect(other.got).toEqual([])
    http.detach()
  },
)

test('I27: a write that was sent on to where nobody listens has reached the first server: it is not sent again', async () => {
  const ours = await serve()
  const rig = createRig()
  await rig.online()
  const api = axios.create({ baseURL: ours.origin, adapter: 'http' })
  const http = attachHttp(api, { connection: rig.connection })
  let got = 0
  servers[0]?.removeAllListeners('request').on('request', (request: IncomingMessage, response) => {
    got += 1
    request.resume()
    response.writeHead(303, { location: 'http://127.0.0.1:1/' }).end()
  })
  const error = await rejection(api.post('/orders', {}))
  expect(error).toMatchObject({ code: 'ECONNREFUSED', holdfast: { outcome: 'maybe-committed', attempts: 1 } })
  expect(got).toBe(1)
  http.detach()
})
