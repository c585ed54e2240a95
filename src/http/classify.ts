/** What an answer or an error means. Pure; the table is in docs/spec/architecture.md, "Outcomes". */
import type { AxiosResponse } from 'axios'
import { isSuspiciousStatus, outcomeOfStatus, type Outcome } from '../core/outcome.js'
import { parseRetryAfter } from '../core/retry-after.js'
import { header } from './headers.js'

/** An outcome, and whether it proves that the service is there. */
export interface Classified extends Outcome {
  /** The answer carries our marker, or is a 2xx to 4xx of the API's content type: evidence of a good link. */
  readonly isOurs: boolean
}

type Answer = Pick<AxiosResponse, 'status' | 'headers' | 'data'> & { config?: AxiosResponse['config'] }

/** The two that nearly every request has; shared, so that a good answer allocates nothing. */
const OURS: Classified = Object.freeze({ class: 'ok', isOurs: true })
const UNPROVED: Classified = Object.freeze({ class: 'ok', isOurs: false })

/** Node says these before a byte has left; a page never learns of them. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])

/** axios refuses the request itself: it will do so again. */
const REFUSED_BY_AXIOS = /^ERR_(BAD_REQUEST|BAD_OPTION|BAD_OPTION_VALUE|INVALID_URL|NOT_SUPPORT|DEPRECATED)$/

/**
 * The class of what an axios adapter resolved or rejected with. Takes anything: axios' errors with or without
 * a code, bare TypeErrors, answers of whichever adapter.
 */
export function classify(given: unknown): Classified {
  if (isAnswer(given)) return ofAnswer(given)
  const error = typeof given === 'object' && given !== null ? (given as ErrorShape) : {}
  if (error.__CANCEL__ || error.code === 'ERR_CANCELED' || error.name === 'AbortError') {
    return { class: 'cancelled', isOurs: false }
  }
  return isAnswer(error.response) ? ofAnswerInError(error, error.response) : ofError(error)
}

interface ErrorShape {
  readonly name?: unknown
  readonly code?: unknown
  readonly message?: unknown
  readonly response?: unknown
  readonly __CANCEL__?: unknown
}

function isAnswer(given: unknown): given is Answer {
  return typeof given === 'object' && given !== null && 'status' in given && 'headers' in given
}

function ofError({ code, message }: ErrorShape): Classified {
  if (typeof code === 'string') {
    if (NEVER_SENT.has(code)) return { class: 'not-sent', suspicion: 'server', isOurs: false }
    if (REFUSED_BY_AXIOS.test(code)) return { class: 'rejected', isOurs: false }
    // A bound of the caller's own (size, redirects): the service is there, what it did is unknown.
    if (code === 'ERR_FR_TOO_MANY_REDIRECTS' || /^max\w+ size/.test(String(message))) {
      return { class: 'maybe-committed', isOurs: false }
    }
    // ECONNABORTED is also what a browser's own abort of the request is called.
    if (code === 'ETIMEDOUT' || (code === 'ECONNABORTED' && message !== 'Request aborted')) {
      return { class: 'maybe-committed', suspicion: 'timeout', isOurs: false }
    }
  }
  return { class: 'maybe-committed', suspicion: 'server', isOurs: false }
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
  const retryAfterMs = parseRetryAfter(header(headers, 'retry-after'), header(headers, 'date'))
  const isMarked = header(headers, 'holdfast') !== undefined
  return {
    class: outcomeOfStatus(status, retryAfterMs !== undefined),
    status,
    isOurs: isMarked || (status < 500 && !isHtml),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...suspicionOf(status),
  }
}

/** A redirect that was not followed: anybody could have sent it. A page's fetch shows it without a status. */
export const isRedirect = (status: number): boolean =>
  status === 0 || (status >= 300 && status < 400 && status !== 304)

function suspicionOf(status: number): Pick<Outcome, 'suspicion'> {
  // 511 is a captive portal that says so (RFC 6585).
  if (status === 511) return { suspicion: 'portal' }
  return isSuspiciousStatus(status) ? { suspicion: status === 504 ? 'timeout' : 'server' } : {}
}

/** HTML with a success: a portal's page, unless it is marked, was asked for, or is only called HTML. */
function ofPage({ status, headers, data, config }: Answer): Classified {
  if (header(headers, 'holdfast') !== undefined) return OURS
  const asked = config?.responseType
  const isAsked = (asked && asked !== 'json') || header(config?.headers, 'accept')?.includes('html')
  // JSON or nothing under an HTML label is the habit of some back ends; a page begins with a tag.
  const isPage = typeof data === 'string' && /^\s*</.test(data)
  if (isAsked || !isPage) return UNPROVED
  return { class: 'maybe-committed', status, suspicion: 'portal', isOurs: false }
}

/** Beyond this only the last character is looked at: 1 Mi characters take about 2 ms. */
const LONGEST_SCAN = 2 ** 20

/** JSON that broke off. Anything that is a whole document, however strange, is not. */
function isTruncated({ status, headers, data, config }: Answer): boolean {
  if (typeof data !== 'string' || config?.method === 'head') return false
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
