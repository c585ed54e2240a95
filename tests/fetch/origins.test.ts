/** Outside the service's origins, and wherever it is told to, the kit is not there. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { isHoldfastError } from '../../src/core/errors.js'
import { createHand, watch } from './hand.js'
import { BASE, createRig } from './rig.js'

async function start(options = {}) {
  const hand = createHand()
  const rig = createRig({ fetch: hand.fetch, ...options })
  await rig.online()
  return { ...rig, hand, fetch: rig.http.fetch }
}

const OTHERS: [string, RequestInfo | URL, RequestInit?][] = [
  ['another origin', 'https://other.test/', { method: 'POST', body: 'x' }],
  ['a URL of another origin', new URL('https://other.test/')],
  ['a Request of another origin', new Request('https://other.test/', { method: 'PUT', body: 'x' })],
  ['an origin that only begins like ours', `${BASE}.evil.test/`],
  ['another port', `${BASE}:8443/`],
  ['a data URL', 'data:text/plain,x'],
  ['an opaque request', `${BASE}/beacon`, { mode: 'no-cors', method: 'POST', body: 'x' }],
  ['an opaque Request', new Request(`${BASE}/beacon`, { mode: 'no-cors' })],
]

test.each(OTHERS)(
  '%s passes argument for argument, also while the link is down, and is no evidence',
  async (_, input, init) => {
    const { fetch, hand, lose, clock, events } = await start()
    await lose()
    const before = events.length
    const asked = watch(fetch(input, init))
    expect(hand.last.input).toBe(input)
    if (init) expect(hand.last.init).toBe(init)
    hand.last.answer(503)
    await clock.advance(900)
    expect(asked).toMatchObject({ state: 'resolved', value: { status: 503 } })
    expect(hand.calls).toHaveLength(1)
    expect(events.slice(before).filter(({ type }) => type !== 'PROBE_FAILED')).toEqual([])
  },
)

test('`holdfast: false` passes through to the service, and nothing is left of the mark', async () => {
  const { fetch, hand, lose } = await start()
  await lose()
  void fetch(`${BASE}/login`, { method: 'POST', holdfast: false })
  expect(hand.last.init).toEqual({ method: 'POST' })
})

test('I16: a kept write to another origin is refused, and never sent', async () => {
  const { fetch, hand, clock } = await start()
  const refused = [
    watch(fetch('https://other.test/', { method: 'POST', holdfast: { key: 'k' } })),
    watch(fetch('https://other.test/', { method: 'POST', durable: { label: 'Order' } })),
  ]
  await clock.settle()
  expect(hand.calls).toHaveLength(0)
  for (const { value } of refused) expect(isHoldfastError(value, 'bad-action')).toBe(true)
})

test('origins of the service are those of the options and of the connection', async () => {
  const { fetch, hand } = await start({ origins: ['https://files.test'] })
  for (const origin of [BASE, 'https://files.test']) {
    void fetch(`${origin}/x`, { method: 'POST' })
    expect(hand.last.request.headers.has('idempotency-key')).toBe(true)
  }
})

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

test('byte for byte: Node’s own fetch to another origin is the same with the kit as without', async () => {
  const got: unknown[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      got.push([request.method, request.url, request.rawHeaders, body])
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const rig = createRig({ fetch: globalThis.fetch })
  await rig.online()
  for (const fetch of [globalThis.fetch, rig.http.fetch]) {
    await fetch(`${origin}/orders?page=2`, { headers: { 'X-Own': '1' } })
    await fetch(`${origin}/orders`, { method: 'POST', body: 'ä' })
    await fetch(new Request(`${origin}/orders`, { method: 'PATCH', body: new URLSearchParams({ a: '1' }) }))
    await fetch(new URL(`${origin}/orders/1`), { method: 'DELETE' })
  }
  expect(got).toHaveLength(8)
  expect(got.slice(4)).toEqual(got.slice(0, 4))
})
