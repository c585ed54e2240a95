/** The life of one attempt, of whichever transport: it tells while it lives, ends once, and is silent for ever. */
import { badOption } from '../core/errors.js'
import type { Judge } from './ends.js'
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

  /** What an application's judge throws is heard, and stops nothing: the table's verdict stays. */
  const judged = (end: LineEnd): LineEnd => {
    try {
      return { ...end, verdict: judge?.(end) ?? end.verdict }
    } catch (error) {
      void Promise.reject(error)
      return end
    }
  }
  /** An owner that throws is heard, too: within a driver it would look like a line that has broken. */
  const say = (news: LineNews): void => {
    try {
      tell(news)
    } catch (error) {
      void Promise.reject(error)
    }
  }

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

/** A judge, or a `bad-option`. */
export function checkJudge(where: string, judge: unknown): void {
  if (judge !== undefined && typeof judge !== 'function') {
    throw badOption(`${where}.judge`, judge, 'a function of an end that returns a verdict or undefined')
  }
}
