/**
 * How a socket ends, as its page is told: the simulator's class on a manual clock against Chromium's own and a
 * server on a bare TCP socket, 100 ms away. Events, codes and cleanness exactly, times within 150 ms; a busy machine
 * may be late by as much more as timers in the page were meanwhile.
 */
import { ws } from 'msw'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Fault } from '../../mocks/faults.js'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork } from '../../mocks/network.js'
import { launchBrowser } from '../support/browser.js'
import { startRawSocketServer } from '../support/raw-socket-server.js'

const HALF_MS = 100
const TOLERANCE_MS = 150

type Told = readonly [what: string, atMs: number]

/** What was told, and how late timers were (ms). */
interface Watched {
  readonly told: readonly Told[]
  readonly lateMs: number
}

/** What the application does: closes so long after `open`, or so long after the dial. */
interface Deeds {
  readonly closeAfterOpenMs?: number
  readonly closeAfterDialMs?: number
  readonly code?: number
  readonly reason?: string
}

interface Case extends Deeds {
  readonly path: string
  /** What makes it true in the simulator: applied at the dial, or so long after it (ms). */
  readonly fault?: Fault
  readonly atMs?: number
  /** What the simulated server does after it has accepted. */
  readonly serverCloses?: readonly [code?: number, reason?: string]
  readonly serverSays?: string
  /** The network, so long after the dial (ms). */
  readonly holeAtMs?: number
}

const CASES: Readonly<Record<string, Case>> = {
  'a refused handshake': { path: '/refused', fault: { type: 'refuse' } },
  'a 401 handshake': { path: '/401', fault: { type: 'status', code: 401 } },
  'a portal': { path: '/portal', fault: { type: 'portal' } },
  'a handshake that is cut': { path: '/handshake-reset', fault: { type: 'reset' } },
  'a reset': { path: '/reset', fault: { type: 'reset' }, atMs: 300 },
  'an end without a close frame': { path: '/end', fault: { type: 'close', code: 1006 }, atMs: 300 },
  'a planned restart': { path: '/1012', serverCloses: [1012, '{"retryAfterMs":3000}'] },
  'a server that does not hang up': { path: '/1012-and-stays', serverCloses: [1012, 'x'], holeAtMs: 450 },
  'a server that needs auth': { path: '/4401', serverCloses: [4401, 'auth'] },
  'a close frame without a code': { path: '/no-code', serverCloses: [] },
  'a close frame and a reset': {
    path: '/1011-then-reset',
    fault: { type: 'close', code: 1011, reason: 'x', clean: false },
    atMs: 300,
  },
  'close()': { path: '/plain', closeAfterOpenMs: 0 },
  'close(3001)': { path: '/plain', closeAfterOpenMs: 100, code: 3001, reason: 'bye' },
  'close() while connecting': { path: '/plain', closeAfterDialMs: 50 },
  'a message while closing': { path: '/talks', closeAfterOpenMs: 100, serverSays: 'late' },
}

/** Dials, and notes what is told; runs in a page and here. */
function watch(
  socket: WebSocket,
  now: () => number,
  later: (run: () => void, ms: number) => void,
  deeds: Deeds,
) {
  const told: [string, number][] = []
  const startAt = now()
  const note = (what: string) => told.push([what, now() - startAt])
  const close = () => (deeds.code === undefined ? socket.close() : socket.close(deeds.code, deeds.reason))
  socket.onopen = () => {
    note('open')
    if (deeds.closeAfterOpenMs !== undefined) later(close, deeds.closeAfterOpenMs)
  }
  socket.onmessage = ({ data }) => note(`message ${data}`)
  socket.onerror = () => note('error')
  if (deeds.closeAfterDialMs !== undefined) later(close, deeds.closeAfterDialMs)
  return new Promise<{ told: [string, number][]; lateMs: number }>((resolve) => {
    let state: 'watching' | 'over' = 'watching'
    let lateMs = 0
    const lookAt = (dueAt: number) =>
      later(() => {
        lateMs = Math.max(lateMs, now() - dueAt)
        if (state === 'watching') lookAt(now() + 10)
      }, dueAt - now())
    lookAt(startAt + 10)
    socket.onclose = ({ code, reason, wasClean }) => {
      note(`close ${code} ${reason} ${wasClean}`)
      state = 'over'
      resolve({ told, lateMs })
    }
  })
}

async function simulated(one: Case): Promise<Watched> {
  const clock = manualClock()
  const link = ws.link('ws://server.example/*')
  const handler = link.addEventListener('connection', ({ client }) => {
    const { serverCloses, serverSays } = one
    if (serverCloses) clock.setTimeout(() => client.close(...serverCloses), 200)
    if (serverSays) clock.setTimeout(() => client.send(serverSays), 250)
  })
  const network = createNetwork({ clock, latencyMs: 2 * HALF_MS, handlers: [handler] })
  const { fault, atMs = 0, holeAtMs } = one
  const later = (run: () => void, ms: number) => void clock.setTimeout(run, ms)
  if (fault && atMs === 0) network.apply(fault)
  else if (fault) later(() => network.apply(fault), atMs)
  if (holeAtMs !== undefined) later(() => network.apply({ type: 'blackhole' }), holeAtMs)
  const told = watch(new network.WebSocket(`ws://server.example${one.path}`), clock.now, later, one)
  await clock.advance(10_000)
  network.dispose()
  return told
}

let stop: () => Promise<unknown> = async () => {}
let real: (one: Case) => Promise<Watched>

beforeAll(async () => {
  const server = await startRawSocketServer(HALF_MS)
  const closed = await startRawSocketServer(HALF_MS)
  await closed.stop()
  const browser = await launchBrowser()
  const page = await browser.newPage()
  stop = async () => {
    await browser.close()
    await server.stop()
  }
  real = ({ path, ...deeds }) => {
    const url = `ws://127.0.0.1:${path === '/refused' ? closed.port : server.port}${path}`
    const text = `(${watch.toString()})(new WebSocket(${JSON.stringify(url)}), () => performance.now(),
      (run, ms) => void setTimeout(run, ms), ${JSON.stringify(deeds)})`
    return page.evaluate<Watched>(text)
  }
  // A browser's first dial takes longer than those after it.
  await real({ path: '/401' })
})
afterAll(() => stop())

test.each(Object.entries(CASES))('%s ends in the simulator as in Chromium', async (_, one) => {
  const { told: inPage, lateMs } = await real(one)
  const { told: inSimulator } = await simulated(one)
  expect(inSimulator.map(([what]) => what)).toEqual(inPage.map(([what]) => what))
  // A refusal on loopback comes at once; a simulated one takes its round trip.
  if (one.path === '/refused') return
  inSimulator.forEach(([what, atMs], place) => {
    const lateBy = (inPage[place]?.[1] ?? Number.NaN) - atMs
    const message = `${what}: at ${atMs} ms here, ${lateBy} ms later in Chromium, whose timers were ${lateMs} ms late`
    expect(lateBy, message).toBeGreaterThan(-TOLERANCE_MS)
    expect(lateBy, message).toBeLessThan(TOLERANCE_MS + lateMs)
  })
})
