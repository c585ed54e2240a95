/** The TCP stage: listens, or not, and carries each connection as the mode and the faults in force say. */
import { type Server, createServer } from 'node:net'
import type { Clock } from '../../../src/core/clock.js'
import { type Direction, type Fault, isAtOnce } from '../../../mocks/faults.js'
import { seededRandom } from '../../../mocks/random.js'
import { type Pair, type Target, createPair } from './pair.js'
import { type Cut, type LaneFaults, laneFaults } from './lane-faults.js'

/**
 * What the proxy does as a whole; faults come on top of it.
 *
 * - `pass`: bytes go through.
 * - `blackhole`: nothing goes through, in either direction, closes and resets included; nobody is told. Back
 *   in `pass`, each direction goes on at the next retransmission of its kernel.
 * - `mute`: what clients send arrives, and is acted upon; nothing of what is answered comes back. A reset
 *   afterwards loses those answers for good.
 * - `refuse`: nobody listens. Open connections live on, as those of a server that is ending do.
 * - `reset`: open connections are reset, and each new one as soon as it is there.
 */
export type FaultMode = (typeof faultModes)[number]

/** The names of the modes. */
export const faultModes = ['pass', 'blackhole', 'mute', 'refuse', 'reset'] as const

/** The faults that lie on the path, and ask nothing of what is said on it. */
export type WireFault = Extract<
  Fault,
  {
    readonly type: 'latency' | 'bandwidth' | 'refuse' | 'blackhole' | 'lost' | 'reset' | 'truncate'
  }
>

/** Undoes; resolves when it is undone. Calling it twice does no harm. */
export type AsyncStop = () => Promise<void>

/** The TCP stage. */
export interface Wire {
  readonly port: number
  readonly connections: number
  mode(mode?: FaultMode): Promise<FaultMode>
  apply(fault: WireFault): Promise<AsyncStop>
  stop(): Promise<void>
}

/** What a wire is made of. */
export interface WireOptions {
  readonly target: Target
  /** 0: any free one. */
  readonly port: number
  readonly clock: Clock
  readonly seed: number
}

/** Nobody listens any more for what comes on a kept connection. */
const NOBODY: Cut = { fault: {}, after: 0, how: 'reset', head: true }

/** Starts one in mode `pass`. */
export async function createWire({ target, port, clock, seed }: WireOptions): Promise<Wire> {
  const random = seededRandom(seed)
  const pairs = new Set<Pair>()
  const faults = new Set<WireFault>()
  let mode: FaultMode = 'pass'
  let state: 'open' | 'stopped' = 'open'
  let numbers = 0

  const isInForce = (type: WireFault['type']) => [...faults].some((fault) => fault.type === type)
  const isRefusing = () => isInForce('refuse')

  function faultsOf(pair: Pair, way: Direction): LaneFaults {
    const met = laneFaults(
      [...faults].filter((fault) => fault.type !== 'lost'),
      way,
      pair.transport,
    )
    const held = met.held || mode === 'blackhole' || (mode === 'mute' && way === 'down')
    // What is open stays open; a request that comes on a kept connection finds nobody.
    const cuts = isRefusing() && way === 'up' && pair.transport === 'http' ? [...met.cuts, NOBODY] : met.cuts
    return { ...met, held, cuts }
  }

  const server: Server = createServer({ allowHalfOpen: true }, (client) => {
    if (mode === 'reset' || state === 'stopped') return void client.resetAndDestroy()
    pairs.add(
      createPair({
        client,
        target,
        clock,
        random: random.fork(++numbers),
        faults: faultsOf,
        onGone: (pair) => void pairs.delete(pair),
      }),
    )
  })

  const listen = (on: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(on, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  await listen(port)
  const ownPort = (server.address() as { port: number }).port

  // A closed port refuses also what a black hole would swallow: the hole is the outer one.
  const shouldListen = () => mode !== 'refuse' && (!isRefusing() || isInForce('blackhole'))
  let last: Promise<void> = Promise.resolve()
  /** Everything is told of what is in force now; resolves when the port is as it should be. */
  function changed(): Promise<void> {
    if (mode === 'reset') for (const pair of pairs) pair.cut('reset')
    for (const pair of pairs) pair.changed()
    last = last
      .catch(() => {})
      .then(async () => {
        if (state === 'stopped' || shouldListen() === server.listening) return
        // Closing is done at once; its callback would wait for the open connections.
        if (server.listening) server.close()
        else await listen(ownPort)
      })
    return last
  }

  function strikeAtOnce(fault: WireFault) {
    for (const pair of [...pairs]) {
      const { transport, direction } = { ...fault.only }
      if (transport !== undefined && transport !== pair.transport) continue
      if (fault.type === 'lost') pair.lose(direction)
      const isStream = pair.transport !== 'http'
      if (fault.type === 'reset' && isStream && isAtOnce(fault)) pair.cut('reset')
    }
  }

  return {
    port: ownPort,
    get connections() {
      return pairs.size
    },
    async mode(next) {
      if (next !== undefined && next !== mode) {
        mode = next
        await changed()
      }
      return mode
    },
    async apply(given) {
      // An object of its own: the same fault may be in force twice.
      const fault = { ...given }
      faults.add(fault)
      strikeAtOnce(fault)
      await changed()
      return async () => {
        if (faults.delete(fault)) await changed()
      }
    },
    async stop() {
      if (state === 'stopped') return last
      state = 'stopped'
      last = last
        .catch(() => {})
        .then(async () => {
          const closed = server.listening
            ? new Promise<void>((resolve) => server.close(() => resolve()))
            : Promise.resolve()
          for (const pair of [...pairs]) pair.cut('close')
          await closed
        })
      await last
    },
  }
}
