/** `EventSource` over the simulated network (HTML, 9.2), as Chromium has it. */
import { createParser } from 'eventsource-parser'
import type { Clock, Stop } from '../src/core/clock.js'
import { isRedirect, type Answer, type Bytes } from './answer.js'
import type { Exchange } from './exchange.js'
import type { RequestEnd } from './log.js'
import type { Network } from './network.js'
import type { NoAnswer } from './no-answer.js'
import { defineHandlers } from './socket/events.js'

const STATES = { CONNECTING: 0, OPEN: 1, CLOSED: 2 }

/** So long Chromium waits before it comes back, until the stream says otherwise (ms). */
const RETRY_MS = 3000

/** What Chromium 156 asks with (measured). */
const HEADERS = { Accept: 'text/event-stream', 'Cache-Control': 'no-cache', Pragma: 'no-cache' }

/** In UTF-8, of which a header takes each byte as a character. */
const toBytes = (text: string): string => String.fromCharCode(...new TextEncoder().encode(text))

/** What a stream tells. */
interface Hearer {
  /** Events come from now on. */
  open(origin: string): void
  event(type: string, data: string): void
  /** It breaks off, or never came: it may be asked for again. */
  lost(): void
  /** What came is no stream of events, or the network was taken down: for good. */
  refused(): void
}

/** What asked again of a network that was taken down would do so for ever. */
const lostBy = ({ lost, refused }: Hearer, end: RequestEnd): void => (end === 'disposed' ? refused() : lost())

/** What is asked with, and remembered from one connection to the next. */
class Memory {
  lastEventId = ''
  retryMs = RETRY_MS
}

/** Asks once, and tells what comes of it; the stop leaves it. */
function ask(network: Pick<Network, 'send'>, url: URL, memory: Memory, hearer: Hearer): Stop {
  const headers = new Headers(HEADERS)
  if (memory.lastEventId !== '') headers.set('Last-Event-ID', toBytes(memory.lastEventId))
  const request = () => new Request(url, { headers })
  const exchange = network.send({ who: 'event-source', method: 'GET', url, headers, request })
  let isLeft = false
  const unlessLeft = (run: () => void): void => {
    if (!isLeft) run()
  }
  exchange.result.then(
    (answer) => unlessLeft(() => hear(answer, memory, hearer, unlessLeft)),
    ({ end }: NoAnswer) => unlessLeft(() => lostBy(hearer, end)),
  )
  return () => {
    isLeft = true
    leave(exchange)
  }
}

function leave(exchange: Exchange): void {
  if (!exchange.over) exchange.fail('aborted')
}

/** A stream of events, and in no other letters than those that it is always in. */
function isStream({ status, headers }: Answer): boolean {
  const [type, ...parameters] = (headers.get('Content-Type') ?? '').toLowerCase().split(/\s*;\s*/)
  const charset = parameters.find((one) => one.startsWith('charset='))
  return (
    status === 200 &&
    type?.trim() === 'text/event-stream' &&
    (charset === undefined || /^charset="?utf-8"?\s*$/.test(charset))
  )
}

function hear(answer: Answer, memory: Memory, hearer: Hearer, unlessLeft: (run: () => void) => void): void {
  // A redirect to another origin without its permission; none is followed here.
  if (isRedirect(answer) || !isStream(answer)) return hearer.refused()
  hearer.open(new URL(answer.url).origin)
  const text = new TextDecoder()
  const parser = createParser({
    onId: (id) => void (memory.lastEventId = id),
    onRetry: (ms) => void (memory.retryMs = ms),
    onEvent: ({ event = '', data }) => unlessLeft(() => hearer.event(event || 'message', data)),
  })
  const take = (bytes: Bytes): void => unlessLeft(() => parser.feed(text.decode(bytes, { stream: true })))
  if (answer.stream) {
    return answer.stream({
      chunk: take,
      end: () => unlessLeft(hearer.lost),
      fail: (end) => unlessLeft(() => lostBy(hearer, end)),
    })
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
      // Whoever closes it at once has asked for nothing, and what is fetched behind it goes before it (measured).
      this.#stop = this.#connectIn(0)
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

    #connectIn(ms: number): Stop {
      return clock.setTimeout(() => (this.#stop = this.#connect()), ms)
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
          this.#stop = this.#connectIn(this.#memory.retryMs)
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
