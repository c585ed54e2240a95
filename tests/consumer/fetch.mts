/**
 * An application without axios and without Vue, for its types alone, as kit.mts: nothing of what it imports may name
 * either, in its types neither.
 */
import { createConnection, createStatus, probe } from 'holdfast'
import { attachFetch, classify, sendFetch } from 'holdfast/fetch'
import type { AttachedFetch, Classified, HoldfastFetch, HoldfastRequestInit } from 'holdfast/fetch'
import { createQueue, memoryStore } from 'holdfast/queue'
import { createRecorder } from 'holdfast/recorder'
import type { RecordedLine, Recording } from 'holdfast/recorder'

const connection = createConnection({ probe: probe('/health') })
const http: AttachedFetch = attachFetch(globalThis.fetch, { connection, idempotency: 'honoured' })
const queue = createQueue({
  connection,
  store: memoryStore(),
  scope: 'someone',
  handlers: { request: { honoursKeys: true, send: sendFetch(http.fetch) } },
})
createStatus({ connections: { connection }, sources: [http, queue] })

/** What takes a fetch takes this one. */
export const plain: typeof globalThis.fetch = http.fetch
/** An init is no other than the platform's. */
export const init: HoldfastRequestInit = { method: 'POST', keepalive: true } satisfies RequestInit
export const later: Promise<Response> = http.fetch('/orders', { ...init, durable: { label: 'Order 7' } })
export const outcome: Classified = classify(new Response())
/** A wrapper that puts on a token, and hands the marks on. */
export const withToken: HoldfastFetch = (input, given) => http.fetch(input, { ...given, headers: { a: 'b' } })

const recorder = createRecorder({ connection, sources: [http], routes: ['/orders'], onOutage: keep })
export const recorded = attachFetch(globalThis.fetch, { connection, log: recorder.log })
function keep({ lines }: Recording): readonly RecordedLine[] {
  return lines
}

// @ts-expect-error -- routes are a list
createRecorder({ connection, routes: '/orders' })
// @ts-expect-error -- a connection is required
attachFetch(globalThis.fetch, {})
// @ts-expect-error -- options that do not exist are refused
attachFetch(globalThis.fetch, { connection, retry: 3 })
// @ts-expect-error -- a mark has a type
void http.fetch('/orders', { holdfast: { key: 7 } })
// @ts-expect-error -- a durable write has a label
void http.fetch('/orders', { method: 'POST', durable: {} })
