/** Both ends of a durable write of a fetch: into the queue as data, and out of it as a request. */
import { HoldfastError, type HoldfastErrorCode } from '../core/errors.js'
import type { OutcomeClass } from '../core/outcome.js'
import type { Cancelled } from './cancel.js'
import { classify } from './classify.js'
import type { DurablePort, RequestPayload, SendRequest, WireAnswer } from './durable-port.js'
import { callOf, reasonOf, type FetchConfig, type HoldfastFetch } from './fetch-request.js'
import { keep, keptOf, payloadOf } from './kept-write.js'
import { absolute } from './origins.js'
import { refused } from './single.js'

/** What is kept as text, so that it can be read in the store; anything else is kept as bytes. */
const TEXT = /^text\/|json|xml|x-www-form-urlencoded/

/** Answers of these statuses have no body, and a Response refuses one. */
const BODILESS = new Set([101, 204, 205, 304])

/** Hands a marked request to the queue, and gives its caller the queue's outcome as a Response. */
export async function enqueue(config: FetchConfig, queue: DurablePort | undefined): Promise<Response> {
  const answer = await keep(config, queue, reasonOf as Cancelled, () => partsOf(config))
  const { status, statusText, headers, data, ...queued } = answer
  const body = BODILESS.has(status) || data === undefined || data === null ? null : bodyOf(data)
  const type =
    typeof body === 'string' && typeof data !== 'string' ? { 'content-type': 'application/json' } : {}
  // `isQueued` looks for what may be in it besides.
  return Object.assign(new Response(body, { status, statusText, headers: { ...type, ...headers } }), queued)
}

/** The bytes are fixed now, a stream's too: it is read to its end before anything is accepted. */
async function partsOf(config: FetchConfig): Promise<Omit<RequestPayload, 'method'>> {
  const url = absolute(config.url)
  const [input, init] = callOf(config, new AbortController().signal)
  const request = new Request(typeof input === 'object' && 'clone' in input ? input : url, init)
  const headers = keptOf(request.headers)
  const bytes = await request.arrayBuffer()
  const data = TEXT.test(headers['Content-Type'] ?? '') ? textOf(bytes) : bytes
  return { url, headers, ...(bytes.byteLength === 0 ? {} : { data }) }
}

/** Only what is the same bytes again when it is sent. */
function textOf(bytes: ArrayBuffer): string | ArrayBuffer {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return bytes
  }
}

/** A handler of the application's own may return whatever it likes. */
function bodyOf(data: unknown): BodyInit {
  const isBody = typeof data === 'string' || data instanceof Blob || data instanceof ArrayBuffer
  return isBody ? data : JSON.stringify(data)
}

/**
 * How the queue's handler `request` sends a request that was marked on an attached fetch: as a single attempt
 * under the action's key (`HoldfastMark.key` says what that means). Give it a fetch that puts on today's token.
 *
 * A stored row is not trusted: its method, URL, body and the three kept headers are sent, nothing else, and to
 * the service's origins only. Only a 2xx confirms it. Rows of an axios instance are for `sendRequest`, which
 * also sends these.
 *
 * `createQueue({ handlers: { request: { honoursKeys: true, send: sendFetch(http.fetch) } }, ... })`
 *
 * @param fetch the one of `attachFetch`, or a wrapper of it that hands the init on
 */
export function sendFetch(fetch: HoldfastFetch): (sending: SendRequest) => Promise<WireAnswer> {
  return async ({ payload, key, signal }) => {
    const { method, url, params, data, headers } = payloadOf(payload)
    if (params !== undefined) throw refused('it was kept by axios: sendRequest sends it')
    const response = await fetch(url, {
      method: method.toUpperCase(),
      // Its key goes with it whatever has become of the kit: it may have been taken off meanwhile.
      headers: { ...keptOf(headers), 'Idempotency-Key': `"${key}"` },
      redirect: 'manual',
      body: data === undefined ? null : (data as BodyInit),
      signal,
      holdfast: { key },
    })
    const { status, statusText } = response
    const answer = {
      status,
      statusText,
      headers: Object.fromEntries(response.headers),
      data: await response.text(),
    }
    const outcome = classify({ ...answer, config: { method, headers: keptOf(headers) } }).class
    if (response.ok && outcome === 'ok') return answer
    // What is no refusal and no success either (a redirect, half an answer) tells nothing.
    throw refusalOf(answer, outcome === 'ok' ? 'maybe-committed' : outcome)
  }
}

const CODES: Partial<Record<OutcomeClass, HoldfastErrorCode>> = {
  conflict: 'conflict',
  unauthorized: 'unauthorized',
  'maybe-committed': 'maybe-committed',
}

/** A fetch has no error for a status; the queue reads what became of the action, and why, from this one. */
function refusalOf({ status, headers, data }: WireAnswer, outcome: OutcomeClass): HoldfastError {
  return Object.assign(new HoldfastError(CODES[outcome] ?? 'rejected', `status ${status}`), {
    holdfast: { outcome, attempts: 1 },
    response: { status, headers, data: headers['content-type']?.includes('json') ? parsed(data) : data },
  })
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    return text
  }
}
