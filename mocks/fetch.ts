/** `network.fetch`: as the page's own, over the simulated network. */
import type { Clock } from '../src/core/clock.js'
import { isRedirect, type Answer, type Bytes } from './answer.js'
import type { Departure, Exchange } from './exchange.js'
import type { RequestEnd } from './log.js'
import { createNetworkResponse, CUT, FAILED, type Track } from './network-response.js'
import { NoAnswer } from './no-answer.js'
import type { Pace } from './pace.js'

/** What an installer needs. */
export interface InstallerPorts {
  /** What an application times by. */
  readonly clock: Clock
  readonly pace: Pace
  readonly send: (departure: Departure) => Exchange
  /** What relative URLs are resolved against. */
  readonly origin: string
}

/**
 * A fetch. It rejects with `TypeError: Failed to fetch` where a browser does, with the signal's reason on
 * abort. Redirects are never followed: a network error, as across origins; `redirect: 'manual'` gives the
 * opaque answer.
 */
export function createFetch({ pace, send, origin }: InstallerPorts): typeof globalThis.fetch {
  return async (input, init) => {
    const url = typeof input === 'string' ? new URL(input, origin) : null
    const request = new Request(url ?? input, init)
    const { method, headers } = request
    const isStream = init?.body instanceof ReadableStream
    // What is sent twice is read twice; where there is nothing to read one will do.
    const copy = () => (isStream || request.body === null ? request : request.clone())
    // Where nobody can abort, nobody has to be heard.
    const signal = init?.signal || input instanceof Request ? request.signal : null
    signal?.throwIfAborted()
    const exchange = send({
      ...{ who: 'fetch', method, url: url ?? new URL(request.url), headers },
      ...{ request: copy, isStream },
    })
    if (signal) hearSignal(signal, exchange)
    const toError = (end: RequestEnd, message: string, cause?: unknown): unknown =>
      end === 'aborted' ? signal?.reason : new TypeError(message, { cause })
    try {
      const answer = await exchange.result
      if (isRedirect(answer)) return toRedirect(answer, request.redirect)
      const body = answer.stream ? toReadable(answer.stream, exchange, toError) : answer.body
      return createNetworkResponse(answer, body, trackerOf(exchange, pace))
    } catch (error) {
      throw toError(error instanceof NoAnswer ? error.end : 'error', FAILED, error)
    }
  }
}

function hearSignal(signal: AbortSignal, exchange: Exchange): void {
  const onAbort = () => exchange.fail('aborted')
  signal.addEventListener('abort', onAbort, { once: true })
  exchange.whenOver(() => signal.removeEventListener('abort', onAbort))
}

/** A body as the page reads it, piece by piece. One that breaks off errors with Chromium's words for that. */
export function toReadable(
  listen: NonNullable<Answer['stream']>,
  exchange: Exchange,
  toError: (end: RequestEnd, message: string) => unknown,
): ReadableStream<Bytes> {
  return new ReadableStream({
    start(controller) {
      listen({
        chunk: (bytes) => controller.enqueue(bytes),
        end: () => controller.close(),
        fail: (end) => controller.error(toError(end, CUT)),
      })
    },
    cancel: () => exchange.fail('aborted'),
  })
}

/** What is read while the body comes must not hold up the time in which it does. */
function trackerOf(exchange: Exchange, pace: Pace): Track {
  return (promise) => {
    const track = () => {
      const stop = pace.moving(exchange)
      promise.then(stop, stop)
    }
    if (exchange.open) exchange.whenOver(track)
    else track()
    return promise
  }
}

function toRedirect({ url }: Answer, redirect: RequestRedirect): Response {
  if (redirect !== 'manual') throw new NoAnswer('error')
  const looks = { type: 'opaqueredirect', status: 0, ok: false, url }
  const response = new Response(null)
  for (const [key, value] of Object.entries(looks)) Object.defineProperty(response, key, { value })
  return response
}
