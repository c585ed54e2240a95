/** `network.fetch`: as the page's own, over the simulated network. */
import type { Clock } from '../src/core/clock.js'
import { isRedirect, type Answer, type Bytes } from './answer.js'
import type { Departure, Exchange } from './exchange.js'
import type { RequestEnd } from './log.js'
import { NoAnswer } from './no-answer.js'

/** What an installer needs. */
export interface InstallerPorts {
  readonly clock: Clock
  readonly send: (departure: Departure) => Exchange
  /** What relative URLs are resolved against. */
  readonly origin: string
}

/** What Chromium says where no answer comes, and where the readers of a response miss the end of its body. */
const FAILED = 'Failed to fetch'
/** What it says to whoever reads that body piece by piece. */
const CUT = 'network error'

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
    const { method, signal, headers } = request
    signal.throwIfAborted()
    const url = new URL(request.url)
    const isStream = init?.body instanceof ReadableStream
    // What is sent twice is read twice; where there is nothing to read one will do.
    const copy = () => (isStream || request.body === null ? request : request.clone())
    const exchange = send({ who: 'fetch', method, url, headers, request: copy, isStream })
    const onAbort = () => exchange.fail('aborted')
    signal.addEventListener('abort', onAbort, { once: true })
    exchange.whenOver(() => signal.removeEventListener('abort', onAbort))
    const toError = (end: RequestEnd, message: string, cause?: unknown): unknown =>
      end === 'aborted' ? signal.reason : new TypeError(message, { cause })
    try {
      const answer = await exchange.result
      const body = answer.stream ? toReadable(answer.stream, exchange, toError) : answer.body
      return toResponse(answer, body, request.redirect, trackerOf(exchange, clock))
    } catch (error) {
      throw toError(error instanceof NoAnswer ? error.end : 'error', FAILED, error)
    }
  }
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

type Track = <T>(promise: Promise<T>) => Promise<T>

/** What is read while the body comes must not hold up the time in which it does. */
function trackerOf(exchange: Exchange, clock: Clock): Track {
  return (promise) => {
    if (exchange.open) exchange.whenOver(() => void clock.track(promise))
    else void clock.track(promise)
    return promise
  }
}

function toResponse(
  answer: Answer,
  body: Bytes | ReadableStream<Bytes> | null,
  redirect: RequestRedirect,
  track: Track,
): Response {
  const { status, statusText, headers, url } = answer
  if (isRedirect(answer)) {
    if (redirect !== 'manual') throw new NoAnswer('error')
    return looking(new Response(null), { type: 'opaqueredirect', status: 0, ok: false, url })
  }
  const response = looking(new Response(body, { status, statusText, headers }), { url })
  return tracked(response, track, body instanceof ReadableStream ? 'coming' : 'whole')
}

/** What a constructor of Response does not take. */
function looking(response: Response, looks: Readonly<Record<string, unknown>>): Response {
  for (const [key, value] of Object.entries(looks)) Object.defineProperty(response, key, { value })
  return response
}

/** Measured in Chromium 156: `text()` and `json()` of a body that is cut say what a fetch without an answer does. */
function toReaderError(error: unknown): never {
  const isCut = error instanceof TypeError && error.message === CUT
  throw isCut ? new TypeError(FAILED, { cause: error }) : error
}

/** The response, with its readers tracked; so are those of its clones. */
function tracked(response: Response, track: Track, body: 'whole' | 'coming'): Response {
  for (const name of READERS) {
    const read: unknown = Reflect.get(response, name)
    if (typeof read !== 'function') continue
    const value = () => track(Promise.resolve(Reflect.apply(read, response, [])).catch(toReaderError))
    Object.defineProperty(response, name, { value, configurable: true })
  }
  // The pieces of one that still comes are waited for in virtual time.
  if (body === 'whole') trackBody(response, track)
  const { clone } = Response.prototype
  const value = () => tracked(looking(clone.call(response), { url: response.url }), track, body)
  Object.defineProperty(response, 'clone', { value })
  return response
}

const bodyOf = Object.getOwnPropertyDescriptor(Response.prototype, 'body')!.get!

/** The same for whoever reads piece by piece. A clone leaves another body behind, so each is looked at when asked for. */
function trackBody(response: Response, track: Track): void {
  const seen = new WeakSet<ReadableStream>()
  const get = () => {
    const body = bodyOf.call(response) as ReadableStream<Bytes> | null
    if (!body || seen.has(body)) return body
    seen.add(body)
    const { getReader } = body
    const value = (options?: ReadableStreamGetReaderOptions) => {
      const reader = Reflect.apply(getReader, body, [options]) as ReadableStreamDefaultReader<Bytes>
      const { read } = reader
      Object.defineProperty(reader, 'read', {
        value: (...view: []) => track(Reflect.apply(read, reader, view)),
      })
      return reader
    }
    Object.defineProperty(body, 'getReader', { value })
    return body
  }
  Object.defineProperty(response, 'body', { get, configurable: true })
}
