import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Fault, RequestFault } from '../../../mocks/faults.js'
import { createSocketDesk } from './rig.js'

/** Those under which each message still arrives once and in order, or not at all once it is over. */
const honest: fc.Arbitrary<RequestFault> = fc.oneof(
  fc.record({ type: fc.constant('latency' as const), ms: fc.nat(3000), jitterMs: fc.nat(2000) }),
  fc.record({ type: fc.constant('bandwidth' as const), kBps: fc.constantFrom(0.01, 1, 50) }),
  fc.constantFrom<RequestFault>(
    { type: 'blackhole' },
    { type: 'blackhole', only: { direction: 'down' } },
    { type: 'refuse' },
    { type: 'reset' },
    { type: 'reset', afterBytes: 20 },
    { type: 'portal' },
    { type: 'status', code: 503 },
    { type: 'close', code: 1012, reason: 'soon' },
    { type: 'close', code: 1006 },
    { type: 'close', code: 1011, clean: false },
  ),
)
const withLuck = (of: fc.Arbitrary<RequestFault>): fc.Arbitrary<Fault> =>
  fc.oneof(
    of,
    fc.constantFrom<Fault>({ type: 'offline' }, { type: 'lost' }),
    fc.record({ type: fc.constant('failTimes' as const), n: fc.integer({ min: 1, max: 3 }), fault: of }),
    fc.record({ type: fc.constant('flaky' as const), probability: fc.constantFrom(0.3, 0.7), fault: of }),
  )
const anyFault = withLuck(
  fc.oneof(
    honest,
    fc.constantFrom<RequestFault>({ type: 'drop' }, { type: 'duplicate' }, { type: 'reorder' }),
  ),
)

type Move =
  | { readonly move: 'dial' | 'stop' | 'calm' | 'say' | 'server closes' }
  | { readonly move: 'send' | 'close'; readonly which: number }
  | { readonly move: 'apply'; readonly fault: Fault }
  | { readonly move: 'kill' | 'graceful' | 'advance'; readonly ms: number }

const moves = (fault: fc.Arbitrary<Fault>): fc.Arbitrary<Move[]> =>
  fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ move: fc.constantFrom('dial' as const, 'say' as const) }) },
      { weight: 5, arbitrary: fc.record({ move: fc.constant('send' as const), which: fc.nat(5) }) },
      { weight: 1, arbitrary: fc.record({ move: fc.constant('close' as const), which: fc.nat(5) }) },
      {
        weight: 2,
        arbitrary: fc.record({
          move: fc.constantFrom('stop' as const, 'calm' as const, 'server closes' as const),
        }),
      },
      { weight: 3, arbitrary: fc.record({ move: fc.constant('apply' as const), fault }) },
      {
        weight: 1,
        arbitrary: fc.record({
          move: fc.constantFrom('kill' as const, 'graceful' as const),
          ms: fc.nat(4000),
        }),
      },
      { weight: 6, arbitrary: fc.record({ move: fc.constant('advance' as const), ms: fc.nat(3000) }) },
    ),
    { maxLength: 40 },
  )

/** Longer than a kernel goes on trying. */
const FOR_EVER_MS = 2_000_000

interface Walked {
  readonly state: number
  readonly states: readonly number[]
  readonly lines: readonly string[]
  readonly sent: readonly string[]
  readonly heard: readonly string[]
  readonly said: readonly string[]
}

async function walk(all: readonly Move[]) {
  const servers: { heard: string[]; said: string[]; say(): void; close(): void }[] = []
  const desk = createSocketDesk({
    seed: 5,
    onConnection(client) {
      const [heard, said]: string[][] = [[], []]
      servers[Number(client.url.searchParams.get('n'))] = {
        heard: heard!,
        said: said!,
        say() {
          if (!network.clients.list().includes(client)) return
          client.send(`s${said!.length}`)
          said!.push(`s${said!.length}`)
        },
        close: () => client.close(1001, 'away'),
      }
      client.addEventListener('message', ({ data }) => void heard!.push(String(data)))
    },
  })
  const { network, clock, dial } = desk
  const sockets: (ReturnType<typeof dial> & { sent: string[]; states: number[] })[] = []
  const stops: (() => void)[] = []
  const look = () => {
    for (const { socket, states } of sockets) {
      if (states.at(-1) !== socket.readyState) states.push(socket.readyState)
    }
  }
  for (const one of all) {
    if (one.move === 'dial') {
      sockets.push({ ...dial(`wss://api.example/echo?n=${sockets.length}`), sent: [], states: [0] })
    } else if (one.move === 'send') {
      const to = sockets[one.which]
      if (to?.socket.readyState === 1) {
        to.socket.send(`c${to.sent.length}`)
        to.sent.push(`c${to.sent.length}`)
      }
    } else if (one.move === 'close') sockets[one.which]?.socket.close(3000)
    else if (one.move === 'say') for (const server of servers) server?.say()
    else if (one.move === 'server closes') servers.at(-1)?.close()
    else if (one.move === 'apply') stops.push(network.apply(one.fault))
    else if (one.move === 'stop') stops.shift()?.()
    else if (one.move === 'calm') network.calm()
    else if (one.move === 'kill') stops.push(network.restart.kill({ downMs: one.ms }))
    else if (one.move === 'graceful') stops.push(network.restart.graceful({ drainMs: one.ms, downMs: 500 }))
    else if ('ms' in one) await clock.advance(one.ms)
    look()
  }
  network.calm()
  await clock.advance(FOR_EVER_MS)
  look()
  const walked = sockets.map(({ socket, states, lines, sent }, n): Walked => ({
    ...{ state: socket.readyState, states, lines, sent },
    ...{ heard: servers[n]?.heard ?? [], said: servers[n]?.said ?? [] },
  }))
  return { ...desk, walked }
}

const textsIn = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => /^message (.*)@/.exec(line)?.[1] ?? [])

test('whatever is done to it, a socket goes one way, ends at most once, and the log is the same again', async () => {
  await fc.assert(
    fc.asyncProperty(moves(anyFault), async (all) => {
      const { walked, network, clock } = await walk(all)
      expect(clock.pending()).toBe(0)
      for (const { state, states, lines } of walked) {
        expect(states).toEqual([...states].sort((a, b) => a - b))
        const kinds = lines.map((line) => line.split(/[ @]/)[0])
        expect(kinds.filter((kind) => kind === 'close').length).toBe(state === 3 ? 1 : 0)
        if (state === 3) expect(kinds.at(-1)).toBe('close')
        expect(kinds.filter((kind) => kind === 'open').length).toBeLessThanOrEqual(1)
        if (kinds.includes('error')) expect(kinds.at(-2)).toBe('error')
        expect(kinds.indexOf('open')).toBe(kinds.includes('open') ? 0 : -1)
      }
      const handshakes = network.log.filter(({ close }) => !close)
      expect(new Set(handshakes.map(({ id }) => id)).size).toBe(walked.length)
      const ends = network.log.filter(({ close }) => close)
      expect(ends.length).toBe(walked.filter(({ states }) => states.includes(1) && states.includes(3)).length)
      expect((await walk(all)).network.logHash()).toBe(network.logHash())
    }),
    { numRuns: 150, seed: 20_260_102 },
  )
}, 120_000)

test('without drop, duplicate and reorder, messages arrive in order, once, and all if both ends stay open', async () => {
  let whole = 0
  await fc.assert(
    fc.asyncProperty(moves(withLuck(honest)), async (all) => {
      const wasLost = all.some((one) => one.move === 'apply' && one.fault.type === 'lost')
      const { walked, network } = await walk(all)
      const isHeld = (n: number) =>
        network.clients.list().some(({ url }) => url.searchParams.get('n') === String(n))
      walked.forEach(({ state, lines, sent, heard, said }, n) => {
        const came = textsIn(lines)
        expect(came).toEqual(said.slice(0, came.length))
        expect(heard).toEqual(sent.slice(0, heard.length))
        if (state !== 1 || !isHeld(n) || wasLost) return
        whole++
        expect(came).toEqual(said)
        expect(heard).toEqual(sent)
      })
    }),
    { numRuns: 150, seed: 20_260_103 },
  )
  expect(whole).toBeGreaterThan(20)
}, 120_000)
