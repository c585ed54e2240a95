/**
 * An answer whose body comes piece by piece: a stream of events, a download, or any body that a fault slows
 * down or cuts. The far end reads the handler's stream as it comes; each piece travels by itself, in order.
 *
 * Measured in Chromium 156 on HTTP/1.1: a body that ends early is an error whether it said its length (FIN after 40
 * of 100 bytes) or came in chunks (FIN without the last one), and so is a reset: what had come is read, then the
 * reader errors with `TypeError: network error`; XMLHttpRequest has `error`, status 0. A body that has come as
 * long as it said is whole, whatever follows; a last chunk ends a stream without an error. What breaks in the instant
 * in which its head arrives gives its reader no bytes: of 400 bytes none when broken at once, all when 20 ms later.
 */
import type { Bytes } from './answer.js'
import { createBodyCut } from './body-cut.js'
import { createDisorder } from './disorder.js'
import type { Exchange } from './exchange.js'
import type { FaultBook } from './fault-book.js'
import { innermost, isAtOnce, type Fault } from './faults.js'
import type { Lane } from './lane.js'
import type { Pace } from './pace.js'
import type { Path, Struck } from './path.js'
import type { Signed } from './serve.js'

/** An answer that is being sent. */
export interface AnswerStream {
  /** A fault was put in force: what is open and is struck at once. */
  strike(fault: Fault): void
  /** The service has drained. A stream of events is told when to come back, and ends; a download is cut. */
  dismiss(retryAfterMs: number): void
  /** Nothing is sent any more. */
  stop(): void
}

/** What an answer is sent with. */
export interface AnswerStreamPorts {
  readonly pace: Pace
  readonly book: FaultBook
  readonly path: Path
  readonly lane: Lane<Struck>
  readonly exchange: Exchange
  /** The body was complete; the connection is free. */
  readonly onComplete: () => void
}

/** What a kernel sends before it waits for acknowledgement: then no more is read of the handler's stream. */
const WINDOW_BYTES = 65_536
/** A slow body comes in pieces of about so long, and of at least one packet. */
const PIECE_MS = 100
const PACKET_BYTES = 1460

interface Message {
  readonly target: Struck
  readonly bytes: Bytes
}

/** What faults look at in the pieces of an answer. Each event has its own luck; a download has that of its request. */
function targetsOf(exchange: Exchange): (part: 'message' | 'connection') => Struck {
  const { method, url, transport, random, fate } = exchange
  let things = 0
  return (part) => {
    const own = transport === 'sse' && {
      random: random.fork(`${part}/${++things}`),
      fate: new Map<string, boolean>(),
    }
    return {
      ...{ method, url, transport, random, fate, part, direction: 'down', authorization: null },
      ...own,
      get fault() {
        return exchange.fault
      },
      set fault(fault) {
        exchange.fault = fault
      },
    }
  }
}

/** Sends the head, and then the body as it comes. */
export function sendStream(
  answer: Signed,
  body: Bytes | ReadableStream<Bytes>,
  ports: AnswerStreamPorts,
): AnswerStream {
  const { pace, book, path, lane, exchange } = ports
  const isEvents = exchange.transport === 'sse'
  const reader = body instanceof Uint8Array ? null : body.getReader()
  const target = targetsOf(exchange)
  const cut = createBodyCut(book)
  const disorder = createDisorder<Message>(path)
  let state: 'sending' | 'ended' | 'stopped' = 'sending'
  let hasRoom = () => {}
  let openedAt = Infinity

  const land = ({ target: of, bytes }: Message, isLast: boolean): void => {
    const { piece, by } = cut.take(of, bytes, isLast)
    const isThrownAway = by !== null && openedAt === pace.clock.now()
    if (piece.length > 0 && !isThrownAway) exchange.bring(piece)
    if (by) {
      exchange.fault = by
      exchange.fail(by === 'reset' ? 'reset' : 'truncated')
    } else if (lane.queued <= WINDOW_BYTES) hasRoom()
  }
  const ship = ({ target: of, bytes }: Message, isLast = false): void => {
    const slowest = path.kBps(of)
    const size = slowest === Infinity ? bytes.length : Math.max(PACKET_BYTES, Math.ceil(slowest * PIECE_MS))
    for (let at = 0; at < bytes.length; at += size) {
      const piece = { target: of, bytes: bytes.subarray(at, at + size) }
      const arrive = () => land(piece, isLast && at + size >= bytes.length)
      lane.send({ target: of, bytes: piece.bytes.length, arrive })
    }
  }
  const end = (arrive: () => void): void => {
    if (state !== 'sending') return
    state = 'ended'
    for (const late of disorder.flush()) ship(late)
    lane.send({ target: target('connection'), bytes: 0, arrive })
    void reader?.cancel().catch(() => {})
  }
  const complete = () => {
    ports.onComplete()
    exchange.complete()
  }
  const close = ({ code, clean = true }: Extract<Fault, { type: 'close' }>): void => {
    exchange.fault = 'close'
    if (clean && code !== 1006) end(complete)
    else if (openedAt < Infinity) exchange.cut('reset', 'close')
    // Its head is still on its way, and the end of the connection behind it.
    else end(() => exchange.fail('reset'))
  }

  const post = (bytes: Bytes): void => {
    const message = { target: target('message'), bytes }
    if (!isEvents) return ship(message)
    const closing = path.struck(message.target, 'close')
    if (closing) return close(closing)
    for (const one of disorder.leaving(message)) ship(one)
  }
  const read = async (from: ReadableStreamDefaultReader<Bytes>): Promise<void> => {
    try {
      for (;;) {
        const reading = from.read()
        pace.linger(`the body of request ${exchange.id}, ${exchange.url.href}`, reading)
        const { done, value } = await reading
        if (state !== 'sending') return
        if (done) return end(complete)
        post(new Uint8Array(value))
        if (lane.queued > WINDOW_BYTES) await new Promise<void>((resolve) => (hasRoom = resolve))
      }
    } catch {
      end(() => exchange.fail('error'))
    }
  }
  const open = (): void => {
    if (path.struck(exchange, 'reset', isAtOnce)) return exchange.fail('reset')
    exchange.begin(answer)
    openedAt = pace.clock.now()
    const closing = isEvents && path.struck(exchange, 'close')
    if (closing) close(closing)
  }

  const stream: AnswerStream = {
    strike(given) {
      const fault = innermost(given)
      if (!exchange.open || (fault.type !== 'reset' && fault.type !== 'close')) return
      if (!book.striking(target('connection'), fault.type).includes(fault)) return
      if (fault.type === 'close') return isEvents ? close(fault) : undefined
      cut.countFrom(fault)
      if (isAtOnce(fault)) exchange.cut('reset', 'reset')
    },
    dismiss(retryAfterMs) {
      if (state !== 'sending') return
      if (!isEvents) return exchange.cut('reset', 'restart')
      exchange.fault = 'restart'
      for (const late of disorder.flush()) ship(late)
      ship({
        target: target('message'),
        bytes: new TextEncoder().encode(`retry: ${Math.round(retryAfterMs)}\n\n`),
      })
      end(complete)
    },
    stop() {
      state = 'stopped'
      lane.stop()
      hasRoom()
      void reader?.cancel().catch(() => {})
    },
  }
  exchange.park(stream.stop)
  lane.send({ target: exchange, bytes: 0, arrive: open })
  if (reader) void read(reader)
  else {
    ship({ target: target('message'), bytes: body as Bytes }, true)
    end(complete)
  }
  return stream
}
