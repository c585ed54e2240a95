/** What is shown of a guarded feature: asked for, and again while it is not fresh. Knows neither Vue nor the DOM. */
import { createAlarm } from '../core/alarm.js'
import type { Stop } from '../core/state.js'
import type { Answer, Guard } from './guard.js'

/** What there is to show. */
export interface Shown<Value> {
  /** Null: nothing was had yet. */
  readonly answer: Answer<Value> | null
  /** How old that is, in ms: whole seconds; 0 while it is fresh. */
  readonly ageMs: number
  /** With what the last call has failed, where nothing was kept that may still be shown; null: it has not. */
  readonly error: unknown
}

/** What is asked, and how. */
export interface ShownOptions<Value> {
  /** Through which it is asked. */
  readonly guard: Guard
  /** Asks; rejects if there is no answer. */
  readonly ask: (signal?: AbortSignal) => Promise<Value>
  /** By what its answer is kept. */
  readonly key: string
  /** While it is not fresh it is asked for again after so long, ± 25 % (ms). */
  readonly againMs: number
  /** Nobody sees it: nothing is asked for by itself. */
  readonly isHidden: () => boolean
}

/** One key of a feature, while it is shown. */
export interface ShownFeature {
  /** Asks now. Never rejects. */
  refresh(): Promise<void>
  /** Asks if what is shown is not fresh, and somebody sees it. */
  askAgain(): void
  stop: Stop
}

/** Nothing was asked for yet. */
export const NOTHING: Shown<never> = { answer: null, ageMs: 0, error: null }

/** Asks at once, and tells each change. */
export function showGuarded<Value>(
  { guard, ask, key, againMs, isHidden }: ShownOptions<Value>,
  tell: (shown: Shown<Value>) => void,
): ShownFeature {
  const { clock, random } = guard
  const left = new AbortController()
  const { signal } = left
  const again = createAlarm(clock, askAgain)
  const second = createAlarm(clock, () => change({}))
  let shown: Shown<Value> = NOTHING
  let underWay = 0
  /** How often it was asked, and which of these is shown. */
  let asks = 0
  let newest = 0

  const isFresh = () => shown.answer !== null && shown.answer.stale === null

  function change(part: Partial<Shown<Value>>): void {
    shown = { ...shown, ...part }
    const { answer } = shown
    const isOld = answer !== null && !isFresh()
    const ageMs = isOld ? Math.floor((clock.now() - answer.at) / 1_000) * 1_000 : 0
    second.set(isOld ? answer.at + ageMs + 1_000 : Infinity)
    shown = { ...shown, ageMs }
    tell(shown)
  }

  function plan(): void {
    const { state } = guard
    const restedAt = state.name === 'open' ? state.until : 0
    const nextAt = Math.max(restedAt, clock.now() + againMs * (0.75 + random.next() / 2))
    again.set(isFresh() ? Infinity : nextAt)
  }

  function show(ask: number, part: Pick<Shown<Value>, 'answer' | 'error'>): void {
    // What somebody asked before what is shown, and what nobody waits for any more, is no news.
    if (signal.aborted || ask < newest) return
    newest = ask
    change(part)
    plan()
  }

  async function refresh(): Promise<void> {
    const mine = ++asks
    const took = (answer: Answer<Value>) => show(mine, { answer, error: null })
    underWay++
    try {
      took(await guard.call(ask, { key, signal, onLate: took }))
    } catch (error) {
      // Too old to be handed out is too old to stay.
      show(mine, { answer: null, error })
    } finally {
      underWay--
    }
  }

  function askAgain(): void {
    if (!isFresh() && !isHidden() && underWay === 0) void refresh()
  }

  const unsubscribe = guard.subscribe(({ name }) => name === 'closed' && askAgain())
  void refresh()
  return {
    refresh,
    askAgain,
    stop() {
      unsubscribe()
      left.abort()
      again.set(Infinity)
      second.set(Infinity)
    },
  }
}
