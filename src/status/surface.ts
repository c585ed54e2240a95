/** Where the phase is told: nowhere yet, in the bar, or in a dialog (guards G1 to G6 of docs/spec/ux.md, 1.3). */
import { hasWaitedLong, isHidden, isInFlight, isTyping } from './facts.js'
import { isDialog, isShown, isUnstable, type Moment, type StatusMemory } from './memory.js'
import { escalatesAt } from './outage.js'
import type { Phase, Surface } from './view.js'

/** Whether a dialog can still follow in this incident; if not, the red bar has to be spoken (row 14). */
export function canDialogFollow(memory: StatusMemory, { policy }: Pick<Moment, 'policy'>): boolean {
  return policy.escalation !== 'bar' && !memory.incident?.isDismissed && !isUnstable(memory, policy)
}

/** Everything but an attempt in flight is for the dialog. */
function isDialogDue(memory: StatusMemory, moment: Moment): boolean {
  const { facts, now, shown } = moment
  const { outage } = memory
  if (!outage || now < escalatesAt(outage, moment) || !canDialogFollow(memory, moment)) return false
  if (isHidden(facts) || facts.page.foreignDialog) return false
  return isDialog(shown) || !isTyping(facts, now)
}

/** Opens and closes the dialog; an attempt in flight holds the opening for a moment (G2). */
export function followDialog(memory: StatusMemory, phase: Phase, moment: Moment): StatusMemory {
  const { facts, policy, now } = moment
  if (!isDialogDue(memory, moment)) return { ...memory, dialogDueSince: null, dialogSince: null }
  const dialogDueSince = memory.dialogDueSince ?? now
  if (phase !== 'disconnected' && phase !== 'gaveUp') return { ...memory, dialogDueSince, dialogSince: null }
  const isHeld = isInFlight(facts.connection.link, now) && now < dialogDueSince + policy.escalateHoldMs
  return { ...memory, dialogDueSince, dialogSince: memory.dialogSince ?? (isHeld ? null : now) }
}

/** Where this phase is told. A bar that shows stays while another phase would not yet have shown one. */
export function surfaceOf(
  memory: StatusMemory,
  phase: Phase,
  { facts, shown, policy, now }: Moment,
): Surface {
  const after = (since: number | null | undefined, ms: number): Surface =>
    isShown(shown) || (since != null && now >= since + ms) ? 'bar' : 'none'
  switch (phase) {
    case 'online':
    case 'grace':
      return 'none'
    case 'connecting':
      return memory.outage ? after(memory.outage.since, policy.connectingBarMs) : 'none'
    case 'resyncing':
      return after(memory.resyncSince, policy.resyncingBarMs)
    case 'syncing':
      return hasWaitedLong(facts, policy, now) ? 'bar' : after(memory.sync?.since, policy.syncingBarMs)
    case 'disconnected':
    case 'gaveUp':
      return memory.dialogSince === null ? 'bar' : policy.escalation
    default:
      return 'bar'
  }
}
