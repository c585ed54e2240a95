/**
 * One feature of a service that may be slow or broken while the rest is well. It is asked as long as that helps anybody;
 * else its last good answer is handed out, with its age, and it is left alone until it can be expected to be well.
 */
import type { Clock, Random } from '../core/clock.js'
import { badOption, HoldfastError } from '../core/errors.js'
import { createListeners, heard } from '../core/listeners.js'
import type { Stop } from '../core/state.js'
import {
  breakerAfter,
  CLOSED,
  mayAsk,
  type BreakerEvent,
  type BreakerState,
  type CallTally,
} from './breaker.js'
import type { Judgement } from './judge.js'
import { keepAnswers, type Kept } from './kept.js'
import { readGuardOptions, type GuardOptions } from './options.js'
import { followVerdict } from './verdict.js'

/** What is had of a feature. */
export interface Answer<Value> {
  readonly value: Value
  /** When the feature has said so (epoch ms). */
  readonly at: number
  /** How old it was when it was handed out (ms). */
  readonly ageMs: number
  /**
   * Why it is not today's: `slow`, the call has not ended yet; `failed`, it ended badly; `resting`, nobody asks at
   * present. Null: it is fresh.
   */
  readonly stale: 'slow' | 'failed' | 'resting' | null
}

/** How a guard stands. */
export type GuardState =
  | { readonly name: 'closed' }
  /** Nobody asks; `until` (epoch ms) says from when on one does. */
  | { readonly name: 'open'; readonly since: number; readonly until: number; readonly tally: CallTally }
  /** One asks, to see. */
  | { readonly name: 'half-open'; readonly since: number; readonly tally: CallTally }

/** Options of a call. */
export interface GuardedCallOptions<Value> {
  /**
   * By what its answer is kept, and found again: all that the answer hangs on, such as `stock/42`. Left out: nothing is
   * kept.
   */
  key?: string
  /** Gives the call up; that is no evidence. Handed to `ask`. */
  signal?: AbortSignal
  /** Hears of the answer that came after all, once a kept one was handed out in its place for being slow. */
  onLate?: (answer: Answer<Value>) => void
}

/** What `createGuard` makes. */
export interface Guard {
  readonly name: string
  readonly state: GuardState
  /** Time and chance, for the parts that are given the guard. */
  readonly clock: Clock
  readonly random: Random
  /**
   * Asks, or hands out what is kept. `ask` rejects if there is no answer: `fetch` does not do that for a 503, so throw
   * it. It rejects with what `ask` rejected with if nothing is kept, or if the service has answered with a refusal.
   *
   * @throws (rejects) `link-down`: nobody asks at present, and nothing is kept
   */
  call<Value>(
    ask: (signal?: AbortSignal) => Promise<Value>,
    options?: GuardedCallOptions<Value>,
  ): Promise<Answer<Value>>
  /** Calls after each change of the state's name, or of `until`. */
  subscribe(listener: (state: GuardState) => void): Stop
  /** Forgets all kept answers, as when another person signs in; with a connection `signedOut()` does it. */
  forget(): void
  /** Hears nothing of the connection any more. */
  dispose(): void
}

/**
 * Makes a guard for one feature: a circuit breaker (closed, open, half-open) with the last good answers behind it.
 *
 * ```ts
 * const stock = createGuard({ name: 'stock', connection, slowAfterMs: 800, onDegrade: (news) => report(news) })
 * const { value, ageMs, stale } = await stock.call((signal) => api.get('/stock/42', { signal }), { key: '42' })
 * ```
 *
 * @throws `bad-option`
 */
export function createGuard(options: GuardOptions): Guard {
  const { name, connection, slowAfterMs, judge, onDegrade, clock, random, ...policy } =
    readGuardOptions(options)
  const listeners = createListeners<[GuardState]>()
  const answers = keepAnswers(policy.maxKept, policy.maxAgeMs)
  const verdict = followVerdict(connection)
  let breaker: BreakerState = CLOSED
  /** Counts up as people leave: what one has asked for is not kept for the next. */
  let person = 0

  /** Hands it to the machine; says whether the one who asked may. */
  function send(event: BreakerEvent): boolean {
    const before = breaker
    const after = breakerAfter(before, event, policy, { now: clock.now(), roll: random.next() })
    breaker = after
    if (before.turn !== after.turn) {
      tellOperators(before, after)
      listeners.tell(stateOf(after))
    }
    return mayAsk(before, after)
  }

  function tellOperators(before: BreakerState, after: BreakerState): void {
    const at = clock.now()
    if (before.name === 'closed' && after.name !== 'closed') {
      const { since, tally } = after
      heard(() => onDegrade({ type: 'degraded', name, at, since, tally }))
    }
    if (before.name !== 'closed' && after.name === 'closed') {
      const { since, tally } = before
      heard(() => onDegrade({ type: 'restored', name, at, since, tally }))
    }
  }

  /** How a call ends, said once: what it met in an outage of the whole service is no evidence. */
  function beginCall(turn: number): (judgement: Judgement) => void {
    const wasDown = verdict.isDown()
    let isSaid = false
    return ({ end, retryAfterMs }) => {
      if (isSaid) return
      isSaid = true
      verdict.whenKnown((isWell) =>
        send({ type: 'ENDED', turn, end: wasDown || !isWell ? 'unknown' : end, retryAfterMs }),
      )
    }
  }

  function handOut<Value>({ value, at }: Kept, stale: Answer<Value>['stale']): Answer<Value> {
    return { value: value as Value, at, ageMs: clock.now() - at, stale }
  }

  async function call<Value>(
    ask: (signal?: AbortSignal) => Promise<Value>,
    { key, signal, onLate }: GuardedCallOptions<Value> = {},
  ): Promise<Answer<Value>> {
    if (typeof ask !== 'function') throw badOption('guard.call.ask', ask, 'a function')
    signal?.throwIfAborted()
    const asker = person
    const kept = () => (key === undefined || asker !== person ? undefined : answers.get(key, clock.now()))
    if (!send({ type: 'ASKED' })) {
      const last = kept()
      if (last) return handOut(last, 'resting')
      throw new HoldfastError('link-down', restingWords(name, breaker))
    }
    const end = beginCall(breaker.turn)
    const limitMs = slowAfterMs ?? (breaker.name === 'half-open' ? TRIAL_MS : Infinity)
    return new Promise((resolve, reject) => {
      let isHandedOut = false
      const stopWaiting = clock.setTimeout(() => {
        end({ end: 'bad' })
        const last = kept()
        if (!last) return
        isHandedOut = true
        resolve(handOut(last, 'slow'))
      }, limitMs)
      const answered = (value: Value) => {
        stopWaiting()
        end({ end: 'good' })
        const at = clock.now()
        const answer = { value, at, ageMs: 0, stale: null }
        if (asker === person) {
          if (key !== undefined) answers.set(key, { value, at })
          if (isHandedOut && onLate) heard(() => onLate(answer))
        }
        resolve(answer)
      }
      const failed = (error: unknown) => {
        stopWaiting()
        const judgement: Judgement = signal?.aborted ? { end: 'unknown' } : judge(error)
        end(judgement)
        const last = judgement.end === 'good' || signal?.aborted ? undefined : kept()
        if (last) resolve(handOut(last, 'failed'))
        else reject(error as Error)
      }
      // What `ask` throws at once is what it rejects with.
      new Promise<Value>((begin) => begin(ask(signal))).then(answered, failed)
    })
  }

  const stopHearing = connection?.subscribe((_state, { type }) => {
    if (type === 'SIGNED_OUT') guard.forget()
  })

  const guard: Guard = {
    name,
    get state() {
      return stateOf(breaker)
    },
    clock,
    random,
    call,
    subscribe: (listener) => listeners.add(listener),
    forget() {
      person++
      answers.clear()
    },
    dispose() {
      stopHearing?.()
      verdict.stop()
    },
  }
  return guard
}

/** One that tries has so long, where no call is too slow: somebody must come out of it (I19). */
const TRIAL_MS = 10_000

function stateOf(breaker: BreakerState): GuardState {
  if (breaker.name === 'closed') return { name: 'closed' }
  const { since, tally } = breaker
  return breaker.name === 'open'
    ? { name: 'open', since, until: breaker.until, tally }
    : { name: 'half-open', since, tally }
}

function restingWords(name: string, breaker: BreakerState): string {
  const { calls, bad } = breaker.name === 'closed' ? { calls: 0, bad: 0 } : breaker.tally
  return `${name} is left alone for a while: ${bad} of ${calls} calls were slow or failed`
}
