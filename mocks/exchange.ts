/**
 * One request on its way: numbered when it leaves the application, *moving* or *parked*, and over exactly
 * once. Only parked ones let a manual clock go on. What its caller has left may go on without him: a kernel
 * sends what it was given, and a handler that runs runs to its end.
 */
import type { Random } from '../src/core/clock.js'
import type { Stop } from '../src/core/state.js'
import { nobody, type Answer, type Bytes, type Head } from './answer.js'
import type { Transport } from './faults.js'
import type { LogEntry, RequestEnd } from './log.js'
import { isCallers, NoAnswer } from './no-answer.js'
import type { Pace } from './pace.js'
import type { Struck } from './path.js'

/** A request that leaves the application. */
export interface Departure {
  /** Which way it leaves, for the log. */
  readonly who: string
  readonly method: string
  readonly url: URL
  /** What the caller put on. */
  readonly headers: Headers
  /** Made when it reaches the service, so that its body is read there; once more if it is sent again. */
  readonly request: () => Request
  /** Whether its body is a stream, which cannot be sent again. Default: false. */
  readonly isStream?: boolean
}

/** One request on its way. */
export interface Exchange extends Struck, Departure {
  readonly id: number
  /** When it left the application (epoch ms). */
  readonly leftAt: number
  /** Where it is: on its way there, being worked on, or on its way back. */
  place: 'out' | 'served' | 'back'
  /** Whether the application's handler had run to its end. */
  reached: boolean
  /** The instance of the service that has taken it (its boot id); null: none yet. */
  boot: string | null
  /** Whether it has ended, or was cut and will in its turn. */
  readonly over: boolean
  /** Whether its caller has left, and it goes on without him: it is over, and not yet gone. */
  readonly left: boolean
  /** Whether the application has its head, and the body is coming. */
  readonly open: boolean
  /** Settles with what the application gets, its head at least. */
  readonly result: Promise<Answer>
  /** Told when its caller leaves while it is there or on its way there; null: then nothing of it arrives. */
  onLeave: (() => void) | null
  /** Told when it is cut before a head has come, and sets out again instead of ending; null: then it ends. */
  onReset: (() => void) | null
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
  /** It ends now, without an answer or in the middle of one; or, cut with an `onReset`, it sets out again. */
  fail(end: RequestEnd): void
  /** The same, in its turn of this instant. */
  cut(end: RequestEnd, fault: Exchange['fault']): void
  /** What went on without its caller has come to its end; a handler that has run gets a line of its own. */
  arrived(): void
  /** Runs in the breath in which it ends for the application, before that is told. */
  whenOver(run: () => void): void
}

/** What an exchange needs of its network. */
export interface ExchangePorts {
  readonly pace: Pace
  readonly random: Random
  readonly write: (entry: LogEntry) => void
  /** Runs what the device is told: at once, or when its page runs again. */
  readonly hand: (order: number, run: () => void) => void
  /** Nothing of it is left. */
  readonly onGone: (exchange: Exchange) => void
}

/** A stream of events asks for nothing else: the rule by which MSW's `sse` handlers match, too. */
function transportOf({ headers }: Departure): Transport {
  return headers.get('Accept') === 'text/event-stream' ? 'sse' : 'http'
}

type State =
  | { readonly name: 'going' }
  | { readonly name: 'open'; readonly status: number }
  /** It will end in its turn of this instant. */
  | { readonly name: 'cut'; readonly status: number | null }
  /** Its caller has left, and it goes on. */
  | { readonly name: 'left' }
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
  let receiver = nobody
  let rests = 0
  let resends = 0
  let bytes = 0

  const isUnderWay = () => state.name === 'going' || state.name === 'open'
  const stand = (): void => {
    moves?.()
    moves = null
  }
  const go = (): void => {
    if (isUnderWay() || state.name === 'left') moves ??= pace.moving(name)
  }
  const write = (end: RequestEnd, status: number | null): void => {
    const at = pace.clock.now()
    const { who, method, url } = departure
    const { transport, fault, reached } = exchange
    const [ms, href] = [at - leftAt, url.href]
    ports.write({ at, id, who, transport, method, url: href, fault, end, status, bytes, reached, ms })
  }
  const pass = (): void => {
    state = { name: 'over' }
    letGo()
    ports.onGone(exchange)
    stand()
  }

  /** The line is written in the same breath in which the application is told. */
  const finish = (end: RequestEnd, status: number | null, tell: () => void): void => {
    if (state.name === 'over') return
    if (state.name === 'left') return pass()
    const goesOn = isCallers(end) && state.name === 'going' && exchange.place !== 'back'
    const onLeave = goesOn ? exchange.onLeave : null
    state = { name: onLeave ? 'left' : 'over' }
    write(end, status)
    for (const run of overs) run()
    tell()
    if (onLeave) onLeave()
    else pass()
  }

  /** As the browser does by itself: nobody is told, and nothing remembers what struck it. */
  const setOutAgain = (send: () => void): void => {
    write('resent', null)
    letGo()
    state = { name: 'going' }
    rests = 0
    const random = ports.random.fork(`${id}/again/${++resends}`)
    const anew = { place: 'out', fault: null, reached: false, boot: null, onLeave: null, onReset: null }
    Object.assign(exchange, anew, { random, fate: new Map() })
    go()
    send()
  }

  const exchange: Exchange = {
    ...departure,
    id,
    leftAt,
    random: ports.random.fork(id),
    part: 'request',
    transport: transportOf(departure),
    authorization: departure.headers.get('Authorization'),
    fate: new Map<string, boolean>(),
    place: 'out',
    fault: null,
    reached: false,
    boot: null,
    onLeave: null,
    onReset: null,
    result,
    get direction() {
      return exchange.place === 'out' ? 'up' : 'down'
    },
    get over() {
      return !isUnderWay()
    },
    get left() {
      return state.name === 'left'
    },
    get open() {
      return state.name === 'open'
    },
    go,
    park(stop) {
      if (!isUnderWay() && state.name !== 'left') return stop()
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
      const { onReset } = exchange
      if (end === 'reset' && onReset && (state.name === 'going' || state.name === 'cut') && status === null) {
        setOutAgain(onReset)
      } else if (status === null) finish(end, null, () => reject(new NoAnswer(end)))
      else finish(end, status, () => receiver.fail(end))
    },
    cut(end, fault) {
      if (state.name === 'left') return pass()
      if (!isUnderWay()) return
      state = { name: 'cut', status: state.name === 'open' ? state.status : null }
      letGo()
      exchange.fault = fault
      letGo = pace.schedule(pace.clock.now(), id, () => ports.hand(id, () => exchange.fail(end)))
      stand()
    },
    arrived() {
      if (state.name !== 'left') return
      if (exchange.reached) write('arrived', null)
      pass()
    },
    whenOver: (run) => void overs.push(run),
  }
  return exchange
}
