/**
 * One request on its way: numbered when it leaves the application, *moving* or *parked*, and over exactly
 * once. Only parked ones let a manual clock go on. What its caller has left may go on without him: a kernel
 * sends what it was given, and a handler that runs runs to its end.
 */
import type { Stop } from '../src/core/state.js'
import type { Answer, Bytes, Head } from './answer.js'
import type { RequestEnd } from './log.js'
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
