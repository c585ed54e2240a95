/** Somebody whose page asks all the time: reads, writes with a key, and a channel, each of them written down. */
import { setTimeout as wait } from 'node:timers/promises'
import { attachFetch } from '../../../src/http/fetch.js'
import { createConnection, probe } from '../../../src/index.js'
import { createChannel, webSocket } from '../../../src/live/index.js'

/** A request, from its beginning to its end, as its caller has seen it. */
export interface Asked {
  readonly at: number
  readonly ms: number
  readonly ok: boolean
  /** It was held, or an attempt of it has failed: it has met the fault. */
  readonly hit: boolean
}

/** What a test does with them. */
export interface Client {
  readonly asked: readonly Asked[]
  /** The keys of all orders that were confirmed. */
  readonly placed: readonly string[]
  /** When its channel was live again, each time (epoch ms). */
  readonly liveAt: readonly number[]
  readonly isLive: () => boolean
  stop(): Promise<void>
}

const EVERY_MS = 100
/** Whatever is sent at all is sent at once. */
const HELD_MS = 50

/** Begins to ask: every 100 ms, in turn for the orders and for one more. */
export function startClient(origin: string, name: string): Client {
  /** When each was first handed to the network, and which have met the fault there. */
  const sentAt = new Map<string, number>()
  const failed = new Set<string>()
  const keyOf = (input: string, init: RequestInit) =>
    new Headers(init.headers).get('idempotency-key') ?? new URL(input).search.slice(1)
  async function send(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
    const key = keyOf(String(input), init)
    if (!sentAt.has(key)) sentAt.set(key, Date.now())
    try {
      return await fetch(input, init)
    } catch (error) {
      failed.add(key)
      throw error
    }
  }
  const connection = createConnection({ probe: probe(`${origin}/health`), origins: [origin] })
  const http = attachFetch(send, { connection, idempotency: 'honoured' })
  const channel = createChannel({ connection, url: `${origin}/`, drivers: [webSocket()] })
  const liveAt: number[] = []
  channel.onChange(({ name: is }) => is === 'live' && liveAt.push(Date.now()))
  channel.topic('chat', { onEvent: () => {} })
  connection.start()
  channel.open()

  const asked: Asked[] = []
  const placed: string[] = []
  const underWay = new Set<Promise<void>>()
  let isOver = false
  async function ask(count: number): Promise<void> {
    const key = `${name}-${count}`
    const at = Date.now()
    const answer = await (
      count % 2 === 0
        ? http.fetch(`${origin}/orders?${key}`)
        : http.fetch(`${origin}/orders`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'idempotency-key': key },
            body: JSON.stringify({ item: 'rye', qty: 1, note: key }),
          })
    ).catch((error: unknown) => error as Error)
    const ok = answer instanceof Response && answer.ok
    if (ok && count % 2 === 1) placed.push(key)
    const wasHeld = (sentAt.get(key) ?? Infinity) - at > HELD_MS
    asked.push({ at, ms: Date.now() - at, ok, hit: wasHeld || failed.has(key) })
  }
  async function keepAsking(): Promise<void> {
    for (let count = 0; !isOver; count++) {
      const one = ask(count).finally(() => underWay.delete(one))
      underWay.add(one)
      await wait(EVERY_MS)
    }
  }
  const asking = keepAsking()
  return {
    asked,
    placed,
    liveAt,
    isLive: () => channel.state.name === 'live',
    async stop() {
      isOver = true
      await asking
      await Promise.all(underWay)
      channel.close()
      http.detach()
      connection.stop()
    },
  }
}
