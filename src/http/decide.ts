/** What becomes of a request after an attempt that was no success. Pure. */
import { isDown, type LinkState } from '../core/state.js'
import type { Classified } from './classify.js'
import type { EndedBy } from './flight.js'
import type { Why } from './log.js'

/** The caller gets it; it waits for the link; it is repeated after a pause; it is repeated with a new token. */
export type Next = 'finish' | 'hold' | 'retry' | 'refresh'

/** Everything that decides. */
export interface Situation {
  readonly outcome: Classified
  /** The link, after it has heard of this outcome. */
  readonly link: LinkState
  /** Why the kit ended the attempt; null: it ended by itself. */
  readonly endedBy: EndedBy | null
  /** Why it may not be repeated: by its method, its key, its body or its caller; null: it may. */
  readonly whyNot: Why | null
  /** There is an auth port, and no new token was tried yet. */
  readonly mayRefresh: boolean
  /** All its time is over. */
  readonly isPastDeadline: boolean
}

/** docs/spec/architecture.md, "Outcomes" and "Holding". What is to be done, and why. */
export function decide(situation: Situation): readonly [Next, Why] {
  const { outcome, link, endedBy, whyNot, mayRefresh, isPastDeadline } = situation
  if (whyNot) return ['finish', whyNot]
  if (isPastDeadline) return ['finish', 'deadline']
  if (link.name === 'idle') return ['finish', 'stopped']
  if (outcome.class === 'unauthorized') return [mayRefresh ? 'refresh' : 'finish', 'unauthorized']
  // While the link is down, or its verdict is open, a failure says more about the link than about the request.
  if (endedBy === 'lost') return ['hold', 'lost']
  if (isDown(link)) return ['hold', 'link-down']
  if (outcome.suspicion && link.name !== 'online') return ['hold', 'verdict-open']
  if (endedBy === 'stalled') return ['retry', 'stalled']
  return ['retry', endedBy === 'late' ? 'attempt-timeout' : 'failed']
}
