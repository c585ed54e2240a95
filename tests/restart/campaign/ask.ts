/**
 * One request of a plain client over kept-alive connections: Node's own, which neither repeats nor follows, and whose
 * agent gives all of its connections back when it is told to.
 */
import { type Agent, type IncomingHttpHeaders, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** What it was answered. */
export interface Told {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Where to, and how. */
export interface Asking {
  readonly agent: Agent
  readonly origin: string
  /** Gives it up. */
  readonly signal?: AbortSignal
}

/** What is asked: a GET, or a POST of this as JSON. */
export interface Question {
  readonly path: string
  readonly post?: object
  readonly key?: string
}

/** Asks. Rejects if there is no answer, or no end of it. */
export function ask({ agent, origin, signal }: Asking, { path, post, key }: Question): Promise<Told> {
  return new Promise((resolve, reject) => {
    const asked = request(origin + path, {
      agent,
      method: post ? 'POST' : 'GET',
      headers: {
        ...(post && { 'content-type': 'application/json' }),
        ...(key !== undefined && { 'idempotency-key': `"${key}"` }),
      },
      ...(signal && { signal }),
    })
    asked.on('error', reject)
    asked.on('response', (answer) => {
      text(answer).then(
        (body) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }),
        reject,
      )
    })
    asked.end(post && JSON.stringify(post))
  })
}

/** An order, as it is sent. */
export interface Order {
  readonly item: string
  readonly qty: number
  readonly seq: number
}

/** Places an order under this key. */
export const placeOrder = (asking: Asking, key: string, order: Order): Promise<Told> =>
  ask(asking, { path: '/orders', post: order, key })
