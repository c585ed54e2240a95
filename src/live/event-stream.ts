/**
 * A line over server-sent events, read from a fetch: unlike an EventSource it sees status and headers, sends a token,
 * says itself where to go on, and leaves it to its owner whether and when to come back.
 */
import { createParser } from 'eventsource-parser'
import { badOption } from '../core/errors.js'
import { LONGEST_HINT_MS } from '../core/retry-after.js'
import {
  ASKING_RULES,
  bodyOf,
  checkAsking,
  checkCursor,
  createInit,
  endOfError,
  findFetch,
  withQuery,
  type AskingOptions,
} from './asking.js'
import { createAttempt, type Attempt } from './attempt.js'
import { isCursor, isLarger, MESSAGE_BYTES, MOST_BYTES } from './bounds.js'
import { endOfStream, tooLarge } from './ends.js'
import type { Driver, Line, LinePorts, LineRequest } from './line.js'
import { checkOptions, type Rules } from './rules.js'

/** Options of `eventStream`. */
export interface EventStreamOptions extends AskingOptions {
  /**
   * `GET` (default): topics in the query. `POST`: topics and cursor in a JSON body, for lists that no address takes.
   * The cursor goes as Last-Event-ID with both.
   */
  method?: 'GET' | 'POST'
  /**
   * The largest event taken, in bytes of its data, and the longest line of any kind. Default: 1 MiB (1,048,576);
   * allowed: 1 to 1 GiB. More ends the line as `fatal`, code 1009, also before the event is complete.
   */
  maxEventBytes?: number
}

const RULES: Rules<EventStreamOptions> = { ...ASKING_RULES, method: null, maxEventBytes: [1, MOST_BYTES] }

/**
 * A driver for event streams. Each event is told as a message: its data, and its id, if it has one that may be kept
 * (up to 256 characters, without NUL). `event:` is not looked at: what a frame is says the frame. Redirects are not
 * followed, not even on the same origin.
 *
 * @throws `bad-option` for an unknown or impossible option
 */
export function eventStream(options: EventStreamOptions = {}): Driver {
  checkOptions('eventStream', options, RULES)
  checkAsking('eventStream', options)
  const { method = 'GET', maxEventBytes = MESSAGE_BYTES } = options
  if (method !== 'GET' && method !== 'POST') throw badOption('eventStream.method', method, '"GET" or "POST"')
  return {
    transport: 'event-stream',
    open(request, ports) {
      const fetch = findFetch('eventStream', options.fetch)
      return follow(request, ports, { ...options, fetch, method, maxEventBytes })
    },
  }
}

type Settings = EventStreamOptions & Required<Pick<EventStreamOptions, 'fetch' | 'method' | 'maxEventBytes'>>

function follow(request: LineRequest, ports: LinePorts, settings: Settings): Line {
  const leaving = new AbortController()
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null
  const attempt = createAttempt(ports, settings.judge, () => {
    leaving.abort()
    // A fetch that was handed in may not hear the signal.
    reader?.cancel().catch(() => {})
  })

  const run = async (): Promise<void> => {
    const answer = await ask(request, settings, leaving.signal)
    const body = await bodyOf(answer, 'text/event-stream', attempt)
    if (!body) return
    reader = body.getReader()
    attempt.tell({ type: 'open' })
    const take = createTaker(attempt, settings.maxEventBytes)
    while (!attempt.isOver) {
      const { done, value } = await reader.read()
      if (done) attempt.end(endOfStream(take.lastWordMs()))
      else take.piece(value)
    }
    // It may have been dropped before there was a reader.
    reader.cancel().catch(() => {})
  }
  run().catch((error: unknown) =>
    attempt.end(endOfError(error, reader ? 'the stream broke off' : 'no answer')),
  )
  return { transport: 'event-stream', bufferedAmount: 0, send: () => false, drop: attempt.drop }
}

/** In a promise, so that whatever is thrown, is told later. */
async function ask(request: LineRequest, settings: Settings, signal: AbortSignal): Promise<Response> {
  const { fetch, method } = settings
  const { url, topics } = request
  const cursor = checkCursor(request)
  const init = createInit(settings, request, {
    Accept: 'text/event-stream',
    ...(cursor === null ? {} : { 'Last-Event-ID': toBytes(cursor) }),
  })
  if (method === 'GET') {
    const target = topics.length ? withQuery(url, { topics: topics.join(',') }) : url.href
    return fetch(target, { ...init, signal })
  }
  init.headers.set('Content-Type', 'application/json')
  const body = JSON.stringify({ topics, ...(cursor === null ? {} : { cursor }) })
  return fetch(url.href, { ...init, method, body, signal })
}

/** As HTML sends a Last-Event-ID: in UTF-8, of which a header takes each byte as a character. */
const toBytes = (text: string): string => String.fromCharCode(...new TextEncoder().encode(text))

const LF = 10
const CR = 13

/** Takes a stream piece by piece, and tells what is complete. */
interface Taker {
  piece(bytes: Uint8Array): void
  /** The `retry:` after which no event has come; undefined: there is none. */
  lastWordMs(): number | undefined
}

/** Nothing has come. */
function createTaker(attempt: Attempt, maxBytes: number): Taker {
  // The parser strips a byte order mark itself.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let lineBytes = 0
  let isNews = false
  /** Also of a block without data, which is nothing to tell: then it is that of the next message (HTML, 9.2.6). */
  let id: string | undefined
  let lastWordMs: number | undefined

  const parser = createParser({
    maxBufferSize: maxBytes,
    onId(given) {
      if (isCursor(given)) id = given
    },
    onRetry(retryMs) {
      isNews = true
      lastWordMs = Math.min(retryMs, LONGEST_HINT_MS)
      attempt.tell({ type: 'retry', retryMs: lastWordMs })
    },
    onEvent({ data }) {
      if (isLarger(data, maxBytes)) return attempt.end(tooLarge('An event', maxBytes))
      isNews = true
      attempt.tell({ type: 'message', data, ...(id === undefined ? {} : { id }) })
      id = lastWordMs = undefined
    },
    onError({ type }) {
      if (type === 'max-buffer-size-exceeded') attempt.end(tooLarge('An event', maxBytes))
    },
  })
  function piece(bytes: Uint8Array): void {
    // Lines that the parser does not keep have an end, too.
    const endsAt = Math.max(bytes.lastIndexOf(LF), bytes.lastIndexOf(CR))
    lineBytes = endsAt < 0 ? lineBytes + bytes.length : bytes.length - endsAt - 1
    isNews = false
    parser.feed(decoder.decode(bytes, { stream: true }))
    if (lineBytes > maxBytes) attempt.end(tooLarge('A line', maxBytes))
    // A comment, or a part of a large event.
    else if (!isNews) attempt.tell({ type: 'alive' })
  }
  return { piece, lastWordMs: () => lastWordMs }
}
