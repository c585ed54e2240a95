/** What may be sent again. docs/spec/architecture.md, "Outcomes"; reliability.md 1.1, 1.3 and I27. */
import type { Clock, Random } from '../core/clock.js'
import { createKey } from '../core/key.js'
import type { OutcomeClass } from '../core/outcome.js'
import { isSingle, markOf, type Config } from './config.js'
import { header } from '../core/headers.js'
import type { Why } from './log.js'

/**
 * Where the server honours Idempotency-Key: everywhere, or where the function says so. Only there is an unsafe
 * request sent again after an outcome that nobody knows. `'off'`: no key is put on, for a server of another
 * origin whose CORS does not allow the header: a page could then send it nothing at all.
 */
export type Idempotency = 'honoured' | 'off' | ((url: string, method: string) => boolean)

const SAFE: ReadonlySet<string> = new Set(['get', 'head', 'options', 'trace'])
const KEYED: ReadonlySet<string> = new Set(['post', 'put', 'patch', 'delete'])

/** In lower case, as axios writes it; `toLowerCase` would make a new text even of the same (P8). */
function methodOf({ method = 'get' }: Config): string {
  return SAFE.has(method) || KEYED.has(method) ? method : method.toLowerCase()
}

/** Whether asking twice is the same as asking once, by the method's definition. */
export const isSafe = (config: Config): boolean => SAFE.has(methodOf(config))

/** Whether it carries a key. */
export const hasKey = (config: Config): boolean => header(config.headers, 'idempotency-key') !== undefined

/**
 * Puts a key on an unsafe request, before its first attempt: browsers resend by themselves (reliability.md
 * 1.1). One that the caller has set is kept; the one in the mark goes before all.
 */
export function addKey(
  config: Config,
  clock: Clock,
  random: Random,
  idempotency: Idempotency | undefined,
): void {
  const given = markOf(config)?.key
  const isKeyed = idempotency !== 'off' && KEYED.has(methodOf(config))
  if (given === undefined && (!isKeyed || hasKey(config))) return
  config.headers.set('Idempotency-Key', `"${given ?? createKey(clock, random)}"`)
}

/** A body that can be read once only: a stream of the web's or of Node's, or what yields its pieces later. */
export function isReadOnce(data: unknown): boolean {
  return (
    typeof data === 'object' &&
    data !== null &&
    ('getReader' in data || 'pipe' in data || Symbol.asyncIterator in data)
  )
}

/**
 * A form that the platform writes down anew at each attempt, with another boundary: other bytes under one key, which a
 * server refuses. Node's own adapter leaves the boundary in the headers, and uses it again.
 */
function isRewritten({ data, headers }: Config): boolean {
  if (typeof data !== 'object' || Object.prototype.toString.call(data) !== '[object FormData]') return false
  return !header(headers, 'content-type')?.includes('boundary=')
}

/** Why a request may not go out again after an outcome of this class; null: it may. */
export function whyNotAgain(
  config: Config,
  outcome: OutcomeClass,
  honoured: Idempotency | undefined,
): Why | null {
  switch (outcome) {
    case 'not-sent':
    case 'overloaded':
    case 'unauthorized':
    case 'maybe-committed':
      break
    default:
      return 'final'
  }
  if (isSingle(config)) return 'single'
  if (isReadOnce(config.data)) return 'read-once'
  const isUnknown = outcome === 'maybe-committed' && !isSafe(config)
  const isProtected = hasKey(config) && isHonoured(config, honoured) && !isRewritten(config)
  return isUnknown && !isProtected ? 'unsafe' : null
}

function isHonoured(config: Config, honoured: Idempotency | undefined): boolean {
  return typeof honoured === 'function'
    ? honoured(config.url ?? '', methodOf(config))
    : honoured === 'honoured'
}
