/** Notices that the store has forgotten what it knew: its places and its terms only ever grow (I10). Pure. */
import { NEW_SCOPE, type ScopeMeta } from './store.js'

/** What a tab remembers of a scope's meta, to compare with what the store says. */
export interface Canary {
  /** Whether the store knows less than it did: somebody has cleared it under this tab. */
  isDead(meta: ScopeMeta): boolean
  /** The store says so now. */
  note(meta: ScopeMeta): void
  /** The last place that was given out, as far as is known. */
  readonly position: number
  /** This place was given out. */
  reach(position: number): void
  /** A place was found to be given out twice: the next transaction finds the canary dead. */
  raise(): void
  /** What the store should know: no place and no term is ever given out again. */
  mend(meta: ScopeMeta): ScopeMeta
}

/** A place beyond this was not given out by us: a foreign row must not use up the numbers (own). */
const LAST_PLACE = 2 ** 52

/** Knows nothing yet. */
export function createCanary(): Canary {
  let known = NEW_SCOPE
  let isRaised = false
  const later = (one: ScopeMeta, other: ScopeMeta) => (termOf(other) > termOf(one) ? other : one)
  const mend = (meta: ScopeMeta): ScopeMeta => {
    const { sender, senderUntil } = later(meta, known)
    const signOuts = Math.max(signOutsOf(meta), signOutsOf(known))
    return { sender, senderUntil, position: Math.max(meta.position, known.position), signOuts }
  }
  return {
    isDead: (meta) => isRaised || meta.position < known.position || termOf(meta) < termOf(known),
    note(meta) {
      isRaised = false
      known = mend(meta)
    },
    get position() {
      return known.position
    },
    reach(position) {
      if (position > known.position && position < LAST_PLACE) known = { ...known, position }
    },
    raise: () => void (isRaised = true),
    mend,
  }
}

/** How often the person of this scope has signed out. */
export const signOutsOf = ({ signOuts = 0 }: ScopeMeta): number => signOuts

const termOf = ({ sender }: ScopeMeta): number => sender?.number ?? 0
