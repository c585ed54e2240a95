/**
 * One request on its way: numbered when it leaves the application, *moving* or *parked*, and over exactly
 * once. Only parked ones let a manual clock go on.
 */
import type { Random } from '../src/core/clock.js'
import type { Stop } from '../src/core/state.js'
import type { Transport } from './faults.js'
import type { LogEntry, RequestEnd } from './log.js'
import type { Pace } from './pace.js'
import type { Struck } from './path.js'

/** What bodies are made of. */
export type Bytes = Uint8Array<ArrayBuffer>

/** Whoever reads a body that comes piece by piece. */
export interface Receiver {
  chunk(bytes: Bytes): void
  /** It was complete. */
  end(): void
  /** It was not. */
  fail(end: RequestEnd): void
}

/** An answer without its body. */
export interface Head {
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
  readonly url: string
}

/** What came back. */
export interface Answer extends Head {
  /** The whole of it. Null: the status has no body, the handler gave none, or it is still coming. */
  readonly body: Bytes | null
  /** Null: nothing is coming. Called once, in the breath in which the answer is there. */
  readonly stream: ((receiver: Receiver) => void) | null
}

/** Whether an answer sends the browser elsewhere. */
export function isRedirect({ status, headers }: Pick<Head, 'status' | 'headers'>): boolean {
  return status >= 300 && status < 400 && headers.has('Location')
}

/** A request that leaves the application. */
export interface Departure {
  /** Which way it leaves, for the log. */
  readonly who: string
  readonly method: string
  readonly url: URL
  /** What the caller put on. */
  readonly headers: Headers
  /** Made when it reaches the service, so that its body is read there. */
  readonly request: () => Request
}

/** Why no answer came. Each installer makes of it what a browser would. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  readonly end: RequestEnd

  constructor(end: RequestEnd) {
    super(`No answer: ${end}`)
    this.end = end
  }
}

/** Whether it was the caller who ended it. */
export function byCaller(reason: unknown): boolean {
  return reason instanceof NoAnswer && (reason.end === 'aborted' || reason.end === 'timeout')
}

/** One request on its way. */
export interface Exchange extends Struck, Departure {
  readonly id: number
  /** Where it is: on its way there, being worked on, or on its way back. */
  place: 'out' | 'served' | 'back'
  /** Whether the application's handler had run to its end. */
  reached: boolean
  /** Whether it has ended, or was cut and will in its turn. */
  readonly over: boolean
  /** Whether the application has its head, and the body is coming. */
  readonly open: boolean
  /** Settles with what the application gets, its head at least. */
  readonly result: Promise<Answer>
  /** It moves: no time passes. */
  go(): void
  /** It is parked, in the hands of whoever can call `stop`; that is called when it is over. */
  park(stop: Stop): void
  /** Lets time pass while its handler waits; the stop ends that. */
  rest(): Stop
  /** The answer is delivered now, complete. */
  deliver(head: Head, body: Bytes | null): void
  /** The head is delivered now; `bring` and `complete` follow. */
  begin(head: Head): void
  /** A piece of the body arrives. */
  bring(bytes: Bytes): void
  /** The body was complete. */
  complete(): void
  /** It ends now, without an answer or in the middle of one. */
  fail(end: RequestEnd): void
  /** The same, in its turn of this instant. */
  cut(end: RequestEnd, fault: Exchange['fault']): void
  /** Runs in the breath in which it ends, before the application is told. */
  whenOver(run: () => void): void
}

/** What an exchange needs of its network. */
export interface ExchangePorts {
  readonly pace: Pace
  readonly random: Random
  readonly write: (entry: LogEntry) => void
  readonly onOver: (exchange: Exchange) => void
}

/** A stream of events asks for nothing else: the rule by which MSW's `sse` handlers match, too. */
function transportOf({ headers }: Departure): Transport {
  return headers.get('Accept') === 'text/event-stream' ? 'sse' : 'http'
}

const NOBODY: Receiver = { chunk: () => {}, end: () => {}, fail: () => {} }

type State =
  | { readonly name: 'going' }
  | { readonly name: 'open'; readonly status: number }
  /** It will end in its turn of this instant. */
  | { readonly name: 'cut'; readonly status: number | null }
  | { readonly name: 'over' }

/** Numbers a request and sets it on its way. */
export function createExchange(id: number, departure: Departure, ports: ExchangePorts): Exchange {
  const { pace } = ports
  const leftAt = pace.clock.now()
  const name = `request ${id}, ${departure.method} ${departure.url.href}`
  let resolve: (answer: Answer) => void
  let reject: (reason: NoAnswer) => void
  const result = new Promise<Answer>((...settlers) => ([resolve, reject] = settlers))
  const overs: (() => void)[] = []
  let moves: Stop | null = pace.moving(name)
  let letGo: Stop = () => {}
  let state: State = { name: 'going' }
  let receiver = NOBODY
  let rests = 0
  let bytes = 0

  const isUnderWay = () => state.name === 'going' || state.name === 'open'
  const stand = (): void => {
    moves?.()
    moves = null
  }
  const go = (): void => {
    if (isUnderWay()) moves ??= pace.moving(name)
  }

  /** The line is written in the same breath in which the application is told. */
  const finish = (end: RequestEnd, status: number | null, tell: () => void): void => {
    if (state.name === 'over') return
    state = { name: 'over' }
    letGo()
    const at = pace.clock.now()
    const { who, method, url } = departure
    const { transport, fault, reached } = exchange
    const [ms, href] = [at - leftAt, url.href]
    ports.write({ at, id, who, transport, method, url: href, fault, end, status, bytes, reached, ms })
    ports.onOver(exchange)
    for (const run of overs) run()
    tell()
    stand()
  }

  const exchange: Exchange = {
    ...departure,
    id,
    random: ports.random.fork(id),
    part: 'request',
    transport: transportOf(departure),
    authorization: departure.headers.get('Authorization'),
    fate: new Map<string, boolean>(),
    place: 'out',
    fault: null,
    reached: false,
    result,
    get direction() {
      return exchange.place === 'out' ? 'up' : 'down'
    },
    get over() {
      return !isUnderWay()
    },
    get open() {
      return state.name === 'open'
    },
    go,
    park(stop) {
      if (!isUnderWay()) return stop()
      letGo = stop
      stand()
    },
    rest() {
      rests++
      stand()
      return () => {
        if (--rests === 0 && exchange.place === 'served') go()
      }
    },
    deliver(head, body) {
      bytes = body?.byteLength ?? 0
      finish('answered', head.status, () => resolve({ ...head, body, stream: null }))
    },
    begin(head) {
      if (state.name !== 'going') return
      state = { name: 'open', status: head.status }
      resolve({ ...head, body: null, stream: (reader) => void (receiver = reader) })
    },
    bring(piece) {
      if (state.name !== 'open') return
      bytes += piece.byteLength
      receiver.chunk(piece)
    },
    complete() {
      if (state.name === 'open') finish('answered', state.status, () => receiver.end())
    },
    fail(end) {
      const status = 'status' in state ? state.status : null
      if (status === null) finish(end, null, () => reject(new NoAnswer(end)))
      else finish(end, status, () => receiver.fail(end))
    },
    cut(end, fault) {
      if (!isUnderWay()) return
      state = { name: 'cut', status: state.name === 'open' ? state.status : null }
      letGo()
      exchange.fault = fault
      letGo = pace.schedule(pace.clock.now(), id, () => exchange.fail(end))
      stand()
    },
    whenOver: (run) => void overs.push(run),
  }
  return exchange
}
