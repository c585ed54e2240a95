/** Which faults are in force, and which of them strike a request or a message. */
import type { Random } from '../src/core/clock.js'
import type { Stop } from '../src/core/state.js'
import { checkFault } from './fault-rules.js'
import {
  innermost,
  matches,
  type Direction,
  type Fault,
  type FaultType,
  type Only,
  type RequestFault,
  type Traffic,
} from './faults.js'

/** What a fault looks at. */
export interface Target extends Traffic {
  /**
   * A request or a handshake, until it is answered; one message, one chunk, of what is open since; or the bare
   * connection of what is open: its end, and what strikes it while nothing is said.
   */
  readonly part: 'request' | 'message' | 'connection'
  /** The token that it shows: of a request its `Authorization`; null: none. */
  readonly authorization: string | null
  /** The luck of this target: depends on its number alone. */
  readonly random: Random
  /** What was decided for it before: luck is drawn once. An empty map to begin with. */
  readonly fate: Map<string, boolean>
}

/** The faults in force. */
export interface FaultBook {
  /** Puts a fault in force until its stop is called. A bad one throws `bad-option`. */
  apply(fault: Fault): Stop
  /** Takes all of them out of force. What was lost stays lost. */
  clear(): void
  /**
   * Those of these kinds (none: of all) that strike this target here and now, in the order they were applied. What is
   * not asked for is not met: it is neither counted nor shown a token.
   */
  striking(target: Target, ...types: readonly FaultType[]): readonly RequestFault[]
  /** Whether the device has no network. */
  offline(): boolean
  /** What the browser's flag says. */
  onLine(): boolean
  /**
   * Whether the path has forgotten a connection that carries this and exists since then (`lost`). Of one instant
   * the loss comes first, as the steps of a scenario do.
   */
  forgot(traffic: Traffic, connectedAt: number): boolean
  /** The same for one that carries nothing. */
  forgotIdle(host: string, connectedAt: number): boolean
  /** Hears of each fault that is put in force, after it is: for what is open and is struck at once. */
  onApply(listener: (fault: Fault) => void): Stop
}

interface Entry {
  /** Its type and how many there were of it: others beside it, which may be in force elsewhere, change no luck. */
  readonly serial: string
  readonly fault: Fault
  /** How often each `failTimes` within has struck. */
  readonly struck: Map<Fault, number>
  /** The token that `unauthorized` refuses: the first that it was shown. */
  refused: string | null
}

/** Those that concern what is open: the path carries it, and the server closes it. */
const OF_CONNECTIONS: readonly FaultType[] = ['latency', 'bandwidth', 'blackhole', 'reset', 'close']
/** Those that concern messages alone. */
const OF_MESSAGES_ONLY: readonly FaultType[] = ['drop', 'duplicate', 'reorder']

/** A message may show a token, and a body may be cut. */
const CONCERNS: { readonly [P in Target['part']]: (type: FaultType) => boolean } = {
  request: (type) => !OF_MESSAGES_ONLY.includes(type),
  message: (type) =>
    [...OF_CONNECTIONS, ...OF_MESSAGES_ONLY].includes(type) || type === 'truncate' || type === 'unauthorized',
  connection: (type) => OF_CONNECTIONS.includes(type),
}

/** Those of the path, which has two ways; all others are done at the far end. */
const OF_PATH: readonly FaultType[] = ['latency', 'bandwidth', 'blackhole', ...OF_MESSAGES_ONLY]

/** The way that a limit to one is compared with: what is done at the far end strikes on the way down. */
const wayOf = (fault: RequestFault, target: Target): Direction =>
  OF_PATH.includes(innermost(fault).type) ? target.direction : 'down'

/** Whether it could strike, luck and numbers aside. */
function fits(fault: RequestFault, target: Target): boolean {
  if (!matches(fault.only, target, wayOf(fault, target))) return false
  if ('fault' in fault) return fits(fault.fault, target)
  if (fault.type === 'unauthorized' && target.authorization === null) return false
  return CONCERNS[target.part](fault.type)
}

/**
 * Makes an empty book.
 *
 * @param now the network's clock.
 * @param onChange called after each change of what is in force.
 */
export function createFaultBook(now: () => number, onChange: () => void): FaultBook {
  const entries = new Set<Entry>()
  const losses: { readonly only: Only | undefined; readonly at: number }[] = []
  const listeners = new Set<(fault: Fault) => void>()
  const serials = new Map<FaultType, number>()

  /** The fault that is met at the end of what fits; null: this one was spared. */
  const meet = (entry: Entry, fault: RequestFault, target: Target, depth: number): RequestFault | null => {
    const once = (decide: () => boolean): boolean => {
      const key = `${entry.serial}/${depth}`
      const decided = target.fate.get(key) ?? decide()
      target.fate.set(key, decided)
      return decided
    }
    if (fault.type === 'flaky') {
      const roll = () => target.random.fork(`${entry.serial}/${depth}`).next()
      return once(() => roll() < fault.probability) ? meet(entry, fault.fault, target, depth + 1) : null
    }
    if (fault.type === 'failTimes') {
      const struck = entry.struck.get(fault) ?? 0
      const counted = once(() => {
        if (struck < fault.n) entry.struck.set(fault, struck + 1)
        return struck < fault.n
      })
      return counted ? meet(entry, fault.fault, target, depth + 1) : null
    }
    if (fault.type !== 'unauthorized') return fault
    entry.refused ??= target.authorization
    return entry.refused === target.authorization ? fault : null
  }

  return {
    apply(given) {
      const fault = checkFault(given)
      const serial = (serials.get(fault.type) ?? 0) + 1
      serials.set(fault.type, serial)
      const entry: Entry = { serial: `${fault.type}/${serial}`, fault, struck: new Map(), refused: null }
      entries.add(entry)
      if (fault.type === 'lost') losses.push({ only: fault.only, at: now() })
      onChange()
      for (const listener of [...listeners]) listener(fault)
      return () => {
        if (entries.delete(entry)) onChange()
      }
    },
    clear() {
      entries.clear()
      onChange()
    },
    striking(target, ...types) {
      const strikes: RequestFault[] = []
      for (const entry of entries) {
        const { fault } = entry
        if (fault.type === 'offline' || fault.type === 'lie' || fault.type === 'lost') continue
        if (types.length > 0 && !types.includes(innermost(fault).type)) continue
        const met = fits(fault, target) ? meet(entry, fault, target, 0) : null
        if (met) strikes.push(met)
      }
      return strikes
    },
    offline: () => [...entries].some(({ fault }) => fault.type === 'offline'),
    onLine() {
      const lie = [...entries].map(({ fault }) => fault).findLast((fault) => fault.type === 'lie')
      return lie ? lie.onLine : !this.offline()
    },
    forgot: (traffic, connectedAt) =>
      losses.some(({ only, at }) => connectedAt < at && matches(only, traffic)),
    forgotIdle: (host, connectedAt) =>
      losses.some(({ only = {}, at }) => {
        const { path, method, direction, transport = 'http' } = only
        const isAny = path === undefined && method === undefined && direction === undefined
        return connectedAt < at && isAny && transport === 'http' && (only.host ?? host) === host
      }),
    onApply(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
