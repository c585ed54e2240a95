/** What may be sent again. docs/spec/architecture.md, "Outcomes"; reliability.md 1.1, 1.3 and I27. */
import type { Clock, Random } from '../core/clock.js'
import { createKey } from '../core/key.js'
import type { OutcomeClass } from '../core/outcome.js'
import { markOf, type Config } from './config.js'
import { header } from './headers.js'

/**
 * Where the server honours Idempotency-Key: everywhere, or where the function says so. Only there is an unsafe
 * request sent again after an outcome that nobody knows. `'off'`: no key is put on, for a server of another
 * origin whose CORS does not allow the header: a page could then send it nothing at all.
 */
export type Idempotency = 'honoured' | 'off' | ((url: string, method: string) => boolean)

const SAFE: ReadonlySet<string> = new Set(['get', 'head', 'options', 'trace'])
const KEYED: ReadonlySet<string> = new Set(['post', 'put', 'patch', 'delete'])

const methodOf = (config: Config): string => (config.method ?? 'get').toLowerCase()

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

/** A body that can be read once only: a stream of the web's or of Node's. */
function isReadOnce(data: unknown): boolean {
  return typeof data === 'object' && data !== null && ('getReader' in data || 'pipe' in data)
}

/** Whether a request may go out again after an outcome of this class; `cancelled` and final ones never. */
export function mayRepeat(config: Config, outcome: OutcomeClass, honoured: Idempotency | undefined): boolean {
  if (isReadOnce(config.data)) return false
  switch (outcome) {
    case 'not-sent':
    case 'overloaded':
    case 'unauthorized':
      return true
    case 'maybe-committed':
      return isSafe(config) || (hasKey(config) && isHonoured(config, honoured))
    default:
      return false
  }
}

function isHonoured(config: Config, honoured: Idempotency | undefined): boolean {
  return typeof honoured === 'function'
    ? honoured(config.url ?? '', methodOf(config))
    : honoured === 'honoured'
}
