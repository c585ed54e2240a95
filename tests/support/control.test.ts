import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { type Stops, ask, dial, echo, service, undo } from './proxy-stage.js'

const stops: Stops = []
afterEach(() => undo(stops))

/** Says something to a control port. */
async function tell(port: number, line: string, body?: unknown) {
  const [method = '', path = ''] = line.split(' ')
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
  const got = await ask(port, { method, path, body: text })
  return [got.status, got.body === '' ? null : (JSON.parse(got.body) as unknown)]
}

test('the control port tells the state, sets the mode, and puts faults in and out of force', async () => {
  const { proxy } = await service(stops, (_request, response) => response.end('ok'), { control: true })
  const { port } = proxy.control!
  const fault = { type: 'status', code: 503, only: { path: '/orders' } }
  expect(await tell(port, 'POST /faults', fault)).toEqual([201, { id: 1 }])
  expect(await tell(port, 'POST /mode', { mode: 'pass' })).toEqual([200, { mode: 'pass' }])
  const state = { port: proxy.port, mode: 'pass', connections: 0, faults: [{ id: 1, fault }] }
  expect(await tell(port, 'GET /')).toEqual([200, state])
  expect((await ask(proxy.port, { path: '/orders' })).status).toBe(503)
  expect(await tell(port, 'DELETE /faults/1')).toEqual([204, null])
  expect((await ask(proxy.port, { path: '/orders' })).status).toBe(200)
  expect(await tell(port, 'DELETE /faults/1')).toEqual([404, { error: 'No fault 1 is in force' }])
  await tell(port, 'POST /mode', { mode: 'refuse' })
  await expect(dial(stops, proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('what is malformed is a 400 with the reason, and changes nothing', async () => {
  const { proxy } = await echo(stops, { control: true })
  const { port } = proxy.control!
  const bad = [
    ['POST /faults', { type: 'latency', ms: 1.5 }, 'fault.ms is 1.5; allowed: a whole number'],
    ['POST /faults', { type: 'latency', ms: 1, only: { pth: '/' } }, 'fault.only.pth'],
    ['POST /faults', { type: 'portal' }, 'gateway is false'],
    ['POST /faults', '{"type":', 'body is'],
    ['POST /faults', 'null', 'fault is null'],
    ['POST /mode', { mode: 'sideways' }, 'mode is "sideways"; allowed: pass, blackhole'],
    ['POST /mode', '[]', 'body is'],
    ['POST /faults', 'x'.repeat(70_000), 'characters'],
  ] as const
  for (const [line, body, reason] of bad) {
    expect(await tell(port, line, body)).toEqual([400, { error: expect.stringContaining(reason) }])
  }
  expect((await tell(port, 'PUT /faults'))[0]).toBe(404)
  expect(await tell(port, 'GET /')).toEqual([200, expect.objectContaining({ mode: 'pass', faults: [] })])
})

test('it is run by hand: says where it listens, proxies, and ends when it is told to', async () => {
  const { proxy } = await service(stops, (_request, response) => response.end('ok'))
  const main = fileURLToPath(new URL('./proxy/main.ts', import.meta.url))
  const args = ['--target', String(proxy.port), '--gateway']
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  stops.push(() => child.kill('SIGKILL'))
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { listening, control } = JSON.parse(line) as { listening: number; control: string }
  expect((await ask(listening)).body).toBe('ok')
  await tell(Number(new URL(control).port), 'POST /faults', { type: 'status', code: 418 })
  expect((await ask(listening)).status).toBe(418)
  const ended = once(child, 'close')
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
})
