/**
 * Impairments of the network, as plain data: the vocabulary of docs/spec/simulator.md, as far as it concerns
 * HTTP. They compose; the first that answers or refuses a request wins, in the order they were applied.
 */
import { badOption, checkKeys, checkNumber } from '../src/core/errors.js'

/** Limits a fault to some requests. Everything that is given must match. */
export interface Only {
  /** `host` or `host:port`, exactly. */
  readonly host?: string
  /** The path without its query, exactly, or with a `*` at its end. */
  readonly path?: string
  /** The method, in any case. */
  readonly method?: string
}

interface Limited {
  readonly only?: Only
}

/** One impairment. */
export type Fault =
  /** Later by `ms` a round trip, half each way, give or take `jitterMs` (default 0). */
  | ({ readonly type: 'latency'; readonly ms: number; readonly jitterMs?: number } & Limited)
  /** Nobody listens: a network error after one round trip. */
  | ({ readonly type: 'refuse' } & Limited)
  /** Packets vanish and the kernel sends them again: see `retransmission.ts`. */
  | ({ readonly type: 'blackhole' } & Limited)
  /** The server does its work, then the connection is cut: the answer is lost, the commit is not. */
  | ({ readonly type: 'reset' } & Limited)
  /** The device has no network: `onLine` false, what is in flight fails, everything else is refused at once. */
  | { readonly type: 'offline' }
  /** A bad answer in place of the handler's. */
  | ({
      readonly type: 'status'
      readonly code: number
      /** Seconds, or any text, malformed ones included. */
      readonly retryAfter?: number | string
      /** A text, or anything that JSON can say. Default: a problem+json. */
      readonly body?: unknown
      /** Who answers; only the service puts its marker headers on. Default: `service`. */
      readonly from?: 'service' | 'gateway'
    } & Limited)
  /** A captive portal: 200 and foreign HTML or, with `redirect`, another origin (a page sees a network error). */
  | ({ readonly type: 'portal'; readonly redirect?: boolean } & Limited)
  /** The first `n` requests meet the fault, then all is well. */
  | ({ readonly type: 'failTimes'; readonly n: number; readonly fault: RequestFault } & Limited)
  /** Each request meets the fault with this chance, by the luck of its number. */
  | ({ readonly type: 'flaky'; readonly probability: number; readonly fault: RequestFault } & Limited)

/** A fault that concerns requests one by one: all but `offline`. */
export type RequestFault = Exclude<Fault, { readonly type: 'offline' }>

/** The names of the faults. */
export type FaultType = Fault['type']

type Check = (option: string, given: unknown) => void

const HOUR_MS = 3_600_000

/** Whole numbers only: fractions of a millisecond make two runs differ. */
const whole =
  (min: number, max: number): Check =>
  (option, given) => {
    checkNumber(option, given, min, max)
    if (!Number.isInteger(given)) throw badOption(option, given, 'a whole number')
  }

const oneOf =
  (...allowed: readonly unknown[]): Check =>
  (option, given) => {
    if (!allowed.includes(given)) throw badOption(option, given, allowed.join(', '))
  }

const optional =
  (check: Check): Check =>
  (option, given) => {
    if (given !== undefined) check(option, given)
  }

const text: Check = (option, given) => {
  if (typeof given !== 'string' || given === '') throw badOption(option, given, 'a text')
}

const retryAfter: Check = (option, given) => {
  if (typeof given !== 'string') whole(0, Number.MAX_SAFE_INTEGER)(option, given)
}

const limits: Check = (option, given) => {
  const only = plainObject(option, given)
  checkKeys(option, only, ['host', 'path', 'method'])
  for (const [key, value] of Object.entries(only)) optional(text)(`${option}.${key}`, value)
}

const requestFault: Check = (option, given) => {
  if (checkFault(given, option).type === 'offline') {
    throw badOption(`${option}.type`, 'offline', 'a fault that concerns requests one by one')
  }
}

const only = { only: optional(limits) }

const RULES: { readonly [T in FaultType]: Readonly<Record<string, Check>> } = {
  latency: { ...only, ms: whole(0, HOUR_MS), jitterMs: optional(whole(0, HOUR_MS)) },
  refuse: only,
  blackhole: only,
  reset: only,
  offline: {},
  status: {
    ...only,
    code: whole(200, 599),
    retryAfter: optional(retryAfter),
    body: () => {},
    from: optional(oneOf('service', 'gateway')),
  },
  portal: { ...only, redirect: optional(oneOf(true, false)) },
  failTimes: { ...only, n: whole(1, 1_000_000), fault: requestFault },
  flaky: { ...only, probability: (option, given) => checkNumber(option, given, 0, 1), fault: requestFault },
}

/** The names of all faults, for validation and for menus. */
export const faultTypes: readonly string[] = Object.keys(RULES)

/** The fault that was given, or a `bad-option` naming what is wrong with it. */
export function checkFault(given: unknown, where = 'fault'): Fault {
  const fault = plainObject(where, given)
  const type = fault['type']
  if (typeof type !== 'string' || !Object.hasOwn(RULES, type)) {
    throw badOption(`${where}.type`, type, faultTypes.join(', '))
  }
  const rules = RULES[type as FaultType]
  checkKeys(where, fault, ['type', ...Object.keys(rules)])
  for (const [key, check] of Object.entries(rules)) check(`${where}.${key}`, fault[key])
  return given as Fault
}

/** An object with keys, or a `bad-option`. */
export function plainObject(option: string, given: unknown): Record<string, unknown> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw badOption(option, given, 'an object')
  }
  return given as Record<string, unknown>
}

/** Whether a request is among those that a limit names. */
export function matches(limit: Only | undefined, method: string, url: URL): boolean {
  if (!limit) return true
  return (
    (limit.host === undefined || limit.host === url.host) &&
    (limit.method === undefined || limit.method.toUpperCase() === method) &&
    (limit.path === undefined || matchesPath(limit.path, url.pathname))
  )
}

function matchesPath(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
}
