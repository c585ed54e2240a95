/**
 * A proxy that fails on demand, without root: real sockets, real resets, real silence. It speaks the
 * simulator's vocabulary (docs/spec/simulator.md), and plays its scenarios: see proxy/play.ts.
 *
 * One thing is not as on a wire: in a black hole the handshake of a new connection succeeds, because the
 * kernel shakes hands for a listening port. A page cannot see the difference over HTTP: its request hangs
 * either way. Everything else waits as long as it would: see mocks/retransmission.ts.
 */
import { systemClock, type Clock } from '../../src/core/clock.js'
import { badOption, checkKeys, checkNumber } from '../../src/core/errors.js'
import { checkFault } from '../../mocks/fault-rules.js'
import type { Fault } from '../../mocks/faults.js'
import { type ControlPort, createControlPort } from './proxy/control.js'
import { createGateway } from './proxy/gateway.js'
import type { Target } from './proxy/pair.js'
import { stageOf } from './proxy/stage-of.js'
import { type AsyncStop, type FaultMode, createWire, faultModes } from './proxy/wire.js'

export type { AsyncStop, FaultMode } from './proxy/wire.js'

/** A running proxy. */
export interface FaultProxy {
  /** Where it listens; kept for its whole life, over `refuse` too. */
  readonly port: number
  /** Connections open at present. */
  readonly connections: number
  /** Whether it has its HTTP stage. */
  readonly hasGateway: boolean
  /** The control port; null: it has none. */
  readonly control: ControlPort | null
  /** Changes the mode; resolves with the mode in force, when it is. Without one it only tells. */
  mode(mode?: FaultMode): Promise<FaultMode>
  /**
   * Puts a fault in force, on top of those that are; resolves, when it is, with what undoes it. Rejects with
   * `bad-option` if it is malformed, cannot be made real, or needs the HTTP stage and there is none.
   */
  apply(fault: Fault): Promise<AsyncStop>
  /** Cuts everything and ends: no socket, timer or server of it is left. Calling it twice does no harm. */
  stop(): Promise<void>
}

/** Options of a proxy. */
export interface FaultProxyOptions {
  /** Where connections are forwarded to; the default host is 127.0.0.1. Looked at for each new connection. */
  readonly target: Target
  /** Default 0: any free port. */
  readonly port?: number
  /**
   * Puts an HTTP stage behind the TCP stage: needed by faults that answer (status, portal, unauthorized, close),
   * that count requests (failTimes, flaky) or are limited by what only a head of HTTP tells. With it `reset` and
   * `truncate` count the bytes of bodies, without it all bytes of the connection. Default: false.
   */
  readonly gateway?: boolean
  /** Listens for commands over HTTP: true, or its port. Default: false. */
  readonly control?: boolean | number
  /** The luck of its requests and connections. Default: 1. */
  readonly seed?: number
  /** What its delays are measured with. Default: the system's. */
  readonly clock?: Clock
}

/** Starts a proxy in mode `pass`, without a fault. */
export async function createFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  checkKeys('createFaultProxy', options, ['target', 'port', 'gateway', 'control', 'seed', 'clock'])
  const { target, port = 0, gateway = false, control = false, seed = 1, clock = systemClock } = options
  checkNumber('target.port', target.port, 1, 65_535)
  checkNumber('port', port, 0, 65_535)
  checkNumber('seed', seed, 0, Number.MAX_SAFE_INTEGER)
  const http = gateway ? await createGateway(target, clock, seed) : null
  const behind = http ? { port: http.port } : target
  const wire = await createWire({ target: behind, port, clock, seed }).catch(async (error: unknown) => {
    await http?.stop()
    throw error
  })

  async function apply(given: Fault): Promise<AsyncStop> {
    const fault = checkFault(given)
    const where = stageOf(fault, http !== null)
    if (where.stage === 'wire') return wire.apply(where.fault)
    if (where.stage === 'http' && http) {
      const stop = http.apply(fault)
      return async () => stop()
    }
    if (where.stage === 'http') {
      throw badOption('gateway', false, `true, which ${fault.type} with these limits needs`)
    }
    if (where.stage === 'device') {
      throw badOption(
        'fault.type',
        fault.type,
        'what happens between a device and a service: the device is elsewhere',
      )
    }
    throw badOption('fault', fault.type, where.why)
  }
  let controlPort: ControlPort | null = null
  const proxy: FaultProxy = {
    port: wire.port,
    hasGateway: http !== null,
    get connections() {
      return wire.connections
    },
    get control() {
      return controlPort
    },
    async mode(next) {
      if (next !== undefined && !faultModes.includes(next))
        throw badOption('mode', next, faultModes.join(', '))
      return wire.mode(next)
    },
    apply,
    async stop() {
      await controlPort?.stop()
      await wire.stop()
      await http?.stop()
    },
  }
  if (control === false) return proxy
  try {
    controlPort = await createControlPort(proxy, control === true ? 0 : control)
  } catch (error) {
    await proxy.stop()
    throw error
  }
  return proxy
}
