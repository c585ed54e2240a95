import { expect, test, vi } from 'vitest'
import { sendRequest, type DurablePort, type LogLine } from '../../src/http/index.js'
import { createQueue, memoryStore } from '../../src/queue/index.js'
import { createRig, watch } from './rig.js'

const told = (lines: readonly LogLine[]) =>
  lines.map(({ id, decision, why, attempt, delayMs }) =>
    [id, decision, why, attempt, ...(delayMs === undefined ? [] : [delayMs])].join(' '),
  )

test('R22: each decision is told with its attempt, its reason and its delay; a simple answer is not', async () => {
  const lines: LogLine[] = []
  const rig = createRig({ retries: 1, log: (line) => lines.push(line) })
  await rig.online()
  watch(rig.api.get('/fine'))
  await rig.clock.settle()
  rig.net.last.answer()
  await rig.clock.settle()
  expect(lines).toEqual([])

  watch(rig.api.get('/orders'))
  await rig.clock.settle()
  rig.net.last.answer(503, '{}', { 'retry-after': '2' })
  await rig.clock.advance(3_000)
  rig.net.last.answer(500)
  await rig.clock.settle()
  expect(told(lines)).toEqual([
    '1 hold verdict-open 1',
    '1 retry failed 1 3000',
    '1 send failed 1',
    '1 give-back retries-used 2',
  ])
  expect(lines[1]).toMatchObject({ request: 'GET https://api.test/orders', status: 503 })
  expect(lines[3]).toMatchObject({ status: 500, at: rig.clock.now() })
})

test('R22: an outage reads as it went: held, lined up, shared, sent', async () => {
  const lines: LogLine[] = []
  const rig = createRig({ log: (line) => lines.push(line) })
  await rig.online()
  watch(rig.api.get('/a'))
  await rig.clock.settle()
  await rig.lose()
  watch(rig.api.get('/b'))
  watch(rig.api.get('/b'))
  await rig.recover()
  rig.net.last.answer()
  await rig.clock.settle()
  expect(told(lines)).toEqual([
    '1 hold lost 1',
    '2 hold link-down 0',
    '3 hold link-down 0',
    '1 turn link-up 1',
    '2 turn link-up 0',
    '3 share identical 0',
    '1 send link-up 1',
    '2 send link-up 0',
  ])
  rig.http.detach()
})

test('a log that throws disturbs no request, and its error is still heard', async () => {
  const before = process.listeners('unhandledRejection')
  const heard: unknown[] = []
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', (error) => heard.push(error))
  const rig = createRig({
    log() {
      throw new Error('of the log')
    },
  })
  await rig.online()
  const asked = watch(rig.api.get('/orders'))
  await rig.clock.settle()
  rig.net.last.answer(500)
  await rig.clock.advance(1_000)
  rig.net.last.answer()
  await rig.clock.settle()
  expect(asked.state).toBe('resolved')
  await new Promise((resolve) => setImmediate(resolve))
  process.removeAllListeners('unhandledRejection')
  before.forEach((listener) => process.on('unhandledRejection', listener))
  expect(heard).toEqual([new Error('of the log'), new Error('of the log')])
})

const CANARY = 'c4n4ry'

test('I16: no secret of a request is in a log line, a fact, a report, an event, an error of ours or the store', async () => {
  const outputs: unknown[] = []
  const store = memoryStore()
  const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((...given: unknown[]) => void outputs.push(given)),
  )
  const queuePort: { current?: DurablePort } = {}
  const rig = createRig({
    auth: { token: () => CANARY, refresh: () => Promise.reject(new Error('no')) },
    log: (line) => outputs.push(line),
    onOutage: (outage) => outputs.push(outage),
    queue: { enqueueRequest: (request) => queuePort.current!.enqueueRequest(request) },
    holdMs: 5_000,
  })
  const { connection } = rig
  const handlers = { request: sendRequest(rig.api) }
  const queue = createQueue({ connection, store, scope: 'ann', handlers })
  queuePort.current = queue
  queue.start()
  rig.http.subscribe((facts) => outputs.push(facts))
  queue.onChange((actions) => outputs.push(actions))
  connection.subscribe((_state, event) => outputs.push(event))
  await rig.online()
  const config = {
    headers: { Authorization: `Bearer ${CANARY}`, Cookie: CANARY, 'X-Api-Key': CANARY },
    auth: { username: CANARY, password: CANARY },
    params: { token: CANARY },
  }
  const asked = [
    rig.api.get(`https://u:${CANARY}@api.test/a?key=${CANARY}#${CANARY}`, config),
    rig.api.post('/b', { password: CANARY }, config),
    rig.api.post('/c', { order: 1 }, { ...config, params: {}, durable: { label: 'Order 1' } }),
  ].map(watch)
  await rig.clock.settle()
  for (const sent of rig.net.sent) sent.answer(401, `{"detail":"${CANARY}"}`)
  await rig.clock.advance(100)
  await rig.lose()
  const held = watch(rig.api.get('/held', config))
  await rig.clock.advance(6_000)
  outputs.push(held.value)
  await rig.recover()
  expect(asked[0]?.state).toBe('rejected')
  for (const { value } of [...asked, held])
    outputs.push((value as { holdfast?: unknown } | undefined)?.holdfast)
  outputs.push(String((held.value as Error).message), (held.value as Error).stack)
  await store.load('ann', (rows) => outputs.push(rows))
  expect(outputs.length).toBeGreaterThan(15)
  expect(JSON.stringify(outputs)).not.toContain(CANARY)
  spies.forEach((spy) => spy.mockRestore())
  queue.stop()
  rig.http.detach()
})
