/** Notices that the database knows less than it did when this page opened it, and says so once (I10). */
import type { Clock } from '../core/clock.js'
import type { Canary } from './canary.js'
import type { Mirror } from './mirror.js'
import { createWitness, type Testimony, type Witness } from './witness.js'

/** Compares the store's account with what is remembered outside of it. */
export interface Loss {
  /** When it was noticed that actions are lost (epoch ms); null: none are. */
  readonly at: number | null
  /** Asks who remembers; `name`: where; null: nobody does, because nobody else could have the store. */
  recall(name: string | null): void
  /** Everything has been read; `seen`: the last place by the store's own account. No place is given out again. */
  check(seen: number): void
  /** Something was written: what should be found again from now on. */
  note(): void
}

/** Knows nothing yet. */
export function createLoss(clock: Clock, canary: Canary, mirror: Pick<Mirror, 'rows'>): Loss {
  let witness: Witness | null = null
  /** What was remembered when this page opened the store, until the store has been heard. */
  let recalled: Testimony | null = null
  let at: number | null = null
  const note = () => witness?.note({ position: canary.position, kept: mirror.rows.length })
  return {
    get at() {
      return at
    },
    recall(name) {
      witness = name === null ? null : createWitness(name)
      recalled = witness?.recall() ?? null
    },
    check(seen) {
      if (recalled) canary.reach(recalled.position)
      if (recalled && seen < recalled.position && recalled.kept > mirror.rows.length) at = clock.now()
      recalled = null
      note()
    },
    // Not before it was heard: a page that dies while it opens the store leaves it to the next one to tell.
    note: () => void (recalled ?? note()),
  }
}
