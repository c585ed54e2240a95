/**
 * What the desk has handed over and what came of it, over reloads. Written in the same turn in which it
 * becomes known, and localStorage is synchronous: nothing counts as accepted that was not, and a reload can
 * not come between.
 */

/** Numbers of the desk's writes, in the order in which it happened. */
export interface Numbers {
  /** Durable writes: handed over, and accepted. */
  readonly attempted: readonly number[]
  readonly accepted: readonly number[]
  /** Plain writes: handed over, and answered well. */
  readonly asked: readonly number[]
  readonly answered: readonly number[]
}

/** The account of one run. */
export interface Journal {
  readonly numbers: Numbers
  note(what: keyof Numbers, seq: number): void
  /** A number that was not handed over yet. */
  next(what: 'attempted' | 'asked'): number
}

/** Reads what this run has noted before. Numbers count from `first`, so that two pages can have their own. */
export function createJournal(run: string, first = 1): Journal {
  const read = (what: keyof Numbers) =>
    (localStorage.getItem(`${run}:${what}`) ?? '').split(' ').filter(Boolean).map(Number)
  const numbers = {
    attempted: read('attempted'),
    accepted: read('accepted'),
    asked: read('asked'),
    answered: read('answered'),
  }
  return {
    numbers,
    note(what, seq) {
      numbers[what].push(seq)
      localStorage.setItem(`${run}:${what}`, numbers[what].join(' '))
    },
    next: (what) => (numbers[what].at(-1) ?? first - 1) + 1,
  }
}
