/**
 * What the desk has handed over and what was accepted, over reloads. Written in the same turn in which it
 * becomes known, and localStorage is synchronous: nothing counts as accepted that was not, and a reload can
 * not come between.
 */

/** The numbers of the desk's writes, in the order in which it happened. */
export interface Journal {
  readonly attempted: readonly number[]
  readonly accepted: readonly number[]
  note(what: 'attempted' | 'accepted', seq: number): void
  /** A number that was not attempted yet. */
  next(): number
}

/** Reads what this run has noted before. */
export function createJournal(run: string): Journal {
  const read = (what: string) =>
    (localStorage.getItem(`${run}:${what}`) ?? '').split(' ').filter(Boolean).map(Number)
  const lists = { attempted: read('attempted'), accepted: read('accepted') }
  return {
    ...lists,
    note(what, seq) {
      lists[what].push(seq)
      localStorage.setItem(`${run}:${what}`, lists[what].join(' '))
    },
    next: () => (lists.attempted.at(-1) ?? 0) + 1,
  }
}
