/** What becomes of a request after an attempt that was no success. Pure. */
import { isDown, type LinkState } from '../core/state.js'
import type { Classified } from './classify.js'

/** The caller gets it; it waits for the link; it is repeated after a pause; it is repeated with a new token. */
export type Next = 'finish' | 'hold' | 'retry' | 'refresh'

/** Everything that decides. */
export interface Situation {
  readonly outcome: Classified
  /** The link, after it has heard of this outcome. */
  readonly link: LinkState
  /** The kit ended the attempt because the link was lost. */
  readonly isLost: boolean
  /** By its method, its key and its body; never if the caller repeats by himself (`holdfast: { key }`). */
  readonly mayRepeat: boolean
  /** There is an auth port, and no new token was tried yet. */
  readonly mayRefresh: boolean
}

/** docs/spec/architecture.md, "Outcomes" and "Holding". */
export function decide({ outcome, link, isLost, mayRepeat, mayRefresh }: Situation): Next {
  if (!mayRepeat || link.name === 'idle') return 'finish'
  if (outcome.class === 'unauthorized') return mayRefresh ? 'refresh' : 'finish'
  // While the link is down, or its verdict is open, a failure says more about the link than about the request.
  if (isLost || isDown(link) || (outcome.suspicion && link.name !== 'online')) return 'hold'
  return 'retry'
}
