/** `EventSource` over the simulated network (HTML, 9.2), as Chromium has it. */
import { createParser } from 'eventsource-parser'
import type { Clock, Stop } from '../src/core/clock.js'
import { isRedirect, type Answer, type Bytes } from './answer.js'
import type { Exchange } from './exchange.js'
import type { Network } from './network.js'
import { defineHandlers } from './socket/events.js'

const STATES = { CONNECTING: 0, OPEN: 1, CLOSED: 2 }

/** So long Chromium waits before it comes back, until the stream says otherwise (ms). */
const RETRY_MS = 3000

/** In UTF-8, of which a header takes each byte as a character. */
const toBytes = (text: string): string => String.fromCharCode(...new TextEncoder().encode(text))

/** What a stream tells. */
interface Hearer {
  /** Events come from now on. */
  open(origin: string): void
  event(type: string, data: string): void
  /** It breaks off, or never came: it may be asked for again. */
  lost(): void
  /** What came is no stream of events: for good. */
  refused(): void
}

/** What is asked with, and remembered from one connection to the next. */
class Memory {
  lastEventId = ''
  retryMs = RETRY_MS
}

/** Asks once, and tells what comes of it; the stop leaves it. */
function ask(network: Pick<Network, 'send'>, url: URL, memory: Memory, hearer: Hearer): Stop {
  const headers = new Headers({ Accept: 'text/event-stream', 'Cache-Control': 'no-store' })
  if (memory.lastEventId !== '') headers.set('Last-Event-ID', toBytes(memory.lastEventId))
  const request = () => new Request(url, { headers })
  const exchange = network.send({ who: 'event-source', method: 'GET', url, headers, request })
  let isLeft = false
  const unlessLeft = (run: () => void): void => {
    if (!isLeft) run()
  }
  exchange.result.then(
    (answer) => unlessLeft(() => hear(answer, memory, hearer, unlessLeft)),
    () => unlessLeft(hearer.lost),
  )
  return () => {
    isLeft = true
    leave(exchange)
  }
}

function leave(exchange: Exchange): void {
  if (!exchange.over) exchange.fail('aborted')
}

function hear(answer: Answer, memory: Memory, hearer: Hearer, unlessLeft: (run: () => void) => void): void {
  const type = answer.headers.get('Content-Type')?.split(';')[0]?.trim().toLowerCase()
  // A redirect to another origin without its permission; none is followed here.
  if (isRedirect(answer) || answer.status !== 200 || type !== 'text/event-stream') return hearer.refused()
  hearer.open(new URL(answer.url).origin)
  const text = new TextDecoder()
  const parser = createParser({
    onId: (id) => void (memory.lastEventId = id),
    onRetry: (ms) => void (memory.retryMs = ms),
    onEvent: ({ event = '', data }) => unlessLeft(() => hearer.event(event || 'message', data)),
  })
  const take = (bytes: Bytes): void => unlessLeft(() => parser.feed(text.decode(bytes, { stream: true })))
  if (answer.stream) {
    const end = () => unlessLeft(hearer.lost)
    return answer.stream({ chunk: take, end, fail: end })
  }
  if (answer.body) take(answer.body)
  unlessLeft(hearer.lost)
}

/** Makes the class for one network; its times are those of the network's device. */
export function createEventSourceClass(network: Network): typeof globalThis.EventSource {
  const { clock }: { readonly clock: Clock } = network.device

  class EventSource extends EventTarget {
    readonly #url: URL
    readonly #memory = new Memory()
    readonly withCredentials: boolean
    #readyState = STATES.CONNECTING
    #stop: Stop

    constructor(url: string | URL, init: EventSourceInit = {}) {
      super()
      const base = globalThis.location?.href
      if (!URL.canParse(String(url), base))
        throw new DOMException(`Cannot open an EventSource to '${String(url)}'.`, 'SyntaxError')
      this.#url = new URL(String(url), base)
      this.withCredentials = init.withCredentials === true
      this.#stop = this.#connect()
    }
    get url(): string {
      return this.#url.href
    }
    get readyState(): number {
      return this.#readyState
    }
    close(): void {
      this.#readyState = STATES.CLOSED
      this.#stop()
    }

    #connect(): Stop {
      let origin = ''
      return ask(network, this.#url, this.#memory, {
        open: (from) => {
          origin = from
          this.#become(STATES.OPEN, 'open')
        },
        event: (type, data) => {
          const { lastEventId } = this.#memory
          this.dispatchEvent(new MessageEvent(type, { data, origin, lastEventId }))
        },
        lost: () => {
          this.#stop = clock.setTimeout(() => (this.#stop = this.#connect()), this.#memory.retryMs)
          this.#become(STATES.CONNECTING, 'error')
        },
        refused: () => {
          this.#stop()
          this.#become(STATES.CLOSED, 'error')
        },
      })
    }
    #become(state: number, told: 'open' | 'error'): void {
      this.#readyState = state
      this.dispatchEvent(new Event(told))
    }
  }

  for (const target of [EventSource, EventSource.prototype]) {
    for (const [name, value] of Object.entries(STATES)) {
      Object.defineProperty(target, name, { value, enumerable: true })
    }
  }
  Object.defineProperty(EventSource.prototype, Symbol.toStringTag, {
    ...{ value: 'EventSource', configurable: true },
  })
  defineHandlers(EventSource.prototype, ['open', 'message', 'error'])
  return EventSource as unknown as typeof globalThis.EventSource
}
