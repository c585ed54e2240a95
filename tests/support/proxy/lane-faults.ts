/** What the faults in force mean for one direction of one connection. */
import type { Direction, Fault, Only, RequestFault, Transport } from '../../../mocks/faults.js'

/** A place at which a stream ends. */
export interface Cut {
  /** Whose doing it is: what passed before it was in force is not counted. */
  readonly fault: object
  /** So many bytes pass. */
  readonly after: number
  readonly how: 'end' | 'reset'
  /** With nothing allowed to pass, not even the head of an answer does. */
  readonly head: boolean
}

/** What a lane meets at present. */
export interface LaneFaults {
  /** Nothing goes on (a black hole). */
  readonly held: boolean
  /** One way, in ms. */
  readonly latencies: readonly {
    readonly ms: number
    readonly jitterMs: number
  }[]
  /** Thousands of bytes a second; Infinity: as they come. */
  readonly kBps: number
  readonly cuts: readonly Cut[]
}

/** All is well. */
export const UNHURT: LaneFaults = {
  held: false,
  latencies: [],
  kBps: Infinity,
  cuts: [],
}

/** What a fault is limited to; undefined: nothing. */
export const limitOf = (fault: Fault): Only | undefined => ('only' in fault ? fault.only : undefined)

const isThisWay = ({ only }: RequestFault, way: Direction) => (only?.direction ?? way) === way

/**
 * What these faults do to one direction of a connection that carries this. Half of a latency lies each way. What the
 * far end does (reset, truncate) lies on the way down, unless the fault says `up`. What sockets say has no body that
 * could be truncated.
 */
export function laneFaults(
  faults: readonly RequestFault[],
  way: Direction,
  transport: Transport,
): LaneFaults {
  const here = faults.filter((fault) => isThisWay(fault, way))
  if (here.length === 0) return UNHURT
  const of = <T extends RequestFault['type']>(type: T) =>
    here.filter((fault): fault is Extract<RequestFault, { type: T }> => fault.type === type)
  const falls = (fault: RequestFault) => (fault.only?.direction ?? 'down') === way
  return {
    held: of('blackhole').length > 0,
    latencies: of('latency').map(({ ms, jitterMs = 0 }) => ({
      ms: ms / 2,
      jitterMs: jitterMs / 2,
    })),
    kBps: Math.min(Infinity, ...of('bandwidth').map(({ kBps }) => kBps)),
    cuts: [
      ...of('reset')
        .filter(falls)
        .map((fault): Cut => {
          return {
            fault,
            after: fault.afterBytes ?? 0,
            how: 'reset',
            head: true,
          }
        }),
      ...of('truncate')
        .filter((fault) => transport !== 'ws' && falls(fault))
        .map((fault): Cut => {
          return { fault, after: fault.bytes, how: 'end', head: false }
        }),
    ],
  }
}
