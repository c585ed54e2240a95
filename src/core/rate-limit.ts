/**
 * The strict reader of rate limits. RateLimit and RateLimit-Policy as in the IETF draft from its version 08 on
 * (`"name";r=0;t=30` and `"name";q=100;w=60`); of the older names X-RateLimit-Reset, where it can mean one thing
 * only. Malformed is ignored, never 0 (I24).
 */
import { parseHttpDate } from './clock.js'
import { LONGEST_HINT_MS } from './retry-after.js'

/** One item of a list (RFC 9651): a name in quotes or bare, and its parameters. */
const ITEM =
  /[ \t]*(?:"((?:[^"\\]|\\["\\])*)"|([A-Za-z*][\w!#$%&'*+.^`|~:/-]*))((?:[ \t]*;[ \t]*[a-z*][\w.*-]*(?:=(?:"(?:[^"\\]|\\["\\])*"|[\w.:+/=?*-]+))?)*)[ \t]*(?:,|$)/y

/** A longer field is nobody's rate limit. */
const LONGEST_FIELD = 1_000

type Limits = ReadonlyMap<string, ReadonlyMap<string, number>>

function limitsOf(field: string | undefined): Limits {
  const limits = new Map<string, Map<string, number>>()
  if (!field || field.length > LONGEST_FIELD) return limits
  ITEM.lastIndex = 0
  while (ITEM.lastIndex < field.length) {
    const [, quoted, bare, parameters = ''] = ITEM.exec(field) ?? []
    const name = quoted ?? bare
    if (name === undefined) return new Map()
    const numbers = [...parameters.matchAll(/;[ \t]*([a-z]+)=(\d{1,15})(?=[ \t;]|$)/g)]
    limits.set(name, new Map(numbers.map(([, key = '', digits]) => [key, Number(digits)])))
  }
  return limits
}

/** Seconds, an epoch in seconds or one in milliseconds: whatever lies between them could be either. */
function resetMs(field: string | undefined, answerDate: string | undefined): number | undefined {
  if (!field || !/^\d{1,13}$/.test(field)) return undefined
  const given = Number(field)
  if (given <= 86_400) return given * 1_000
  const now = answerDate ? parseHttpDate(answerDate) : null
  if (now === null || given < 1e9) return undefined
  if (given < 1e11) return Math.max(0, given * 1_000 - now)
  return given >= 1e12 ? Math.max(0, given - now) : undefined
}

/**
 * How long a refused request has to wait, in ms, at most an hour; undefined: its answer does not say. Of several
 * exhausted limits the longest counts; one that does not say when it starts anew does so after its window.
 *
 * @param read the value of a header of the answer; its name is given in lower case
 */
export function parseRateLimit(read: (name: string) => string | undefined): number | undefined {
  const policies = limitsOf(read('ratelimit-policy'))
  const waits: number[] = []
  for (const [name, limit] of limitsOf(read('ratelimit'))) {
    const seconds = limit.get('t') ?? policies.get(name)?.get('w')
    if (limit.get('r') === 0 && seconds !== undefined) waits.push(seconds * 1_000)
  }
  const isLeft = !['0', undefined].includes(read('x-ratelimit-remaining'))
  const older = isLeft ? undefined : resetMs(read('x-ratelimit-reset'), read('date'))
  if (waits.length === 0 && older !== undefined) waits.push(older)
  return waits.length === 0 ? undefined : Math.min(Math.max(...waits), LONGEST_HINT_MS)
}
