import { once } from 'node:events'
import { type ClientRequest, request as ask } from 'node:http'
import { type Socket, connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type AppOptions, buildApp } from '../../server/app.js'
import { openDatabase } from '../../server/database.js'
import type { LogLine } from '../../server/log.js'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

/** Work that nobody outlives: what a test sees end was ended. */
const ENDLESS_MS = 600_000

async function api(options: Partial<AppOptions> = {}) {
  const database = openDatabase(':memory:')
  const lines: LogLine[] = []
  const app = await buildApp({ database, boot: 'b', accessLog: (line) => lines.push(line), ...options })
  stops.push(database.close, () => app.close())
  const order = (headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url: '/orders', payload: { item: 'tea', qty: 1 }, headers })
  const applied = async () => (await app.inject('/ledger')).json<{ entries: unknown[] }>().entries.length
  return { app, order, applied, lines }
}

/** The same, on a port. */
async function listening(options: Partial<AppOptions> = {}) {
  const parts = await api(options)
  await parts.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = parts.app.server.address() as { port: number }
  return { ...parts, port }
}

describe('R10 the deadline of a request', () => {
  test('is what the caller says: at the end of it 504, and nothing was committed', async () => {
    const { order, applied } = await api({ workMs: ENDLESS_MS })
    const late = await order({ 'x-request-deadline-ms': '5', 'idempotency-key': '"k1"' })
    expect(late.statusCode).toBe(504)
    expect(late.headers['content-type']).toContain('application/problem+json')
    expect(late.json()).toMatchObject({
      type: 'deadline',
      detail: 'Not done within 5 ms; nothing of it was kept',
    })
    expect(await applied()).toBe(0)
  })

  test('leaves the key free: the same request in time is applied once', async () => {
    const { order, applied } = await api({ workMs: 40 })
    const key = { 'idempotency-key': '"k1"' }
    expect((await order({ ...key, 'x-request-deadline-ms': '5' })).statusCode).toBe(504)
    expect((await order(key)).statusCode).toBe(201)
    expect(await applied()).toBe(1)
  })

  test('is the default of the server when the caller says none', async () => {
    const { order } = await api({ workMs: ENDLESS_MS, deadlineMs: 5 })
    expect((await order()).json()).toMatchObject({ type: 'deadline' })
  })

  test('may be up to a minute; anything else is a 400 that names header, value and what is allowed', async () => {
    const { order } = await api()
    for (const fit of ['1000', '60000'])
      expect((await order({ 'x-request-deadline-ms': fit })).statusCode).toBe(201)
    for (const unfit of ['0', '60001', '-5', '1.5', '1e3', 'soon', '', '9'.repeat(40)]) {
      const refused = await order({ 'x-request-deadline-ms': unfit })
      expect([unfit, refused.statusCode]).toEqual([unfit, 400])
      expect(refused.json().detail).toBe(
        `X-Request-Deadline-Ms is ${JSON.stringify(unfit)}; allowed: a whole number of milliseconds from 1 to 60000`,
      )
    }
  })

  test('is not for work of a length of its own: the test route, which is there only when asked for', async () => {
    const { app } = await api({ deadlineMs: 5, testRoutes: true })
    expect((await app.inject('/slow?ms=30')).json()).toEqual({ sleptMs: 30 })
    for (const unfit of ['60001', 'x', '']) {
      const refused = await app.inject(`/slow?ms=${unfit}`)
      expect([refused.statusCode, refused.json().detail]).toEqual([
        400,
        `ms is "${unfit}"; allowed: a whole number from 0 to 60000`,
      ])
    }
    expect((await (await api()).app.inject('/slow?ms=1')).statusCode).toBe(404)
  })

  test('answers too when the body never comes, and then closes the connection', async () => {
    const { port } = await listening()
    const socket: Socket = connect(port, '127.0.0.1')
    stops.push(() => socket.destroy())
    socket.write(
      'POST /orders HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 20\r\n' +
        'X-Request-Deadline-Ms: 5\r\n\r\n{',
    )
    const [said] = (await once(socket.setEncoding('utf8'), 'data')) as [string]
    expect(said).toMatch(/^HTTP\/1.1 504 .*\r\nConnection: close\r\n/is)
    await once(socket, 'close')
  })
})

describe('R10 a client that goes away', () => {
  test('ends the work for it: nothing is committed, and the access log says so', async () => {
    const { port, applied, lines, app } = await listening({ workMs: ENDLESS_MS })
    const sent: ClientRequest = ask({
      port,
      method: 'POST',
      path: '/orders',
      headers: { 'content-type': 'application/json', 'idempotency-key': '"k1"' },
    })
    sent.on('error', () => {})
    sent.end(JSON.stringify({ item: 'tea', qty: 1 }))
    const working = async () => (await app.inject('/ledger')).json<{ working: number }>().working
    while ((await working()) === 0) await new Promise(setImmediate)
    sent.destroy()
    while ((await working()) > 0) await new Promise(setImmediate)
    expect(await applied()).toBe(0)
    expect(lines.filter(({ method }) => method === 'POST')).toMatchObject([{ outcome: 'cancelled' }])
  })
})

test('R10 work that hears of no deadline is still stopped before it commits, and answered in time', async () => {
  const { app } = await api()
  const ended = new Promise<string>((resolve) =>
    app.post('/deaf', async (request) => {
      await new Promise((done) => setTimeout(done, 30))
      try {
        request.deadline.seal()
        resolve('committed')
      } catch (error) {
        resolve((error as { type: string }).type)
      }
      return {}
    }),
  )
  const answer = await app.inject({ method: 'POST', url: '/deaf', headers: { 'x-request-deadline-ms': '5' } })
  expect([answer.statusCode, await ended]).toEqual([504, 'deadline'])
})

test('R10 what is committed is answered: a deadline that ends afterwards changes nothing', async () => {
  const { app } = await api()
  app.post('/sealed', async (request) => {
    request.deadline.seal()
    await new Promise((resolve) => setTimeout(resolve, 20))
    return { aborted: request.deadline.signal.aborted }
  })
  const answer = await app.inject({
    method: 'POST',
    url: '/sealed',
    headers: { 'x-request-deadline-ms': '5' },
  })
  expect([answer.statusCode, answer.json()]).toEqual([200, { aborted: false }])
})
