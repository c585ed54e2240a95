/** What the far end does with a request that reached it: a bad answer by decree, health, or a handler. */
import { getResponse, HttpHandler, isPassthroughResponse, RequestHandler } from 'msw'
import { bytesOf } from './answer-text.js'
import { isRedirect, type Bytes, type Head } from './answer.js'
import type { Exchange } from './exchange.js'
import type { Fault } from './faults.js'
import { realFetch } from './real-fetch.js'
import { dateIn, type Service } from './service.js'

type StatusFault = Extract<Fault, { type: 'status' }>
type UnauthorizedFault = Extract<Fault, { type: 'unauthorized' }>

/** Answers with these have no body, whatever the handler says. */
const BODILESS = new Set([101, 204, 205, 304])

const encode = (text: string): Bytes => new TextEncoder().encode(text)

/** An answer as it leaves the far end. */
export interface Draft {
  readonly status: number
  readonly statusText?: string
  readonly headers: Headers
  /** The whole of it, or a stream that is read as it comes. */
  readonly body: Bytes | ReadableStream<Bytes> | null
}

/** An answer as it is sent. */
export interface Signed extends Head {
  readonly body: Draft['body']
}

/** Which instance answers, and what its clock says; null: it is not the service's. */
export type Signature = { readonly boot: string; readonly now: number } | null

/** Puts on what every answer of the service carries: who it is, which process, and its time. */
export function sign(draft: Draft, { method, url }: Exchange, from: Signature): Signed {
  const { status, statusText = '', headers } = draft
  if (from) {
    headers.set('Holdfast', '1')
    headers.set('Holdfast-Boot', from.boot)
    headers.set('Date', new Date(from.now).toUTCString())
  }
  // Nobody reads the body of a redirect.
  const isBodiless = method === 'HEAD' || BODILESS.has(status) || isRedirect(draft)
  return { status, statusText, headers, body: isBodiless ? null : draft.body, url: url.href }
}

/** The answer that a `status` fault decrees. */
export function decreed(fault: StatusFault, serviceNow: number): Draft {
  const headers = new Headers()
  const { retryAfter: hint } = fault
  const asDate = fault.retryAfterAs === 'date' && typeof hint === 'number'
  if (hint !== undefined) headers.set('Retry-After', asDate ? dateIn(hint, serviceNow) : String(hint))
  const { body = { type: 'about:blank', status: fault.code } } = fault
  const isText = typeof body === 'string'
  headers.set('Content-Type', isText ? 'text/plain' : problemOrJson(fault))
  return { status: fault.code, headers, body: encode(isText ? body : JSON.stringify(body)) }
}

const problemOrJson = (fault: StatusFault): string =>
  fault.body === undefined && fault.code >= 400 ? 'application/problem+json' : 'application/json'

/** The page of a captive portal, or its redirect. */
export function portal(redirect: boolean): Draft {
  if (redirect) {
    return { status: 302, headers: new Headers({ Location: 'http://portal.invalid/login' }), body: null }
  }
  const page = '<!doctype html><title>Sign in to this network</title><h1>Welcome, guest</h1>'
  return {
    status: 200,
    headers: new Headers({ 'Content-Type': 'text/html; charset=utf-8' }),
    body: encode(page),
  }
}

/** A problem+json of the service itself. */
function problem(status: number, type: string, detail: string): Draft {
  const headers = new Headers({ 'Content-Type': 'application/problem+json' })
  return { status, headers, body: encode(JSON.stringify({ type, status, detail })) }
}

/** What a gateway says whose instance has gone before it answered. */
export function badGateway(): Draft {
  return {
    status: 502,
    headers: new Headers({ 'Content-Type': 'text/plain' }),
    body: encode('The upstream closed its connection'),
  }
}

/** The answer to a token that has expired, or that a service without its sessions does not know. */
export function unauthorized({ why = 'unauthorized' }: UnauthorizedFault): Draft {
  return problem(401, why, 'Sign in, or refresh the token')
}

/** The service's own health answer, as a draft; null: this is no health check. */
export function healthDraft(service: Service, { method, url }: Exchange, serviceNow: number): Draft | null {
  const health = service.health(method, url, serviceNow)
  return health && { status: health.status, headers: new Headers({ ...health.headers }), body: null }
}

/** What is of another method MSW would leave out as well, after it had parsed URL and cookies for each of them. */
function mayTake(handler: RequestHandler, method: string): boolean {
  if (!(handler instanceof HttpHandler)) return true
  const { method: taken, path } = handler.info
  // A path that is a function is the application's own, and is asked of every request.
  return (
    typeof taken !== 'string' || typeof path === 'function' || taken.toUpperCase() === method.toUpperCase()
  )
}

/**
 * Asks the application's handlers. `error`: one answered with a network error; `unknown-host`: none took it,
 * and the host is not the service's. A handler that throws is a server that answers 500.
 */
export async function ask(
  handlers: readonly RequestHandler[],
  exchange: Exchange,
  isOurs: boolean,
): Promise<Draft | 'error' | 'unknown-host'> {
  const { method, url } = exchange
  const request = exchange.request()
  // MSW keeps a copy of each request for whoever prints it, which takes a fifth of its time; here nobody does.
  RequestHandler.cache.set(request, request)
  let response: Response | undefined
  try {
    response = await getResponse(
      handlers.filter((one) => mayTake(one, method)),
      request,
      { baseUrl: url.origin, quiet: true },
    )
    // Its way there and back is simulated; the service itself is the real one.
    if (response && isPassthroughResponse(response)) {
      response = await realFetch()(exchange.request()).catch(() => Response.error())
    }
  } catch (error) {
    return problem(500, 'failed', `The handler of ${method} ${url.pathname} threw: ${String(error)}`)
  }
  if (!response)
    return isOurs ? problem(404, 'not-found', `${method} ${url.pathname} is not here`) : 'unknown-host'
  if (response.type === 'error') return 'error'
  const { status, statusText } = response
  const headers = new Headers(response.headers)
  // Whoever knows how long it is has it; anything else is read as it comes.
  const known = bytesOf(response)
  if (known) return { status, statusText, headers, body: known }
  const isWhole = response.body === null || headers.has('Content-Length')
  const body = isWhole ? new Uint8Array(await response.arrayBuffer()) : response.body
  return { status, statusText, headers, body }
}
