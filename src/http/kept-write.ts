/** What both platforms do with a durable write: into the queue as data, and read again as it comes out. */
import { known } from '../core/known.js'
import { flag, optional, readOptions, type Reader } from '../core/options.js'
import { listen, unlisten, type Cancelled } from './cancel.js'
import type { Config, DurableMark } from './config.js'
import type { DurablePort, RequestPayload, WireAnswer } from './durable-port.js'
import { header } from '../core/headers.js'
import { queuedResultOf } from './queued-result.js'
import { refused } from './single.js'

/** The only headers that are kept: they describe the body. Tokens are put on when it is sent. */
const KEPT_HEADERS = ['Content-Type', 'Accept', 'If-Match'] as const

const METHODS = ['post', 'put', 'patch', 'delete']

/** Hands a marked request to the queue, and settles with its outcome. What is kept of it, its platform says. */
export async function keep(
  config: Config,
  queue: DurablePort | undefined,
  cancelled: Cancelled,
  partsOf: () => Promise<Omit<RequestPayload, 'method'>>,
): Promise<WireAnswer> {
  const { durable, method = 'get' } = config
  if (!durable || !queue) {
    throw refused('it is marked durable: attachHttp and attachFetch need the option queue for that')
  }
  readOptions('durable', durable, MARK)
  const lower = method.toLowerCase()
  if (!METHODS.includes(lower)) throw refused(`${lower} is no write`)
  const { handler = 'request', label, lane, queuedResult } = durable
  const request = known({ handler, label, lane, payload: { method: lower, ...(await partsOf()) } })
  const result = await untilCancelled(config, cancelled, () =>
    queuedResult ? queuedResultOf(request, queue) : queue.enqueueRequest(request),
  )
  return isWireAnswer(result) ? result : { status: 200, statusText: '', headers: {}, data: result }
}

/** Label, lane and handler are checked by the queue. */
const asGiven = (_option: string, given: unknown) => given

const MARK = {
  label: asGiven,
  lane: asGiven,
  handler: asGiven,
  queuedResult: optional(flag()),
} satisfies Record<keyof DurableMark, Reader<unknown>>

/** Waits, until the caller has had enough: what was handed over stays where it is. */
async function untilCancelled(
  config: Config,
  cancelled: Cancelled,
  start: () => Promise<unknown>,
): Promise<unknown> {
  const reason = cancelled(config)
  if (reason !== undefined) throw reason
  let onCancel = () => {}
  const ended = new Promise((_resolve, reject) => (onCancel = () => reject(cancelled(config))))
  listen(config, onCancel)
  try {
    return await Promise.race([start(), ended])
  } finally {
    unlisten(config, onCancel)
  }
}

/** Of a request's headers, those that are kept. */
export function keptOf(given: object): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of KEPT_HEADERS) {
    const value = header(given, name.toLowerCase())
    if (value !== undefined) kept[name] = value
  }
  return kept
}

/** What comes out of a store is data: only what has the shape of a write is sent. @throws `bad-action` */
export function payloadOf(given: unknown): RequestPayload {
  if (typeof given === 'object' && given !== null) {
    const { method, url, headers } = given as Partial<RequestPayload>
    const isKept = typeof headers === 'object' && headers !== null
    if (METHODS.includes(method ?? '') && typeof url === 'string' && isKept) return given as RequestPayload
  }
  throw refused('its payload is no request')
}

function isWireAnswer(given: unknown): given is WireAnswer {
  return typeof given === 'object' && given !== null && 'status' in given && 'headers' in given
}
