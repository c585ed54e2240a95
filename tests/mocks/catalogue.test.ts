import { expect, test } from 'vitest'
import { scenarios } from '../../mocks/scenarios/index.js'
import { createDesk } from './desk.js'
import { listen, ticker } from './listener.js'

const bearing = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } })

test('reply-lost: one write is done and its answer lost; its key finds it again', async () => {
  const { order, ask, clock, api, network } = createDesk()
  network.run(scenarios['reply-lost'])
  await clock.advance(2000)
  const [read, lost] = [ask(), order('a')]
  await clock.advance(100)
  const again = order('a')
  await clock.advance(100)
  expect([read.end, lost.end, again.end]).toEqual(['200', 'TypeError', '201'])
  expect(again.answer?.headers.get('Idempotent-Replayed')).toBe('true')
  expect(api.ledger).toHaveLength(1)
})

test('half-open: the stream that was open is silent, the next one is well', async () => {
  const desk = createDesk()
  desk.network.use(ticker(desk, 500, 20))
  desk.network.run(scenarios['half-open'])
  const before = listen(desk, '/sse')
  await desk.clock.advance(5000)
  expect(before.lines.at(-1)).toBe('540 data: 2')
  const after = listen(desk, '/sse')
  await desk.clock.advance(700)
  expect(after.lines).toEqual(['5040 open', '5040 data: 1', '5540 data: 2'])
})

test('slow-3g: two seconds a round trip, and 50 kB a second', async () => {
  const { order, clock, network } = createDesk()
  network.run(scenarios['slow-3g'])
  const note = 'x'.repeat(2000)
  const sent = order('a', { item: 'rope', qty: 1, note })
  await clock.advance(10_000)
  // 2,000 bytes up and about as many back, at 50 bytes a millisecond.
  expect(sent).toMatchObject({ end: '201', atMs: 2040 + 41 })
})

test('token-expired: after the outage the old token is refused, a new one is not', async () => {
  const { ask, clock, network } = createDesk()
  network.run(scenarios['token-expired'])
  await clock.advance(7000)
  const held = ask('/orders', bearing('old'))
  await clock.advance(6000)
  const [old, fresh] = [ask('/orders', bearing('old')), ask('/orders', bearing('new'))]
  await clock.advance(100)
  expect([held.end, old.end, fresh.end]).toEqual(['TypeError', '401', '200'])
})

test('lying-online: the flag says on line while nothing gets through, and off line while all is well', async () => {
  const { ask, clock, network } = createDesk()
  const events: string[] = []
  network.device.on((event) => events.push(event))
  network.run(scenarios['lying-online'])
  const seen: (string | boolean)[] = []
  for (const until of [5000, 14_000, 20_000, 30_000]) {
    await clock.advance(until - (clock.now() % 100_000))
    const asked = ask('/health')
    await clock.advance(100)
    seen.push(network.device.onLine, asked.end)
  }
  expect(seen).toEqual([true, 'TypeError', true, '204', false, '204', true, '204'])
  expect(events).toEqual(['offline', 'online'])
})

test('wrong-clock: the hint is a date of a clock that is an hour ahead, beside the Date of that clock', async () => {
  const { ask, clock, network } = createDesk()
  network.run(scenarios['wrong-clock'])
  await clock.advance(2000)
  const told = ask()
  await clock.advance(100)
  const at = (name: string) => Date.parse(told.answer?.headers.get(name) ?? '')
  expect(at('Retry-After') - at('Date')).toBe(10_000)
  expect(at('Date') - clock.now()).toBeGreaterThan(3_500_000)
})

test('crash-loop and tunnel: what a health check sees each second', async () => {
  const watch = async (name: 'crash-loop' | 'tunnel', seconds: number) => {
    const { ask, clock, network } = createDesk()
    network.run(scenarios[name])
    const asked = []
    for (let second = 0; second < seconds; second++) {
      asked.push(ask('/health'))
      await clock.advance(1000)
    }
    await clock.advance(60_000)
    const seen = asked.map(({ end, atMs }, second) =>
      end === '204' ? Math.round((atMs - second * 1000) / 1000) : '.',
    )
    return { seen, resent: network.calls({ end: 'resent' }).length }
  }
  expect((await watch('crash-loop', 27)).seen.join('')).toBe('0....000000....000000....00')
  const { seen: tunnel, resent } = await watch('tunnel', 25)
  expect(tunnel.slice(0, 2)).toEqual([0, 0])
  expect(tunnel.slice(22)).toEqual([0, 0, 0])
  // Nothing is refused in a tunnel: what was asked in it is answered behind it.
  expect(tunnel.slice(2, 10).filter((one) => typeof one === 'number' && one >= 2).length).toBeGreaterThan(4)
  // What the bad cell behind it cuts, the browser sends again.
  expect([tunnel.slice(10, 22).includes('.'), resent > 0]).toEqual([false, true])
})
