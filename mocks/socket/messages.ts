/** A socket's messages: what becomes of them as they leave, which token they show, and where they are cut. */
import { createDisorder } from '../disorder.js'
import { isAtOnce, type Direction, type Fault } from '../faults.js'
import type { Path, Struck } from '../path.js'
import type { Payload } from './payload.js'
import type { Targets } from './targets.js'

/** A message that is sent. */
export interface Message {
  readonly target: Struck
  readonly payload: Payload
}

/** The messages of one connection. */
export interface Messages {
  /** What is sent when this message leaves: nothing, it, or more. */
  leaving(direction: Direction, payload: Payload): readonly Message[]
  /** What still waits for one that follows: nothing follows any more. */
  flush(direction: Direction): readonly Message[]
  /** Whether a reset strikes that lets nothing more through. */
  isCutAtOnce(target: Struck): boolean
  /** Whether the connection is cut at this message of so many bytes. */
  isCut(target: Struck, bytes: number): boolean
}

/** Makes the messages of a connection: none yet. */
export function createMessages(path: Path, targets: Targets): Messages {
  const disorder = { up: createDisorder<Message>(path), down: createDisorder<Message>(path) }
  const passed = new Map<Fault, number>()

  return {
    leaving(direction, payload) {
      const target = targets.message(direction, direction === 'up' ? tokenIn(payload) : null)
      return disorder[direction].leaving({ target, payload })
    },
    flush: (direction) => disorder[direction].flush(),
    isCutAtOnce: (target) => path.struck(target, 'reset', isAtOnce) !== undefined,
    isCut(target, bytes) {
      const fault = path.struck(target, 'reset', (one) => {
        const sum = (passed.get(one) ?? 0) + bytes
        passed.set(one, sum)
        return sum > (one.afterBytes ?? 0)
      })
      return fault !== undefined
    },
  }
}

/** The token of an AUTH frame (the wire, docs/spec/architecture.md), as a request would show it; null: it is none. */
function tokenIn(payload: Payload): string | null {
  if (typeof payload !== 'string' || !payload.includes('"AUTH"')) return null
  try {
    const frame: unknown = JSON.parse(payload)
    if (typeof frame !== 'object' || frame === null || Reflect.get(frame, 'type') !== 'AUTH') return null
    const token: unknown = Reflect.get(frame, 'token')
    return typeof token === 'string' ? `Bearer ${token}` : null
  } catch {
    return null
  }
}
