/** One request of a stream or a poll, and whether its answer is what was asked for. */
import { badOption } from '../core/errors.js'
import { parseRetryAfter } from '../core/retry-after.js'
import type { Attempt } from './attempt.js'
import { isCursor, readText } from './bounds.js'
import { broken, endOfAnswer, type Judge } from './ends.js'
import type { LineEnd, LineRequest } from './line.js'
import { membersOf } from './members.js'
import { FETCH, JUDGE, type Rules } from './rules.js'

/** What drivers over fetch have in common. */
export interface AskingOptions {
  /**
   * The fetch to be used. Default: the global one, looked up at each request; where there is none, opening a line
   * throws `bad-option`. It must show bodies as they come (`response.body`).
   */
  fetch?: typeof globalThis.fetch
  /**
   * Headers of each request, such as one that a CSRF guard wants. Those that the driver sets itself win. Each one that
   * is not simple forces a preflight on another origin. Default: none.
   */
  headers?: Readonly<Record<string, string>>
  /** Whether cookies go with it, as of fetch. Default: `same-origin`. */
  credentials?: RequestCredentials
  /** Decides in place of the table of statuses. Default: the table decides. */
  judge?: Judge
}

/** What they may be, besides what `checkAsking` looks at. */
export const ASKING_RULES: Rules<AskingOptions> = {
  ...{ fetch: FETCH, judge: JUDGE },
  ...{ headers: null, credentials: null },
}

const CREDENTIALS: readonly unknown[] = ['omit', 'same-origin', 'include']

/** Refuses by name what cannot be. */
export function checkAsking(where: string, { headers, credentials }: AskingOptions): void {
  if (credentials !== undefined && !CREDENTIALS.includes(credentials)) {
    throw badOption(`${where}.credentials`, credentials, CREDENTIALS.join(', '))
  }
  try {
    void new Headers(headers)
  } catch {
    // The values are not shown: secrets may be among them.
    throw badOption(`${where}.headers`, 'no set of headers', 'names and values of HTTP headers')
  }
}

/** The fetch to be used now, or a `bad-option`. */
export function findFetch(
  where: string,
  given: typeof globalThis.fetch | undefined,
): typeof globalThis.fetch {
  const found: typeof globalThis.fetch | undefined = given ?? globalThis.fetch
  if (!found) throw badOption(`${where}.fetch`, found, 'a fetch; this platform has none of its own')
  // The platform's own wants no receiver.
  return (input, init) => found(input, init)
}

/** The request cannot be made of what was given: a token or a cursor that no header takes. */
class Unaskable extends Error {}

/** The end that an error is. The platform's words are not told: a page sees one and the same for all that may happen. */
export const endOfError = (error: unknown, reason: string): LineEnd =>
  error instanceof Unaskable ? { ...broken(error.message), verdict: 'fatal' } : broken(reason)

/**
 * What each request is made with. Nothing is kept of it, and it is not sent elsewhere: a redirect would take the
 * token along, so none is followed.
 *
 * @throws what `endOfError` knows
 */
export function createInit(
  { headers: own, credentials }: AskingOptions,
  { token }: LineRequest,
  more: Readonly<Record<string, string>>,
): RequestInit & { readonly headers: Headers } {
  const headers = new Headers(own)
  for (const [name, value] of Object.entries(more)) headers.set(name, value)
  try {
    if (token !== null) headers.set('Authorization', `Bearer ${token}`)
  } catch {
    // The platform's words would show it.
    throw new Unaskable('the token cannot be sent in a header')
  }
  return {
    headers,
    cache: 'no-store',
    redirect: 'manual',
    ...(credentials === undefined ? {} : { credentials }),
  }
}

/** A cursor that may be sent, null where there is none. Throws what `endOfError` knows. */
export function checkCursor({ cursor }: LineRequest): string | null {
  if (cursor !== null && !isCursor(cursor))
    throw new Unaskable('the cursor is too long, or no header takes it')
  return cursor || null
}

/** Its address, with these parameters in place of those of the same name. */
export function withQuery(url: URL, query: Readonly<Record<string, string>>): string {
  const target = new URL(url)
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value)
  return target.href
}

/** The body of an answer that is what was asked for; null: the line is over, and what has come is let go. */
export async function bodyOf(
  answer: Response,
  wanted: string,
  attempt: Attempt,
): Promise<ReadableStream<Uint8Array> | null> {
  const refusal = attempt.isOver ? null : await refusalOf(answer, wanted)
  if (refusal) attempt.end(refusal)
  if (!attempt.isOver) return answer.body
  answer.body?.cancel().catch(() => {})
  return null
}

/** The end that such an answer is; null: it is what was asked for, and has a body. */
async function refusalOf(answer: Response, wanted: string): Promise<LineEnd | null> {
  const { status, headers, body } = answer
  const contentType = (headers.get('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase()
  // A fetch that was handed in may have followed a redirect, whatever it was told.
  if (status === 200 && contentType === wanted && body && !answer.redirected) return null
  const problem =
    contentType.endsWith('json') && status >= 400 && status < 500 ? await problemOf(answer) : null
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'), headers.get('date'))
  return endOfAnswer({ status: answer.redirected ? 0 : status, contentType, problem, retryAfterMs })
}

/** A problem is small. */
const PROBLEM_BYTES = 8192

/** The `type` of a problem, if it is a label or an address; null: there is none. */
async function problemOf({ body }: Response): Promise<string | null> {
  const text = body && (await readText(body, PROBLEM_BYTES).catch(() => null))
  const { type } = membersOf(text ?? '')
  return typeof type === 'string' && /^[\w.:/?#~-]{1,123}$/.test(type) ? type : null
}
