/**
 * What the end of a line means: one table for close codes, one for statuses. Pure.
 *
 * Sources: RFC 6455, 7.4, and the IANA registry of close codes (1000 to 1015, and of 3xxx the three that say what an
 * HTTP status says); RFC 9110 and 6585 for statuses; HTML, "server-sent events", for 204; docs/spec/architecture.md,
 * "The wire", for 4401 and 4402. Other 4xxx are read as 4000 and a status, as is the custom. What no table knows is
 * dialled again: the schedule bounds what that costs, and a channel that stays closed over a stranger's code is worse.
 */
import { LONGEST_HINT_MS } from '../core/retry-after.js'
import type { LineEnd, Verdict } from './line.js'
import { membersOf } from './members.js'

/**
 * Decides in place of the tables: gets the end with the table's verdict, and returns another one; undefined: the
 * table's stays.
 */
export type Judge = (end: LineEnd) => Verdict | undefined

/** What a close event says. */
export interface Closing {
  readonly code: number
  readonly reason: string
  readonly wasClean: boolean
}

/** What is read of an answer that cannot be used. */
export interface Refusal {
  /** 0: a redirect that a page was not shown. */
  readonly status: number
  /** Without parameters, in lower case; empty: none. */
  readonly contentType: string
  /** The `type` of a problem (RFC 9457); null: there was none. */
  readonly problem: string | null
  /** Of Retry-After, already checked; undefined: there was none. */
  readonly retryAfterMs: number | undefined
}

const CLOSES: Readonly<Record<number, Verdict>> = {
  // Going away, service restart, try again later: a crowd comes back, and not at once.
  ...{ 1001: 'later', 1012: 'later', 1013: 'later' },
  // The two do not understand each other's frames, or something between them rewrites those: another transport may do.
  ...{ 1002: 'unsuitable', 1010: 'unsuitable' },
  // What we said was refused, and would be again.
  ...{ 1003: 'fatal', 1007: 'fatal', 1008: 'fatal', 1009: 'fatal' },
  // Registered: unauthorized, forbidden. Timeout (3008) is dialled again.
  ...{ 3000: 'needs-auth', 3003: 'fatal' },
  ...{ 4401: 'needs-auth', 4402: 'session-lost' },
  ...{ 4400: 'fatal', 4403: 'fatal', 4404: 'fatal', 4406: 'fatal', 4410: 'fatal' },
  ...{ 4408: 'later', 4409: 'later', 4425: 'later', 4429: 'later', 4503: 'later' },
}

const STATUSES: Readonly<Record<number, Verdict>> = {
  // Tells the client of a stream to stop.
  204: 'fatal',
  401: 'needs-auth',
  // A server without this route, or one that does not take this method, type or version of HTTP for it.
  ...{ 404: 'unsuitable', 405: 'unsuitable', 406: 'unsuitable', 410: 'unsuitable', 415: 'unsuitable' },
  ...{ 426: 'unsuitable', 501: 'unsuitable', 505: 'unsuitable' },
  // About the moment, or about a proxy, not about us.
  ...{ 407: 'again', 408: 'again', 409: 'again', 421: 'again' },
  ...{ 425: 'later', 429: 'later', 503: 'later' },
}

/** No reason and no text of a server is kept longer (a close frame holds 123 bytes). */
const LONGEST_REASON = 123

/** How a line ends that nobody has ended: 1006, not clean, dialled again. */
export const broken = (reason: string): LineEnd => ({
  verdict: 'again',
  code: 1006,
  reason,
  wasClean: false,
})

/**
 * A stream that its server has ended in good order. `retryMs`: a `retry:` was its last word, which is then what
 * Retry-After is elsewhere: a ticket.
 */
export const endOfStream = (retryMs?: number): LineEnd =>
  withHint({ verdict: 'again', code: 1000, reason: '', wasClean: true }, retryMs)

/** More came at once than is taken: so it would again. 1009 is what RFC 6455 calls it, for streams and polls too. */
export const tooLarge = (what: string, maxBytes: number): LineEnd => ({
  verdict: 'fatal',
  code: 1009,
  reason: `${what} is larger than ${maxBytes} bytes`,
  wasClean: false,
})

/** What a close event means. Takes whatever a class that was handed in may tell. */
export function endOfClose({ code: given, reason: told, wasClean }: Closing): LineEnd {
  const code = Number.isInteger(given) ? given : 1006
  const reason = typeof told === 'string' ? told.slice(0, LONGEST_REASON) : ''
  return withHint(
    { verdict: CLOSES[code] ?? 'again', code, reason, wasClean: wasClean === true },
    hintOf(reason),
  )
}

/** What an answer means that is no stream and no poll's. */
export function endOfAnswer({ status, contentType, problem, retryAfterMs }: Refusal): LineEnd {
  const isPage = contentType.includes('html')
  const end = (verdict: Verdict, reason: string): LineEnd =>
    withHint({ verdict, code: 1006, reason: problem ?? reason, wasClean: false, status }, retryAfterMs)

  if (status === 0 || (status >= 300 && status < 400)) {
    return end('again', 'a redirect, which is not followed: the token would go with it')
  }
  const known = STATUSES[status]
  if (status < 300 && !known) {
    // A captive portal goes away; an answer of another kind will be the same the next time.
    return isPage
      ? end('again', `${status} with a page, as of a captive portal`)
      : end('unsuitable', `${status} with ${contentType.slice(0, 40) || 'no content type'}`)
  }
  if (status === 401 && problem === 'session_unknown') return end('session-lost', '')
  const verdict = known ?? (status >= 500 ? 'again' : 'fatal')
  // What is final is said by the service, not by the page of something on the way to it.
  return end(verdict === 'fatal' && isPage ? 'unsuitable' : verdict, `status ${status}`)
}

/** Who names a wait is taken at his word. */
function withHint(end: LineEnd, retryAfterMs: number | undefined): LineEnd {
  if (retryAfterMs === undefined) return end
  return { ...end, verdict: end.verdict === 'again' ? 'later' : end.verdict, retryAfterMs }
}

/** The wait that a close reason names, `{"retryAfterMs":n}`, at most an hour; undefined: none, or malformed (I24). */
function hintOf(reason: string): number | undefined {
  const { retryAfterMs } = membersOf(reason)
  const isWait = typeof retryAfterMs === 'number' && retryAfterMs >= 0 && retryAfterMs < Infinity
  return isWait ? Math.min(Math.ceil(retryAfterMs), LONGEST_HINT_MS) : undefined
}
