/** When something can change by itself: one timer, no polling. Pure. */
import { countPending, isHidden, isInFlight, isTyping } from './facts.js'
import { isClear, pendingFrom } from './aftermath.js'
import { estimateAt } from './derive.js'
import { isUnstable, type Moment, type StatusMemory } from './memory.js'
import { escalatesAt } from './outage.js'
import type { StatusView } from './view.js'

type Instants = readonly (number | null | undefined | false)[]

/** A loss, or the suspicion of one. */
function ofOutage(memory: StatusMemory, view: StatusView, moment: Moment): Instants {
  const { facts, policy, now } = moment
  const { link } = facts.connection
  const { outage } = memory
  if (!outage) return [link.name === 'suspect' && link.since + policy.graceMs]
  const { oldestAt } = facts.queue
  const dueAt = escalatesAt(outage, moment)
  const isDue = now >= dueAt && !isHidden(facts)
  const isHeld = isInFlight(link, now)
  return [
    outage.toldAt === null && !outage.isFirst && outage.since + policy.graceMs,
    outage.toldAt === null && oldestAt !== null && oldestAt + policy.syncingBarMs,
    outage.isFirst && view.surface === 'none' && outage.since + policy.connectingBarMs,
    outage.escalatedAt === null && dueAt,
    isDue && isHeld && dueAt + policy.escalateHoldMs,
    isDue && isHeld && memory.dialogDueSince !== null && memory.dialogDueSince + policy.escalateHoldMs,
    isDue && isTyping(facts, now) && facts.page.typingUntil,
    view.phase === 'maintenance' && estimateAt(link),
  ]
}

/** What goes on once the link is up. */
function ofAftermath(memory: StatusMemory, view: StatusView, { facts, policy }: Moment): Instants {
  if (!isClear(memory, facts)) return []
  const { resyncSince, sync, recovered, slow } = memory
  const { oldestAt, pausedUntil } = facts.queue
  const isPending = countPending(facts.queue) > 0
  const from = pendingFrom(memory, facts)
  return [
    resyncSince !== null && view.surface === 'none' && resyncSince + policy.resyncingBarMs,
    isPending && oldestAt !== null && oldestAt + policy.syncingBarMs,
    isPending && pausedUntil,
    sync && view.surface === 'none' && sync.since + policy.syncingBarMs,
    isUnstable(memory, policy) && memory.upAt !== null && memory.upAt + policy.unstable.calmMs,
    recovered && recovered.from !== null && recovered.from + recovered.leftMs,
    from !== null && !slow && from + policy.slow.onMs,
    from !== null && slow && from + policy.slow.calmMs,
    slow && slow.calmSince !== null && slow.calmSince + policy.slow.offMs,
  ]
}

/** The earliest instant after now at which the view may change without an event; null: none. */
export function nextOf(
  memory: StatusMemory,
  view: StatusView,
  moment: Moment,
  others: Instants,
): number | null {
  const instants = [...ofOutage(memory, view, moment), ...ofAftermath(memory, view, moment), ...others]
  const ahead = instants.filter(
    (at): at is number => typeof at === 'number' && at > moment.now && at < Infinity,
  )
  return ahead.length > 0 ? Math.min(...ahead) : null
}
