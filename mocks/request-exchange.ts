/** What becomes of one request: its states, who is told of them, and the lines that it leaves in the log. */
import type { Random } from '../src/core/clock.js'
import type { Stop } from '../src/core/state.js'
import { nobody, type Answer, type Bytes, type Head } from './answer.js'
import type { Departure, Exchange } from './exchange.js'
import type { Transport } from './faults.js'
import type { LogEntry, RequestEnd } from './log.js'
import { isCallers, NoAnswer } from './no-answer.js'
import type { Pace } from './pace.js'

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

const GOING: State = { name: 'going' }
const LEFT: State = { name: 'left' }
const OVER: State = { name: 'over' }

/** Numbers a request and sets it on its way. */
export function createExchange(id: number, departure: Departure, ports: ExchangePorts): Exchange {
  return new RequestExchange(id, departure, ports)
}

/** A class, because there is one for each request: an object with as many functions of its own took 15 µs. */
class RequestExchange implements Exchange {
  readonly id: number
  readonly who: string
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly request: () => Request
  readonly isStream: boolean
  readonly leftAt: number
  readonly part = 'request'
  readonly transport: Transport
  readonly authorization: string | null
  readonly result: Promise<Answer>
  fate = new Map<string, boolean>()
  place: Exchange['place'] = 'out'
  fault: Exchange['fault'] = null
  reached = false
  boot: string | null = null
  onLeave: (() => void) | null = null
  onReset: (() => void) | null = null

  readonly #ports: ExchangePorts
  readonly #overs: (() => void)[] = []
  /** Its luck, which most never need. */
  #random: Random | null = null
  #resolve!: (answer: Answer) => void
  #reject!: (reason: NoAnswer) => void
  #moves: Stop | null = null
  #letGo: Stop = () => {}
  #state: State = GOING
  #receiver = nobody
  #rests = 0
  #resends = 0
  #bytes = 0

  constructor(id: number, departure: Departure, ports: ExchangePorts) {
    this.id = id
    this.who = departure.who
    this.method = departure.method
    this.url = departure.url
    this.headers = departure.headers
    this.request = departure.request
    this.isStream = departure.isStream ?? false
    this.leftAt = ports.pace.clock.now()
    this.transport = transportOf(departure)
    this.authorization = departure.headers.get('Authorization')
    this.#ports = ports
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.go()
  }

  get random(): Random {
    return (this.#random ??= this.#ports.random.fork(this.id))
  }
  get direction(): 'up' | 'down' {
    return this.place === 'out' ? 'up' : 'down'
  }
  get over(): boolean {
    return !this.#isUnderWay
  }
  get left(): boolean {
    return this.#state.name === 'left'
  }
  get open(): boolean {
    return this.#state.name === 'open'
  }
  get #isUnderWay(): boolean {
    return this.#state.name === 'going' || this.#state.name === 'open'
  }

  go(): void {
    if (this.#isUnderWay || this.left) this.#moves ??= this.#ports.pace.moving(this)
  }
  /** What moves, for whoever waits in vain. */
  toString(): string {
    return `request ${this.id}, ${this.method} ${this.url.href}`
  }
  park(stop: Stop): void {
    if (!this.#isUnderWay && !this.left) return stop()
    this.#letGo = stop
    this.#stand()
  }
  rest(): Stop {
    this.#rests++
    this.#stand()
    return () => {
      if (--this.#rests === 0 && this.place === 'served') this.go()
    }
  }
  deliver(head: Head, body: Bytes | null): void {
    this.#bytes = body?.byteLength ?? 0
    const { status, statusText, headers, url } = head
    const answer = { status, statusText, headers, url, body, stream: null }
    this.#finish('answered', status, () => this.#resolve(answer))
  }
  begin(head: Head): void {
    if (this.#state.name !== 'going') return
    this.#state = { name: 'open', status: head.status }
    this.#resolve({ ...head, body: null, stream: (reader) => void (this.#receiver = reader) })
  }
  bring(piece: Bytes): void {
    if (this.#state.name !== 'open') return
    this.#bytes += piece.byteLength
    this.#receiver.chunk(piece)
  }
  complete(): void {
    if (this.#state.name === 'open') this.#finish('answered', this.#state.status, () => this.#receiver.end())
  }
  fail(end: RequestEnd): void {
    const { name } = this.#state
    const status = 'status' in this.#state ? this.#state.status : null
    if (status !== null) return this.#finish(end, status, () => this.#receiver.fail(end))
    if (end === 'reset' && this.onReset && (name === 'going' || name === 'cut')) {
      return this.#setOutAgain(this.onReset)
    }
    this.#finish(end, null, () => this.#reject(new NoAnswer(end)))
  }
  cut(end: RequestEnd, fault: Exchange['fault']): void {
    if (this.left) return this.#pass()
    if (!this.#isUnderWay) return
    const { pace, hand } = this.#ports
    this.#state = { name: 'cut', status: this.#state.name === 'open' ? this.#state.status : null }
    this.#letGo()
    this.fault = fault
    const { id } = this
    this.#letGo = pace.schedule(pace.clock.now(), id, () => hand(id, () => this.fail(end)))
    this.#stand()
  }
  arrived(): void {
    if (!this.left) return
    if (this.reached) this.#write('arrived', null)
    this.#pass()
  }
  whenOver(run: () => void): void {
    this.#overs.push(run)
  }

  #stand(): void {
    this.#moves?.()
    this.#moves = null
  }
  #write(end: RequestEnd, status: number | null): void {
    const at = this.#ports.pace.clock.now()
    const { id, who, transport, method, fault, reached } = this
    const [bytes, ms, url] = [this.#bytes, at - this.leftAt, this.url.href]
    this.#ports.write({ at, id, who, transport, method, url, fault, end, status, bytes, reached, ms })
  }
  #pass(): void {
    this.#state = OVER
    this.#letGo()
    this.#ports.onGone(this)
    this.#stand()
  }
  /** The line is written in the same breath in which the application is told. */
  #finish(end: RequestEnd, status: number | null, tell: () => void): void {
    if (this.#state.name === 'over') return
    if (this.left) return this.#pass()
    const goesOn = isCallers(end) && this.#state.name === 'going' && this.place !== 'back'
    const onLeave = goesOn ? this.onLeave : null
    this.#state = onLeave ? LEFT : OVER
    this.#write(end, status)
    for (const run of this.#overs) run()
    tell()
    if (onLeave) onLeave()
    else this.#pass()
  }
  /** As the browser does by itself: nobody is told, and nothing remembers what struck it. */
  #setOutAgain(send: () => void): void {
    this.#write('resent', null)
    this.#letGo()
    this.#state = GOING
    this.#rests = 0
    this.place = 'out'
    this.fault = null
    this.reached = false
    this.boot = null
    this.onLeave = null
    this.onReset = null
    this.#random = this.#ports.random.fork(`${this.id}/again/${++this.#resends}`)
    this.fate = new Map()
    this.go()
    send()
  }
}
