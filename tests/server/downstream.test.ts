import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer, request as ask } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { buildApp } from '../../server/app.js'
import { openDatabase } from '../../server/database.js'
import { IDLE_MS, MOST_IDLE, createDownstream } from '../../server/downstream.js'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A service behind, and this server before it. */
async function chain(answer: Answer) {
  const behind = createServer(answer)
  await new Promise<void>((ready) => behind.listen(0, '127.0.0.1', ready))
  const { port } = behind.address() as { port: number }
  const downstream = createDownstream(`http://127.0.0.1:${port}`)
  const database = openDatabase(':memory:')
  const app = await buildApp({ database, boot: 'b', downstream })
  const end = () => new Promise((done) => (behind.close(done), behind.closeAllConnections()))
  stops.push(end, downstream.close, database.close, () => app.close())
  const quote = (headers: Record<string, string> = {}) => app.inject({ url: '/quote?item=tea', headers })
  return { app, behind, downstream, quote, end }
}

const priced: Answer = (_request, response) => void response.end('{"item":"tea","price":3}')

describe('R10 R11 R22 what another service is asked', () => {
  test('comes back as it says, and is asked with the id, the trace and what is left of the deadline', async () => {
    const seen: IncomingMessage[] = []
    const { quote } = await chain((request, response) => {
      seen.push(request)
      priced(request, response)
    })
    const answer = await quote({
      'x-request-id': 'r1',
      traceparent: TRACE,
      'x-request-deadline-ms': '2000',
    })
    expect([answer.statusCode, answer.json()]).toEqual([200, { item: 'tea', price: 3 }])
    expect(seen[0]?.url).toBe('/price?item=tea')
    expect(seen[0]?.headers).toMatchObject({ 'x-request-id': 'r1', traceparent: TRACE })
    const left = Number(seen[0]?.headers['x-request-deadline-ms'])
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(2000)
  })

  test('is cut off when the time is up: 504 here, an aborted request there', async () => {
    let gone: Promise<unknown> | undefined
    const { quote } = await chain((_request, response) => {
      gone = once(response, 'close')
    })
    const late = await quote({ 'x-request-deadline-ms': '40' })
    expect([late.statusCode, late.json().type]).toEqual([504, 'deadline'])
    await gone
  })

  test('is cut off when the client goes away', async () => {
    let arrived = () => {}
    const arrival = new Promise<void>((resolve) => (arrived = resolve))
    let gone: Promise<unknown> | undefined
    const { app } = await chain((_request, response) => {
      gone = once(response, 'close')
      arrived()
    })
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as { port: number }
    const sent = ask({ port, path: '/quote?item=tea' }).on('error', () => {})
    sent.end()
    await arrival
    sent.destroy()
    await gone
  })

  test.each<[string, Answer, string]>([
    ['an error', (_, response) => void response.writeHead(500).end('stack trace'), 'it answered 500'],
    ['no JSON', (_, response) => void response.end('<html>'), 'its answer is no JSON'],
    [
      'too much',
      (_, response) => void response.end('x'.repeat(70_000)),
      'its answer is larger than 65536 bytes',
    ],
    ['a reset', (request) => request.socket.resetAndDestroy(), 'ECONNRESET'],
  ])('%s of it is a 502 that says so and nothing more', async (_name, answer, said) => {
    const { quote } = await chain(answer)
    const failed = await quote()
    expect([failed.statusCode, failed.json().type]).toEqual([502, 'downstream'])
    expect(failed.json().detail).toBe(`The service behind this one failed: ${said}`)
  })

  test('nobody there is a 502, too; no item is a 400; no service, no route', async () => {
    const { app, quote, end } = await chain(priced)
    await end()
    expect((await quote()).json().detail).toContain('ECONNREFUSED')
    expect((await app.inject('/quote')).statusCode).toBe(400)
    const alone = await buildApp({ database: openDatabase(':memory:') })
    stops.push(() => alone.close())
    expect((await alone.inject('/quote?item=tea')).statusCode).toBe(404)
  })

  test('leaves at most ten connections idle, for 30 s, and none after closing', async () => {
    expect([MOST_IDLE, IDLE_MS]).toEqual([10, 30_000])
    const waiting: ServerResponse[] = []
    let all = () => {}
    const here = new Promise<void>((resolve) => (all = resolve))
    const { quote, downstream, behind } = await chain((_request, response) => {
      if (waiting.push(response) === 15) all()
    })
    const asked = Array.from({ length: 15 }, () => quote())
    await here
    expect(downstream.connections()).toBe(15)
    for (const response of waiting) response.end('{}')
    await Promise.all(asked)
    const open = () => new Promise<number>((resolve) => behind.getConnections((_, count) => resolve(count)))
    while ((await open()) > MOST_IDLE) await new Promise(setImmediate)
    expect(downstream.connections()).toBe(MOST_IDLE)
    downstream.close()
    downstream.close()
    expect(downstream.connections()).toBe(0)
    while ((await open()) > 0) await new Promise(setImmediate)
  })
})
