/** The requests of a HAR file (1.2, as browsers' network panels and Playwright write it), each as it was seen. */
import { badOption } from '../../src/core/errors.js'
import { plainObject } from '../checks.js'
import type { Only } from '../faults.js'
import { isTrouble, type End, type Sight } from './steps.js'

/** What is read of a file. */
export interface HarLimits {
  /** Hosts with their port; null: all. */
  readonly hosts: readonly string[] | null
  /** Whether a failure that stands alone is limited to its path. */
  readonly paths: boolean
}

/** What was read. */
export interface HarSights {
  /** When the first request left (epoch ms). */
  readonly startedAt: number
  /** In the order in which they ended. */
  readonly sights: readonly Sight[]
  readonly lengthMs: number
}

/** What Chromium calls an error, and what a page sees then. What its caller ended himself says nothing. */
const ERRORS: readonly (readonly [RegExp, End['type'] | null])[] = [
  [/ERR_ABORTED|NS_BINDING_ABORTED/, null],
  [/ERR_INTERNET_DISCONNECTED|NS_ERROR_OFFLINE/, 'offline'],
  [/TIMED_OUT|NS_ERROR_NET_TIMEOUT/, 'silent'],
  [/RESET|EMPTY_RESPONSE|INCOMPLETE|MISMATCH|CONNECTION_CLOSED|NET_INTERRUPT/, 'reset'],
]

/** Streams last as long as they last; that is no slowness. */
const STREAMS: readonly unknown[] = ['websocket', 'eventsource']

interface Read {
  readonly at: number
  readonly ms: number
  readonly end: End
  readonly only: Only
}

/** Reads a file. @throws `bad-option` naming what of it is none */
export function readHar(given: unknown, limits: HarLimits): HarSights {
  const log = plainObject('har.log', plainObject('har', given)['log'])
  const { entries } = log
  if (!Array.isArray(entries)) throw badOption('har.log.entries', entries, 'a list of requests')
  const all = entries.flatMap(
    (entry: unknown, at) => readEntry(entry, `har.log.entries[${at}]`, limits) ?? [],
  )
  const startedAt = Math.min(...all.map(({ at }) => at))
  if (all.length === 0) throw badOption('har.log.entries', 'nothing of these hosts', 'at least one request')
  const sights = all.map(({ at, ms, end, only }): Sight => {
    const fromMs = Math.round(at - startedAt)
    return { fromMs, toMs: fromMs + Math.round(ms), end, only }
  })
  sights.sort((one, other) => one.toMs - other.toMs)
  return { startedAt, sights, lengthMs: Math.max(...sights.map(({ toMs }) => toMs)) }
}

function readEntry(given: unknown, where: string, { hosts, paths }: HarLimits): Read | null {
  const entry = plainObject(where, given)
  const request = plainObject(`${where}.request`, entry['request'])
  const response = plainObject(`${where}.response`, entry['response'])
  const { url, method } = request
  if (typeof url !== 'string' || !URL.canParse(url)) throw badOption(`${where}.request.url`, url, 'a URL')
  if (typeof method !== 'string') throw badOption(`${where}.request.method`, method, 'a text')
  const { host, pathname, protocol } = new URL(url)
  if (!protocol.startsWith('http') || (hosts && !hosts.includes(host))) return null
  const at = Date.parse(String(entry['startedDateTime']))
  if (Number.isNaN(at))
    throw badOption(`${where}.startedDateTime`, entry['startedDateTime'], 'an ISO 8601 date')
  const { time } = entry
  if (typeof time !== 'number' || !(time >= 0)) throw badOption(`${where}.time`, time, 'milliseconds')
  if (STREAMS.includes(entry['_resourceType'])) return null
  const end = endOf(response)
  return end && { at, ms: time, end, only: { method, ...(paths ? { path: pathname } : {}) } }
}

function endOf(response: Readonly<Record<string, unknown>>): End | null {
  const status = Number(response['status'])
  const error = String(response['_error'] ?? response['_failureText'] ?? '')
  if (!(status > 0) || error !== '') {
    const known = ERRORS.find(([pattern]) => pattern.test(error))
    if (known?.[1] === null) return null
    return { type: known?.[1] ?? 'refused' } as End
  }
  if (!isTrouble(status)) return { type: 'good' }
  const hint = Number(headerOf(response, 'retry-after') || NaN)
  return {
    type: 'status',
    code: status,
    ...(Number.isInteger(hint) && hint >= 0 ? { retryAfter: hint } : {}),
  }
}

function headerOf({ headers }: Readonly<Record<string, unknown>>, name: string): string {
  const list: readonly unknown[] = Array.isArray(headers) ? headers : []
  const found = list.find(
    (header): header is { name: string; value: unknown } =>
      typeof header === 'object' &&
      header !== null &&
      'name' in header &&
      String(header.name).toLowerCase() === name,
  )
  return String(found?.value ?? '')
}
