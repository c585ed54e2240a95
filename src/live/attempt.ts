/** The life of one attempt, of whichever transport: it tells while it lives, ends once, and is silent for ever. */
import type { Judge } from './ends.js'
import { isolated } from './isolated.js'
import type { LineEnd, LineNews, LinePorts } from './line.js'

/** One attempt. */
export interface Attempt {
  /** Whether it has ended, or was dropped. */
  readonly isOver: boolean
  /** Tells, unless it is over. */
  tell(news: Exclude<LineNews, { type: 'end' }>): void
  /** Lets go of everything, and tells the end: the first one counts. */
  end(end: LineEnd): void
  /** Lets go of everything, and tells nothing. */
  drop(code?: number, reason?: string): void
}

/**
 * Begins one.
 *
 * @param release called once, when it is over: with the owner's code and reason where he has dropped it
 */
export function createAttempt(
  { tell }: LinePorts,
  judge: Judge | undefined,
  release: (code?: number, reason?: string) => void,
): Attempt {
  let state: 'alive' | 'over' = 'alive'

  /** What an application's judge throws stops nothing: the table's verdict stays. */
  const judged = (end: LineEnd): LineEnd => ({
    ...end,
    verdict: isolated(() => judge?.(end)) ?? end.verdict,
  })
  /** Within a driver an owner that throws would look like a line that has broken. */
  const say = (news: LineNews): void => isolated(() => tell(news))

  return {
    get isOver() {
      return state === 'over'
    },
    tell(news) {
      if (state === 'alive') say(news)
    },
    end(end) {
      if (state === 'over') return
      state = 'over'
      release()
      say({ type: 'end', end: judged(end) })
    },
    drop(code, reason) {
      if (state === 'over') return
      state = 'over'
      release(code, reason)
    },
  }
}
