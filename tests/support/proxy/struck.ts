/** What the faults in force do to one request, and to what becomes of it. */
import type { Stop } from '../../../src/core/clock.js'
import type { Target } from '../../../mocks/fault-book.js'
import {
  type Direction,
  type Fault,
  type FaultType,
  type RequestFault,
  isAtOnce,
  matches,
} from '../../../mocks/faults.js'
import { seededRandom } from '../../../mocks/random.js'
import type { GatewayScene } from './gateway.js'
import type { Lane } from './lane.js'
import { type LaneFaults, laneFaults, limitOf } from './lane-faults.js'
import type { Visitor } from './visit.js'

/** One request, as faults see it. */
export interface Struck {
  /** Those that strike it here and now, whichever way. */
  all(): readonly RequestFault[]
  /** What its lane of this direction meets. */
  faults(way: Direction): LaneFaults
  /** The close that is in force for it. */
  closing(): CloseFault | undefined
  /** Tells its lanes what is lost and what has changed, and of what strikes at once what is open. */
  listen(lanes: Readonly<Record<Direction, Lane>>, told: Told): Stop
  /** It has become a stream or a socket: what travels from now on are messages. */
  open(): void
  readonly isOpen: boolean
}

/** What strikes a stream or a socket that is open, as soon as it is applied. */
export interface Told {
  onReset(): void
  onClose(fault: CloseFault): void
}

/** The server closes. */
export type CloseFault = Extract<RequestFault, { readonly type: 'close' }>

/** What a request under way meets: others, which it met or not as it came, must not count it again. */
const OF_LANES: readonly FaultType[] = ['latency', 'bandwidth', 'blackhole', 'reset', 'truncate']

/** Looks at a request in the light of the faults. */
export function createStruck(
  { book, onChange }: GatewayScene,
  { request, upgradeHead, random }: Visitor,
): Struck {
  const { method = 'GET', headers } = request
  const url = new URL(request.url ?? '/', `http://${headers.host ?? 'localhost'}`)
  const transport = upgradeHead ? 'ws' : headers.accept === 'text/event-stream' ? 'sse' : 'http'
  const fate = new Map<string, boolean>()
  let part: Target['part'] = 'request'

  const target = (direction: Direction): Target => ({
    ...{ method, url, transport, direction, part, fate },
    authorization: headers.authorization ?? null,
    random: random ?? seededRandom(0),
  })
  const strikes = (way: Direction, ...types: readonly FaultType[]) =>
    random ? book.striking(target(way), ...types) : []
  return {
    all: () => [...strikes('up'), ...strikes('down')],
    faults: (way) => laneFaults(strikes(way, ...OF_LANES), way, transport),
    closing: () => strikes('down', 'close').find((fault) => fault.type === 'close'),
    listen(lanes, { onReset, onClose }) {
      const isMeant = (fault: Fault, way: Direction) =>
        random !== null && matches(limitOf(fault), target(way))
      const stops = [
        onChange(() => {
          lanes.up.changed()
          lanes.down.changed()
        }),
        book.onApply((fault) => {
          if (fault.type === 'lost') {
            for (const way of ['up', 'down'] as const) if (isMeant(fault, way)) lanes[way].lose()
          }
          if (part !== 'message' || !isMeant(fault, 'down')) return
          if (fault.type === 'reset' && isAtOnce(fault)) onReset()
          if (fault.type === 'close') onClose(fault)
        }),
      ]
      return () => stops.forEach((stop) => stop())
    },
    open: () => void (part = 'message'),
    get isOpen() {
      return part === 'message'
    },
  }
}
