/** The clients of the workload: two that ask, one that writes, one that listens; and the stream it listens to. */
import { http, HttpResponse, type RequestHandler } from 'msw'
import { sleep, type Clock } from '../src/core/clock.js'

/** A stream that is silent for so long is given up. */
const SILENT_MS = 2500

/** What a client lives on. */
export interface Client {
  readonly clock: Clock
  /** Where the service is. */
  readonly base: string
  readonly send: typeof globalThis.fetch
  readonly database: IDBDatabase
  /** The clock that hears of real hops. */
  readonly hops: Clock
  readonly stopAt: number
}

/** Asks again and again; whatever comes, the next question is asked after a pause. */
export async function browse({ clock, base, send, stopAt }: Client, everyMs: number): Promise<void> {
  while (clock.now() < stopAt) {
    await withTimeout(clock, 3000, (signal) => send(`${base}/orders`, { signal })).catch(() => {})
    await sleep(clock, everyMs)
  }
}

/** Writes to the database first, then sends; a failed one is sent again with the same key. */
export async function order(
  { clock, base, send, database, hops, stopAt }: Client,
  everyMs: number,
): Promise<void> {
  for (let key = 1; clock.now() < stopAt;) {
    await hops.track(write(database, key))
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': `"key-${key}"` }
    const body = JSON.stringify({ item: 'rope', qty: (key % 9) + 1 })
    const init = { method: 'POST', headers, body }
    const answer = await withTimeout(clock, 4000, (signal) =>
      send(`${base}/orders`, { ...init, signal }),
    ).catch(() => null)
    if (answer?.status === 201) key++
    await sleep(clock, everyMs)
  }
}

/** Listens to a stream, and dials again from where it was when that ends or falls silent. */
export async function follow({ clock, base, send, stopAt }: Client): Promise<void> {
  const seen = { id: '0' }
  while (clock.now() < stopAt) {
    await listen({ clock, base, send, stopAt }, seen).catch(() => {})
    await sleep(clock, 600)
  }
}

async function listen(
  { clock, base, send, stopAt }: Pick<Client, 'clock' | 'base' | 'send' | 'stopAt'>,
  seen: { id: string },
): Promise<void> {
  const controller = new AbortController()
  let cancel = clock.setTimeout(() => controller.abort(), SILENT_MS)
  try {
    const headers = { Accept: 'text/event-stream', 'Last-Event-ID': seen.id }
    const { body } = await send(`${base}/ticks`, { headers, signal: controller.signal })
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
    while (reader && clock.now() < stopAt) {
      const { done, value = '' } = await reader.read()
      if (done) return
      seen.id = /id: (\d+)/.exec(value)?.[1] ?? seen.id
      cancel()
      cancel = clock.setTimeout(() => controller.abort(), SILENT_MS)
    }
  } finally {
    cancel()
    controller.abort()
  }
}

/** A stream of events, one each so many ms, from where the client was. */
export function ticks(base: string, everyMs: number, wait: (ms: number) => Promise<void>): RequestHandler {
  return http.get(`${base}/ticks`, ({ request }) => {
    let next = Number(request.headers.get('Last-Event-ID')) + 1
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await wait(everyMs)
        controller.enqueue(new TextEncoder().encode(`id: ${next}\ndata: tick ${next}\n\n`))
        next++
      },
    })
    return new HttpResponse(body, { headers: { 'Content-Type': 'text/event-stream' } })
  })
}

async function withTimeout(
  clock: Clock,
  timeoutMs: number,
  ask: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  const controller = new AbortController()
  const cancel = clock.setTimeout(() => controller.abort(), timeoutMs)
  try {
    const answer = await ask(controller.signal)
    await answer.text()
    return answer
  } finally {
    cancel()
  }
}

/** Where orders are written before they are sent. */
export function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = factory.open('holdfast-workload', 1)
    opening.onupgradeneeded = () => void opening.result.createObjectStore('writes')
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error ?? new Error('The database cannot be opened'))
  })
}

function write(database: IDBDatabase, key: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction('writes', 'readwrite')
    transaction.objectStore('writes').put({ key }, key)
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('The write was aborted'))
  })
}
