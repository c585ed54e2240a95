/** Which faults are in force, and which of them strike a request. */
import type { Random } from '../src/core/clock.js'
import type { Stop } from '../src/core/state.js'
import { checkFault, matches, type Fault, type RequestFault } from './faults.js'

/** What a fault looks at in a request. */
export interface Target {
  readonly method: string
  readonly url: URL
  /** The luck of this request: depends on its number alone. */
  readonly random: Random
  /** What was decided for it before, by the serial number of a fault: luck is drawn once. */
  readonly fate: Map<number, RequestFault | null>
}

/** The faults in force. */
export interface FaultBook {
  /** Puts a fault in force until its stop is called. A bad one throws `bad-option`. */
  apply(fault: Fault): Stop
  /** Takes all of them out of force. */
  clear(): void
  /** Those that strike this request, in the order they were applied. */
  striking(target: Target): readonly RequestFault[]
  /** Whether the device has no network. */
  offline(): boolean
}

interface Entry {
  readonly serial: number
  readonly fault: Fault
  /** How often each `failTimes` within has struck. */
  readonly struck: Map<Fault, number>
}

/**
 * Makes an empty book.
 *
 * @param onChange called after each change of what is in force.
 */
export function createFaultBook(onChange: () => void): FaultBook {
  const entries = new Set<Entry>()
  let serials = 0

  const fateOf = (entry: Entry, fault: RequestFault, target: Target): RequestFault | null => {
    if (!matches(fault.only, target.method, target.url)) return null
    if (fault.type === 'flaky') {
      const roll = target.random.fork(`flaky/${entry.serial}`).next()
      return roll < fault.probability ? fateOf(entry, fault.fault, target) : null
    }
    if (fault.type === 'failTimes') {
      const struck = entry.struck.get(fault) ?? 0
      if (struck >= fault.n) return null
      entry.struck.set(fault, struck + 1)
      return fateOf(entry, fault.fault, target)
    }
    return fault
  }

  return {
    apply(fault) {
      const entry: Entry = { serial: ++serials, fault: checkFault(fault), struck: new Map() }
      entries.add(entry)
      onChange()
      return () => {
        if (entries.delete(entry)) onChange()
      }
    },
    clear() {
      entries.clear()
      onChange()
    },
    striking(target) {
      const strikes: RequestFault[] = []
      for (const entry of entries) {
        if (entry.fault.type === 'offline') continue
        let fate = target.fate.get(entry.serial)
        if (fate === undefined) {
          fate = fateOf(entry, entry.fault, target)
          target.fate.set(entry.serial, fate)
        }
        if (fate) strikes.push(fate)
      }
      return strikes
    },
    offline: () => [...entries].some(({ fault }) => fault.type === 'offline'),
  }
}
