import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ws } from 'msw'
import { manualClock } from '../../../mocks/manual-clock.js'
import { createNetwork } from '../../../mocks/network.js'
import { seededRandom } from '../../../mocks/random.js'
import { adaptive } from '../../../src/live/heartbeat.js'
import { ReconnectingWebSocket } from '../../../src/live/reconnecting-websocket.js'
import { URL_OF_ECHO } from './rig.js'

const STEPS = [
  ...['send', 'close', 'close 3000', 'reconnect', 'reconnect 4000'],
  ...['restart', 'reset', 'refuse', 'calm', 'half-open', 'offline', 'server closes', 'final code'],
  ...['10 ms', '300 ms', '3 s', '20 s', 'asleep'],
] as const
type Step = (typeof STEPS)[number]

/** One socket on a network of its own, and what must hold whatever happens to it. */
async function walk(steps: readonly Step[], hasHeartbeat: boolean): Promise<void> {
  const clock = manualClock()
  const link = ws.link(URL_OF_ECHO)
  const serve = link.addEventListener('connection', ({ client }) =>
    client.addEventListener('message', ({ data }) => {
      if (data === '{"type":"PING"}') client.send('{"type":"PONG"}')
    }),
  )
  const network = createNetwork({ clock, hosts: ['api.example'], latencyMs: 40, handlers: [serve] })
  const raw: WebSocket[] = []
  class Counted extends network.WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols)
      raw.push(this)
    }
  }
  const socket = new ReconnectingWebSocket(URL_OF_ECHO, [], {
    WebSocket: Counted,
    clock: network.device.clock,
    random: seededRandom(1),
    signals: [network.signals],
    heartbeat: hasHeartbeat ? adaptive() : null,
  })
  let last = 'nothing'
  socket.onopen = () => {
    expect([last, socket.readyState]).toEqual([last === 'open' ? 'two opens in a row' : last, 1])
    last = 'open'
  }
  socket.onerror = () => {
    expect([last === 'error', socket.readyState]).toEqual([false, 3])
    last = 'error'
  }
  socket.onclose = () => {
    expect(socket.readyState).toBe(3)
    last = 'close'
  }
  const run: Record<Step, () => unknown> = {
    send: () => socket.send('x'),
    close: () => socket.close(),
    'close 3000': () => socket.close(3000, 'bye'),
    reconnect: () => socket.reconnect(),
    'reconnect 4000': () => socket.reconnect(4000),
    restart: () => network.restart.kill({ downMs: 2000 }),
    reset: () => network.apply({ type: 'reset' })(),
    refuse: () => network.apply({ type: 'refuse' }),
    calm: () => network.calm(),
    'half-open': () => network.apply({ type: 'lost' }),
    offline: () => network.apply({ type: 'offline' }),
    'server closes': () => network.clients.list()[0]?.close(1000),
    'final code': () => network.clients.list()[0]?.close(4403),
    '10 ms': () => clock.advance(10),
    '300 ms': () => clock.advance(300),
    '3 s': () => clock.advance(3000),
    '20 s': () => clock.advance(20_000),
    async asleep() {
      const wake = network.device.sleep()
      await clock.advance(200_000)
      wake()
    },
  }
  for (const step of steps) {
    await run[step]()
    await clock.settle()
    expect(raw.filter(({ readyState }) => readyState < 2).length).toBeLessThanOrEqual(1)
    if (socket.readyState === 1) expect(last).toBe('open')
  }
  network.calm()
  // A final code may be under way, to a socket that is being opened: it would end what is asked for next.
  await clock.advance(200)
  socket.reconnect()
  await clock.advance(hasHeartbeat ? 60_000 : 0)
  if (hasHeartbeat) expect(socket.readyState).toBe(1)
  socket.close()
  await clock.advance(6000)
  expect([socket.readyState, last]).toEqual([3, 'close'])
  expect(raw.filter(({ readyState }) => readyState < 2)).toEqual([])
  network.dispose()
}

test('R15, R21: whatever happens: one line at most, open and close in turn, closed by hand is closed, it comes back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...STEPS), { maxLength: 20 }), fc.boolean(), walk),
    { numRuns: fc.readConfigureGlobal().numRuns ?? 100 },
  )
})
