import { http, HttpResponse, ws } from 'msw'
import { expect, test } from 'vitest'
import { createLiveApi } from '../../mocks/live-api.js'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork, type Network } from '../../mocks/network.js'
import { scenarios } from '../../mocks/scenarios/index.js'
import { BASE, createDesk, HOST } from './desk.js'
import { listen, ticker } from './listener.js'

const DEPLOY = { instances: 3, drainMs: 1000, downMs: 2000 }

test('R07 a rolling deploy refuses nobody: every request and every health check is answered, by one instance or another', async () => {
  const { ask, order, clock, network } = createDesk()
  network.run(scenarios['rolling-deploy'])
  const asked = []
  for (let turn = 0; turn < 200; turn++) {
    asked.push(ask('/health'), ask(), order(`key-${turn}`))
    await clock.advance(100)
  }
  expect(asked.map(({ end }) => end).filter((end) => !end.startsWith('20'))).toEqual([])
  const boots = new Set(asked.map(({ answer }) => answer?.headers.get('Holdfast-Boot')))
  expect([...boots].sort()).toEqual(['boot-1', 'boot-2', 'boot-3', 'boot-4', 'boot-5', 'boot-6'])
  const last = new Set(asked.slice(-30).map(({ answer }) => answer?.headers.get('Holdfast-Boot')))
  expect([...last].sort()).toEqual(['boot-4', 'boot-5', 'boot-6'])
  expect(network.calls({ end: 'resent' })).toEqual([])
  network.calm()
  expect(clock.pending()).toBe(0)
})

test('a stream ends with its instance, told to come back at once; the next may be sent away again', async () => {
  const desk = createDesk()
  desk.network.use(ticker(desk, 500, 40))
  const first = listen(desk, '/sse')
  await desk.clock.advance(100)
  desk.network.restart.rolling(DEPLOY)
  await desk.clock.advance(1100)
  expect(first.lines.slice(-2)).toEqual(['1120 retry: 0', '1120 end'])
  const second = listen(desk, '/sse')
  const third = listen(desk, '/sse')
  await desk.clock.advance(8000)
  const ends = [second, third].map(({ lines }) => lines.filter((line) => line.endsWith('end')))
  expect(ends).toEqual([['4120 end'], ['7120 end']])
  expect(third.lines.at(-2)).toBe('7120 retry: 0')
  expect(desk.network.log[0]).toMatchObject({ end: 'answered', fault: 'restart' })
})

test('a socket is closed with 1012 and its place in the row, and what it says until then is heard', async () => {
  const clock = manualClock()
  const heard: string[] = []
  const link = ws.link(`wss://${HOST}/ws`)
  const handler = link.addEventListener('connection', ({ client }) =>
    client.addEventListener('message', ({ data }) => void heard.push(String(data))),
  )
  const network = createNetwork({ clock, hosts: [HOST], handlers: [handler] })
  const startAt = clock.now()
  const told: string[] = []
  const dial = (name: string) => {
    const socket = new network.WebSocket(`wss://${HOST}/ws`)
    socket.onclose = ({ code, reason }) =>
      void told.push(`${name} ${code} ${reason}@${clock.now() - startAt}`)
    return socket
  }
  const one = dial('one')
  dial('two')
  await clock.advance(200)
  network.restart.rolling(DEPLOY)
  await clock.advance(900)
  one.send('still here')
  await clock.advance(160)
  expect(heard).toEqual(['still here'])
  expect(told).toEqual(['one 1012 {"retryAfterMs":0}@1260', 'two 1012 {"retryAfterMs":5}@1260'])
  expect(network.clients.list()).toEqual([])
  network.dispose()
})

test('what an instance has not done when it ends is answered by the gateway, and never done', async () => {
  const { order, ask, api, clock, network } = createDesk({}, { work: () => network.delay(1500) })
  const slow = order('a')
  await clock.advance(100)
  network.restart.rolling(DEPLOY)
  await clock.advance(3000)
  expect(slow).toMatchObject({ end: '502', atMs: 1120 })
  expect(slow.answer?.headers.has('Holdfast')).toBe(false)
  expect(api.ledger).toEqual([])
  expect(network.calls({ status: 502 })).toMatchObject([{ fault: 'restart', reached: false }])
  const again = order('a')
  await clock.advance(1600)
  const health = ask('/health')
  await clock.advance(100)
  expect([again.end, health.end]).toEqual(['201', '204'])
})

test('what was asked before, and is done within the drain, is answered', async () => {
  const { order, clock, network } = createDesk({}, { work: () => network.delay(800) })
  const asked = order('a')
  await clock.advance(100)
  network.restart.rolling(DEPLOY)
  await clock.advance(3000)
  expect(asked.end).toBe('201')
})

test('a download is cut with its instance', async () => {
  const desk = createDesk()
  desk.network.use(ticker(desk, 100, 100, '/file'))
  const file = listen(desk, '/file', {})
  await desk.clock.advance(100)
  desk.network.restart.rolling(DEPLOY)
  await desk.clock.advance(2000)
  expect(file.lines.at(-1)).toBe('1100 TypeError: network error')
})

test('a kill in the middle of it ends all instances; its stop, and calm, have one that serves', async () => {
  const { ask, clock, network } = createDesk()
  const stop = network.restart.rolling(DEPLOY)
  await clock.advance(1500)
  network.restart.kill({ downMs: 1000 })
  stop()
  const refused = ask()
  await clock.advance(1000)
  const well = ask()
  await clock.advance(100)
  expect([refused.end, well.end]).toEqual(['TypeError', '200'])
  network.restart.rolling(DEPLOY)
  await clock.advance(500)
  network.calm()
  const asked = [ask(), ask(), ask()]
  await clock.advance(100)
  expect(new Set(asked.map(({ answer }) => answer?.headers.get('Holdfast-Boot'))).size).toBe(1)
  expect(clock.pending()).toBe(0)
})

test('the live API tells those on an instance that drains, each by the boot id that it was greeted with', async () => {
  const clock = manualClock()
  const network: Network = createNetwork({
    clock,
    hosts: [HOST],
    handlers: createLiveApi({ base: BASE, network: () => network }).handlers,
  })
  const startAt = clock.now()
  const dial = () => {
    const lines: string[] = []
    const socket = new network.WebSocket(`wss://${HOST}/ws`)
    socket.onmessage = ({ data }) => {
      const { type, boot } = JSON.parse(String(data)) as { type: string; boot?: string }
      lines.push(`${type}${boot ? ` ${boot}` : ''}@${clock.now() - startAt}`)
    }
    socket.onclose = ({ code }) => void lines.push(`${code}@${clock.now() - startAt}`)
    return lines
  }
  const first = dial()
  await clock.advance(100)
  network.restart.rolling(DEPLOY)
  await clock.advance(500)
  const second = dial()
  await clock.advance(9000)
  expect(first).toEqual(['HELLO boot-1@40', 'DRAIN@120', '1012@1160'])
  expect(second[0]).toMatch(/^HELLO boot-[23]@640$/)
  const turn = second[0]?.includes('boot-2') ? 3100 : 6100
  expect(second.slice(1)).toEqual([`DRAIN@${turn + 20}`, `1012@${turn + 1060}`])
  network.dispose()
})

test('with handlers that wait on an instance that stays nothing happens', async () => {
  const desk = createDesk()
  const { network, clock, ask } = desk
  network.use(
    http.get(`${BASE}/slow`, async () => {
      await network.delay(1500)
      return HttpResponse.text('done')
    }),
  )
  network.restart.rolling(DEPLOY)
  const asked = [ask('/slow'), ask('/slow')]
  await clock.advance(1600)
  expect(asked.map(({ end }) => end)).toEqual(['200', '200'])
})

test('a rolling deploy that cannot be is refused by name', () => {
  const { restart } = createDesk().network
  expect(() => restart.rolling({ ...DEPLOY, instances: 1 })).toThrow('restart.rolling.instances is 1')
  expect(() => restart.rolling({ ...DEPLOY, drainMs: -1 })).toThrow('restart.rolling.drainMs is -1')
})
