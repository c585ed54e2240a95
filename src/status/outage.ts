/** The outage, its grace and its escalation: rows 3 to 17, 22, 51, 53 and 60 to 63 of docs/spec/ux.md, 1.3. */
import { isDown } from '../core/state.js'
import { causeOf, hasWaitedLong, isHidden, isInFlight, wroteSince } from './facts.js'
import { isShown, isUnstable, type Moment, type Outage, type StatusMemory } from './memory.js'

/** Since when the link is lost, as far as people are concerned; null: it is up, idle, or only suspected. */
function lostSince(memory: StatusMemory, { facts, before, shown, policy, now }: Moment): number | null {
  const { link, intent } = facts.connection
  if (intent === 'offline' || link.name === 'idle' || link.name === 'online') return null
  if (link.name !== 'suspect' || memory.outage || now >= link.since + policy.graceMs) return link.since
  // A write during the grace is told at once, proven or not; under a surface a suspicion changes nothing.
  const isWrite = facts.queue.lastWriteAt !== before.queue.lastWriteAt && wroteSince(facts, link.since)
  return isWrite && !isShown(shown) ? link.since : null
}

/** Opens, follows and closes the outage. */
export function followOutage(memory: StatusMemory, moment: Moment): StatusMemory {
  const { facts, before, now } = moment
  const since = lostSince(memory, moment)
  if (since === null) {
    const { link } = facts.connection
    if (link.name === 'online' && memory.upAt === null) return { ...memory, outage: null, upAt: link.since }
    if (!memory.outage) return memory
    return { ...memory, outage: null, upAt: link.name === 'online' ? now : memory.upAt }
  }
  const isOther = facts.service !== before.service
  const known = memory.outage && !isOther ? memory : opened(memory, since, moment)
  const outage = escalated(told(counted(known.outage!, moment), moment), moment)
  return { ...known, outage }
}

function opened(memory: StatusMemory, since: number, { facts, policy }: Moment): StatusMemory {
  const { link } = facts.connection
  const outage: Outage = {
    since,
    isFirst: !link.memory.everOnline,
    toldAt: memory.outage?.toldAt ?? null,
    visibleMs: 0,
    seenAt: isHidden(facts) ? null : Math.max(since, memory.shownAt),
    escalatedAt: null,
  }
  if (memory.outage) return { ...memory, outage }
  const isLoss = !outage.isFirst && link.name !== 'connecting'
  const goesOn = isLoss && memory.upAt !== null && since - memory.upAt < policy.stableMs
  const incident = (goesOn && memory.incident) || { since, isDismissed: false }
  if (!isLoss) return { ...memory, outage, incident }
  const recent = isUnstable(memory, policy)
    ? memory.losses
    : memory.losses.filter((at) => at >= since - policy.unstable.withinMs)
  return { ...memory, outage, incident, losses: [...recent, since].slice(-policy.unstable.losses) }
}

/** The visible clock: stands while the page is hidden, starts anew when somebody comes back or revives it. */
function counted(outage: Outage, { event, facts, before, now, isReturn }: Moment): Outage {
  const seen = outage.seenAt === null ? outage : addSeen(outage, now)
  if (isHidden(facts)) return outage.seenAt === null ? outage : { ...seen, seenAt: null }
  const wasStopped = before.connection.link.name === 'stopped' && facts.connection.link.name !== 'stopped'
  const isAwake = event.type === 'CONNECTION' && event.woken === true
  if (isReturn || isAwake || wasStopped) return { ...outage, visibleMs: 0, seenAt: now, escalatedAt: null }
  return outage.seenAt === null ? { ...outage, seenAt: now } : outage
}

const addSeen = (outage: Outage, now: number): Outage => ({
  ...outage,
  visibleMs: outage.visibleMs + Math.max(0, now - (outage.seenAt ?? now)),
})

/** The end of the grace. */
function told(outage: Outage, { facts, shown, policy, now }: Moment): Outage {
  if (outage.toldAt !== null || outage.isFirst) return outage
  const { link } = facts.connection
  const isProven = link.name !== 'suspect'
  const isOver =
    now >= outage.since + policy.graceMs ||
    wroteSince(facts, outage.since) ||
    (isProven && (causeOf(link) === 'planned' || isShown(shown) || hasWaitedLong(facts, policy, now)))
  return isOver ? { ...outage, toldAt: now } : outage
}

/** When the outage is to be escalated; Infinity: not by itself, or not while the page is hidden. */
export function escalatesAt(
  outage: Outage,
  { facts, policy, now }: Pick<Moment, 'facts' | 'policy' | 'now'>,
) {
  const { link } = facts.connection
  const cause = causeOf(link)
  if (cause !== null && !policy.escalateCauses.includes(cause)) return Infinity
  if (link.name === 'stopped') return now
  const { visibleMs, seenAt } = outage
  const visibleAt =
    seenAt !== null ? seenAt + policy.escalateMs - visibleMs : visibleMs >= policy.escalateMs ? now : Infinity
  if (cause !== 'planned' || !isDown(link)) return visibleAt
  const { firstNoticeAt, estimateMs } = link.memory.plan ?? { firstNoticeAt: outage.since, estimateMs: null }
  const plannedMs = Math.max(policy.plannedMs, policy.plannedFactor * (estimateMs ?? 0))
  return Math.max(visibleAt, firstNoticeAt + plannedMs)
}

/** Into `disconnected`, or out of it: row 63 shows that it has its own exits while the link stays down. */
function escalated(outage: Outage, moment: Moment): Outage {
  const { facts, policy, now } = moment
  const { link } = facts.connection
  const dueAt = escalatesAt(outage, moment)
  if (now < dueAt) return outage.escalatedAt === null ? outage : { ...outage, escalatedAt: null }
  if (outage.escalatedAt !== null || isHidden(facts) || link.name === 'stopped') return outage
  const isHeld = isInFlight(link, now) && now < dueAt + policy.escalateHoldMs
  return isHeld ? outage : { ...outage, escalatedAt: now }
}
