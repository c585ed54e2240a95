/** What a page has of such a server: a WebSocket class and a fetch, as the kit finds them by default. */
import type { HerdServer } from './herd-server.js'

const HELLO = '{"type":"HELLO","boot":"a","epoch":"e","offset":0,"heartbeatMs":25000,"session":"known"}'
/** Half a round trip. */
const ANSWER_MS = 20

/** How a socket is refused: it is taken and closed with 1013 and its ticket as the reason, or its handshake by 503. */
export type Manner = 'by 503' | 'by 1013'

/** As far as the kit uses it. */
export function createSocketClass(server: HerdServer, manner: Manner) {
  return class {
    readyState = 0
    binaryType = 'blob'
    bufferedAmount = 0
    extensions = ''
    protocol = ''
    onopen: ((event: object) => void) | null = null
    onmessage: ((event: object) => void) | null = null
    onerror: ((event: object) => void) | null = null
    onclose: ((event: object) => void) | null = null
    #leave = () => {}

    constructor() {
      server.come((admitted) => {
        if (this.readyState !== 0) return
        if (admitted !== true && (admitted === null || manner === 'by 503')) return this.#end(1006)
        this.readyState = 1
        if (admitted !== true) {
          this.onopen?.({})
          return this.#end(1013, JSON.stringify({ retryAfterMs: admitted * 1_000 }))
        }
        this.#leave = server.join(() => this.#end(1006))
        this.onopen?.({})
        this.#say(HELLO)
      })
    }

    send(data: string) {
      const { type, topic } = JSON.parse(data) as { type: string; topic?: string }
      if (type === 'PING') this.#say('{"type":"PONG"}')
      if (type === 'SUBSCRIBE') this.#say(JSON.stringify({ type: 'RESUMED', topic, offset: 0 }))
    }

    close() {
      this.readyState = 3
      this.#leave()
    }

    #say(data: string) {
      server.clock.setTimeout(() => this.readyState === 1 && this.onmessage?.({ data }), ANSWER_MS)
    }

    #end(code: number, reason = '') {
      this.close()
      this.onclose?.({ code, reason, wasClean: code !== 1006 })
    }
  }
}

const OURS = { Holdfast: '1' }

const refusal = (retryAfterS: number) =>
  new Response('{"type":"overloaded","status":503}', {
    status: 503,
    headers: { ...OURS, 'Content-Type': 'application/problem+json', 'Retry-After': String(retryAfterS) },
  })

/** A stream that goes on until the server dies or nobody reads it any more. */
function stream(server: HerdServer): Response {
  let leave = () => {}
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(`data: ${HELLO}\n\n`))
      leave = server.join(() => controller.error(new TypeError('network error')))
    },
    cancel: () => leave(),
  })
  return new Response(body, { headers: { ...OURS, 'Content-Type': 'text/event-stream' } })
}

const polled = (frames: string) =>
  new Response(`{"frames":[${frames}],"cursor":"e:0"}`, {
    headers: { ...OURS, 'Content-Type': 'application/json' },
  })

/** Health, streams, polls and orders. */
export function createHerdFetch(server: HerdServer): typeof fetch {
  return (input, { signal } = {}) =>
    new Promise((resolve, reject) => {
      const url = String(input instanceof Request ? input.url : input)
      const { pathname: path, searchParams } = new URL(url)
      const fail = () => reject(new TypeError('Failed to fetch'))
      signal?.addEventListener('abort', () => reject(signal.reason as Error))
      if (path === '/health')
        return server.ask((isUp) =>
          isUp ? resolve(new Response(null, { status: 204, headers: OURS })) : fail(),
        )
      const waitMs = Number(searchParams.get('wait-ms'))
      // A poll that goes on has passed the door with its first.
      if (waitMs > 0) return void server.clock.setTimeout(() => resolve(polled('')), waitMs)
      server.come((admitted) => {
        if (admitted === null) return fail()
        if (admitted !== true) return resolve(refusal(admitted))
        if (path === '/sse') return resolve(stream(server))
        resolve(path === '/poll' ? polled(HELLO) : Response.json([], { headers: OURS }))
      })
    })
}
