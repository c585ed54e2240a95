/** Who remembers outside the database what it should know: a damaged one opens empty, without an error (1.7). */

/** What should be found again. */
export interface Testimony {
  /** The last place that was given out. */
  readonly position: number
  /** How many actions were kept. */
  readonly kept: number
}

/** What is remembered of one scope in one database. */
export interface Witness {
  /** null: nothing is remembered. */
  recall(): Testimony | null
  note(testimony: Testimony): void
}

/** Remembers in localStorage; where there is none, or it is denied or full, nothing. */
export function createWitness(name: string): Witness {
  let last = ''
  return {
    recall() {
      try {
        last = localStorage.getItem(name) ?? ''
      } catch {
        return null
      }
      const [position = NaN, kept = NaN] = last.split(' ').map(Number)
      return Number.isSafeInteger(position) && Number.isSafeInteger(kept) ? { position, kept } : null
    },
    note({ position, kept }) {
      const text = `${position} ${kept}`
      if (text === last) return
      last = text
      try {
        localStorage.setItem(name, text)
      } catch {
        // Then a loss of the database is not noticed; nothing else depends on it.
      }
    },
  }
}
