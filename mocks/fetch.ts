/** `network.fetch`: as the page's own, over the simulated network. */
import type { Clock } from '../src/core/clock.js'
import { NoAnswer, type Answer, type Departure, type Exchange } from './exchange.js'

/** What an installer needs. */
export interface InstallerPorts {
  readonly clock: Clock
  readonly send: (departure: Departure) => Exchange
  /** What relative URLs are resolved against. */
  readonly origin: string
}

/** Reading a body hops for real; a manual clock must wait for it. */
const READERS = ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'] as const

/**
 * A fetch. It rejects with `TypeError: Failed to fetch` where a browser does, with the signal's reason on
 * abort. Redirects are never followed: a network error, as across origins; `redirect: 'manual'` gives the
 * opaque answer.
 */
export function createFetch({ clock, send, origin }: InstallerPorts): typeof globalThis.fetch {
  return async (input, init) => {
    const target = typeof input === 'string' ? new URL(input, origin) : input
    const request = new Request(target, init)
    const { method, signal } = request
    signal.throwIfAborted()
    const exchange = send({ who: 'fetch', method, url: new URL(request.url), request: () => request })
    const onAbort = () => exchange.fail('aborted')
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      return toResponse(await exchange.result, request.redirect, clock)
    } catch (error) {
      if (error instanceof NoAnswer && error.end === 'aborted') throw signal.reason
      throw new TypeError('Failed to fetch', { cause: error })
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }
}

/** Whether an answer sends the browser elsewhere. */
export function isRedirect({ status, headers }: Answer): boolean {
  return status >= 300 && status < 400 && headers.has('Location')
}

function toResponse(answer: Answer, redirect: RequestRedirect, clock: Clock): Response {
  const { status, statusText, headers, body, url } = answer
  if (isRedirect(answer)) {
    if (redirect !== 'manual') throw new NoAnswer('error')
    return looking(new Response(null), { type: 'opaqueredirect', status: 0, ok: false, url })
  }
  return tracked(looking(new Response(body, { status, statusText, headers }), { url }), clock)
}

/** What a constructor of Response does not take. */
function looking(response: Response, looks: Readonly<Record<string, unknown>>): Response {
  for (const [key, value] of Object.entries(looks)) Object.defineProperty(response, key, { value })
  return response
}

/** The response, with its readers tracked; so are those of its clones. */
function tracked(response: Response, clock: Clock): Response {
  for (const name of READERS) {
    const read: unknown = Reflect.get(response, name)
    if (typeof read !== 'function') continue
    const value = () => clock.track(Promise.resolve(Reflect.apply(read, response, [])))
    Object.defineProperty(response, name, { value, configurable: true })
  }
  const { clone } = Response.prototype
  const value = () => tracked(looking(clone.call(response), { url: response.url }), clock)
  Object.defineProperty(response, 'clone', { value })
  return response
}
