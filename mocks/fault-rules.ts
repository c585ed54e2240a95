/** What can be said of a fault: a bad one is refused by name, with what was given and what is allowed. */
import { badOption, checkNumber } from '../src/core/errors.js'
import {
  checkRules,
  json,
  oneOf,
  optional,
  plainObject,
  text,
  whole,
  type Check,
  type Rules,
} from './checks.js'
import { LONGEST_JUMP_MS } from './device/actions.js'
import type { Fault, FaultType } from './faults.js'

const HOUR_MS = 3_600_000

const retryAfter: Check = (option, given) => {
  if (typeof given !== 'string') whole(0, Number.MAX_SAFE_INTEGER)(option, given)
}

const LIMITS: Rules = {
  host: optional(text),
  path: optional(text),
  method: optional(text),
  transport: optional(oneOf('http', 'sse', 'ws')),
  direction: optional(oneOf('up', 'down')),
}

const limits: Check = (option, given) => checkRules(option, given, LIMITS)

/** Those that are met as a whole or not at all. */
const WHOLE: readonly FaultType[] = ['offline', 'lie', 'lost']

const requestFault: Check = (option, given) => {
  const { type } = checkFault(given, option)
  if (WHOLE.includes(type)) {
    throw badOption(`${option}.type`, type, 'a fault that requests and messages meet one by one')
  }
}

const closeCode: Check = (option, given) => {
  const code = typeof given === 'number' && Number.isInteger(given) ? given : 0
  if (!((code >= 1000 && code <= 1015) || (code >= 3000 && code <= 4999))) {
    throw badOption(option, given, '1000 to 1015 or 3000 to 4999')
  }
}

/** The payload of a close frame holds 125 bytes, two of them the code (RFC 6455, 5.5). */
const closeReason: Check = (option, given) => {
  if (typeof given !== 'string' || new TextEncoder().encode(given).length > 123) {
    throw badOption(option, given, 'a text of at most 123 bytes')
  }
}

const only = { only: optional(limits) }

const RULES: { readonly [T in FaultType]: Rules } = {
  latency: { ...only, ms: whole(0, HOUR_MS), jitterMs: optional(whole(0, HOUR_MS)) },
  bandwidth: { ...only, kBps: (option, given) => checkNumber(option, given, 0.001, 1_000_000) },
  refuse: only,
  blackhole: only,
  lost: only,
  reset: { ...only, afterBytes: optional(whole(0, Number.MAX_SAFE_INTEGER)) },
  truncate: { ...only, bytes: whole(0, Number.MAX_SAFE_INTEGER) },
  close: { ...only, code: closeCode, reason: optional(closeReason), clean: optional(oneOf(true, false)) },
  drop: only,
  duplicate: only,
  reorder: only,
  offline: {},
  lie: { onLine: oneOf(true, false) },
  status: {
    ...only,
    code: whole(200, 599),
    retryAfter: optional(retryAfter),
    retryAfterAs: optional(oneOf('seconds', 'date')),
    body: optional(json),
    from: optional(oneOf('service', 'gateway')),
  },
  unauthorized: { ...only, why: optional(oneOf('unauthorized', 'session_unknown')) },
  portal: { ...only, redirect: optional(oneOf(true, false)) },
  clockSkew: { ...only, ms: whole(-LONGEST_JUMP_MS, LONGEST_JUMP_MS) },
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
  checkRules(where, fault, RULES[type as FaultType], 'type')
  return given as Fault
}
