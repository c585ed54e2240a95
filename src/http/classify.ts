/** What an answer or an error means. Pure; the table is in docs/spec/architecture.md, "Outcomes". */
import { isSuspiciousStatus, outcomeOfAnswer, type Outcome } from '../core/outcome.js'
import type { Answer } from './config.js'
import { header } from '../core/headers.js'

/** An outcome, and whether it proves that the service is there. */
export interface Classified extends Outcome {
  /** The answer carries our marker, or is a 2xx to 4xx of the API's content type: evidence of a good link. */
  readonly isOurs: boolean
}

/** The two that nearly every request has; shared, so that a good answer allocates nothing. */
const OURS: Classified = Object.freeze({ class: 'ok', isOurs: true })
const UNPROVED: Classified = Object.freeze({ class: 'ok', isOurs: false })

/** Node says these before a byte has left; a page never learns of them. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

/** Node's fetch has waited for an answer, or for more of it, as long as it does. */
const TIMED_OUT = /^(ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/

/** axios refuses the request itself: it will do so again. */
const REFUSED_BY_AXIOS = /^ERR_(BAD_REQUEST|BAD_OPTION|BAD_OPTION_VALUE|INVALID_URL|NOT_SUPPORT|DEPRECATED)$/

/**
 * The class of what an axios adapter or a fetch resolved or rejected with. Takes anything: axios' errors with or
 * without a code, bare TypeErrors, answers of whichever adapter, a `Response`.
 */
export function classify(given: unknown): Classified {
  if (isAnswer(given)) return ofAnswer(given)
  const error = typeof given === 'object' && given !== null ? (given as ErrorShape) : {}
  // Of fetch an AbortError is a signal's, and so is a TimeoutError (AbortSignal.timeout).
  const isSignals = error.name === 'AbortError' || error.name === 'TimeoutError'
  if (error.__CANCEL__ || error.code === 'ERR_CANCELED' || isSignals) {
    return { class: 'cancelled', isOurs: false }
  }
  return isAnswer(error.response) ? ofAnswerInError(error, error.response) : ofError(error)
}

interface ErrorShape {
  readonly name?: unknown
  readonly code?: unknown
  readonly message?: unknown
  /** Where Node's fetch keeps the code. */
  readonly cause?: unknown
  readonly response?: unknown
  /** Of axios in Node, which follows redirects through `follow-redirects`. */
  readonly request?: unknown
  readonly __CANCEL__?: unknown
}

function isAnswer(given: unknown): given is Answer {
  return typeof given === 'object' && given !== null && 'status' in given && 'headers' in given
}

function ofError({ code: own, message, cause, request }: ErrorShape): Classified {
  const code = own ?? (cause as ErrorShape | null | undefined)?.code
  if (typeof code === 'string') {
    const suspicion = TIMED_OUT.test(code) ? 'timeout' : 'server'
    if (NEVER_SENT.has(code) && !wasRedirected(request))
      return { class: 'not-sent', suspicion, isOurs: false }
    if (REFUSED_BY_AXIOS.test(code)) return { class: 'rejected', isOurs: false }
    // A bound of the caller's own (size, redirects): the service is there, what it did is unknown.
    if (code === 'ERR_FR_TOO_MANY_REDIRECTS' || /^max\w+ size/.test(String(message))) {
      return { class: 'maybe-committed', isOurs: false }
    }
    // ECONNABORTED is also what a browser's own abort of the request is called.
    if (suspicion === 'timeout' || (code === 'ECONNABORTED' && message !== 'Request aborted')) {
      return { class: 'maybe-committed', suspicion: 'timeout', isOurs: false }
    }
  }
  return { class: 'maybe-committed', suspicion: 'server', isOurs: false }
}

/** Where it was sent on to refuses it; where it was sent first had it, and may have done it. */
function wasRedirected(request: unknown): boolean {
  return Number((request as { _redirectCount?: unknown } | null | undefined)?._redirectCount) > 0
}

/** An error with an answer: refused by `validateStatus`, or the answer broke off after its head. */
function ofAnswerInError(error: ErrorShape, answer: Answer): Classified {
  const isWhole = answer.status >= 400 || String(error.message).startsWith('Request failed with status')
  return isWhole
    ? ofAnswer(answer)
    : { class: 'maybe-committed', status: answer.status, suspicion: 'server', isOurs: false }
}

function ofAnswer(answer: Answer): Classified {
  const { status, headers } = answer
  const type = header(headers, 'content-type') ?? ''
  const isHtml = type.includes('html')
  if (status < 400) {
    if (isHtml) return ofPage(answer)
    if (isRedirect(status)) return header(headers, 'holdfast') === undefined ? UNPROVED : OURS
    if (!type.includes('json') || !isTruncated(answer)) return OURS
    return { class: 'maybe-committed', status, suspicion: 'server', isOurs: false }
  }
  const isMarked = header(headers, 'holdfast') !== undefined
  return {
    ...refusalOf(status, headers),
    isOurs: isMarked || (status < 500 && !isHtml),
    ...suspicionOf(status),
  }
}

/** Apart, so that the way of good answers makes no closure. */
const refusalOf = (status: number, headers: unknown): Outcome =>
  outcomeOfAnswer(status, (name) => header(headers, name))

/** A redirect that was not followed: anybody could have sent it. A page's fetch shows it without a status. */
export const isRedirect = (status: number): boolean =>
  status === 0 || (status >= 300 && status < 400 && status !== 304)

function suspicionOf(status: number): Pick<Outcome, 'suspicion'> {
  // 511 is a captive portal that says so (RFC 6585).
  if (status === 511) return { suspicion: 'portal' }
  return isSuspiciousStatus(status) ? { suspicion: status === 504 ? 'timeout' : 'server' } : {}
}

/** An unmarked success in HTML that nobody asked for: only its beginning tells whether it is a page. */
export function isUnasked({ status, headers, config }: Answer): boolean {
  if (status >= 400 || !header(headers, 'content-type')?.includes('html')) return false
  const asked = config?.responseType
  const isAsked = (asked && asked !== 'json') || header(config?.headers, 'accept')?.includes('html')
  return !isAsked && header(headers, 'holdfast') === undefined
}

/** HTML with a success: a portal's page, unless it is marked, was asked for, or is only called HTML. */
function ofPage(answer: Answer): Classified {
  const { status, headers, data } = answer
  if (header(headers, 'holdfast') !== undefined) return OURS
  // JSON or nothing under an HTML label is the habit of some back ends; a page begins with a tag.
  const isPage = typeof data === 'string' && /^\s*</.test(data)
  if (!isPage || !isUnasked(answer)) return UNPROVED
  return { class: 'maybe-committed', status, suspicion: 'portal', isOurs: false }
}

/** Beyond this only the last character is looked at: 1 Mi characters take about 2 ms. */
const LONGEST_SCAN = 2 ** 20

/** JSON that broke off. Anything that is a whole document, however strange, is not. */
function isTruncated({ status, headers, data, config }: Answer): boolean {
  // 206: a part was asked for.
  if (typeof data !== 'string' || status === 206 || config?.method === 'head') return false
  if (data === '') return status === 200 && Number(header(headers, 'content-length')) > 0
  if (data.length > LONGEST_SCAN) return !/[\]}"\w]\s*$/.test(data.slice(-99))
  let depth = 0
  let inString = false
  for (let at = 0; at < data.length; at++) {
    const char = data.charCodeAt(at)
    if (inString) {
      if (char === 92) at++
      else if (char === 34) inString = false
    } else if (char === 34) inString = true
    else if (char === 123 || char === 91) depth++
    else if (char === 125 || char === 93) depth--
  }
  return inString || depth > 0
}
