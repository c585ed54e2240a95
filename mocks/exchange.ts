/**
 * One request on its way: numbered when it leaves the application, *moving* or *parked*, and over exactly
 * once. Only parked ones let a manual clock go on.
 */
import type { Random } from '../src/core/clock.js'
import type { Stop } from '../src/core/state.js'
import type { RequestFault, FaultType } from './faults.js'
import type { Target } from './fault-book.js'
import type { LogEntry, RequestEnd } from './log.js'
import type { Pace } from './pace.js'

/** What came back, complete. */
export interface Answer {
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
  /** Null: the status has no body, or the handler gave none. */
  readonly body: Uint8Array<ArrayBuffer> | null
  readonly url: string
}

/** A request that leaves the application. */
export interface Departure {
  /** Which way it leaves, for the log. */
  readonly who: string
  readonly method: string
  readonly url: URL
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
export interface Exchange extends Target, Departure {
  readonly id: number
  /** Where it is: on its way there, being worked on, or on its way back. */
  place: 'out' | 'served' | 'back'
  /** What struck it: the log's `fault`. */
  fault: FaultType | 'restart' | null
  /** Whether the application's handler had run to its end. */
  reached: boolean
  /** Whether it has ended, or was cut and will in its turn. */
  readonly over: boolean
  /** Settles with what the application gets. */
  readonly result: Promise<Answer>
  /** Sleeps until `at`; never wakes if it is over by then. */
  park(at: number): Promise<void>
  /** Lets time pass while its handler waits; the stop ends that. */
  rest(): Stop
  /** The answer is delivered now. */
  deliver(answer: Answer): void
  /** It ends now, without an answer. */
  fail(end: RequestEnd): void
  /** It ends without an answer, in its turn of this instant. */
  cut(end: RequestEnd, fault: Exchange['fault']): void
}

/** What an exchange needs of its network. */
export interface ExchangePorts {
  readonly pace: Pace
  readonly random: Random
  readonly write: (entry: LogEntry) => void
  readonly onOver: (exchange: Exchange) => void
}

/** Numbers a request and sets it on its way. */
export function createExchange(id: number, departure: Departure, ports: ExchangePorts): Exchange {
  const { pace } = ports
  const leftAt = pace.clock.now()
  const name = `request ${id}, ${departure.method} ${departure.url.href}`
  let resolve: (answer: Answer) => void
  let reject: (reason: NoAnswer) => void
  const result = new Promise<Answer>((...settlers) => ([resolve, reject] = settlers))
  let moves: Stop | null = pace.moving(name)
  let wake: Stop = () => {}
  let state: 'going' | 'cut' | 'over' = 'going'

  const stand = (): void => {
    moves?.()
    moves = null
  }
  const go = (): void => {
    moves ??= pace.moving(name)
  }

  /** The line is written in the same breath in which the application is told. */
  const finish = (end: RequestEnd, status: number | null, tell: () => void): void => {
    if (state === 'over') return
    state = 'over'
    wake()
    const at = pace.clock.now()
    const { who, method, url } = departure
    const { fault, reached } = exchange
    ports.write({ at, id, who, method, url: url.href, fault, end, status, reached, ms: at - leftAt })
    ports.onOver(exchange)
    tell()
    stand()
  }

  const exchange: Exchange = {
    ...departure,
    id,
    random: ports.random.fork(id),
    fate: new Map<number, RequestFault | null>(),
    place: 'out',
    fault: null,
    reached: false,
    result,
    get over() {
      return state !== 'going'
    },
    park(at) {
      return new Promise((woken) => {
        if (state !== 'going') return
        wake = pace.schedule(at, id, () => {
          go()
          woken()
        })
        stand()
      })
    },
    rest() {
      stand()
      return () => {
        if (state === 'going') go()
      }
    },
    deliver: (answer) => finish('answered', answer.status, () => resolve(answer)),
    fail: (end) => finish(end, null, () => reject(new NoAnswer(end))),
    cut(end, fault) {
      if (state !== 'going') return
      state = 'cut'
      wake()
      exchange.fault = fault
      wake = pace.schedule(pace.clock.now(), id, () => exchange.fail(end))
      stand()
    },
  }
  return exchange
}
