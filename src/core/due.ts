/** When the next attempt is due ("When an attempt is due", docs/spec/architecture.md). Pure. */
import type { Policy } from './policy.js'
import type { Cause, Memory, Plan, Stamp } from './state.js'

/** What a due time is computed from. */
export interface Outage {
  readonly since: number
  readonly cause: Cause
  /** The attempt that is to be planned, from 1. */
  readonly attempt: number
}

/** Fewer than so many ms of a page's sleep make no difference to people; ± 50 % keeps clients apart. */
const PLANNED_JITTER = 0.5
const ESTIMATE_SPREAD = 0.2

function plannedAt(plan: Plan, policy: Policy, stamp: Stamp): number {
  const { estimateMs, noticedAt } = plan
  if (estimateMs !== null && noticedAt + estimateMs > stamp.now) {
    const width = Math.max(policy.plannedSpreadMs, ESTIMATE_SPREAD * estimateMs)
    return noticedAt + estimateMs + width * stamp.roll
  }
  return stamp.now + policy.plannedGapMs * (1 + PLANNED_JITTER * (2 * stamp.roll - 1))
}

function scheduledAt(outage: Outage, memory: Memory, policy: Policy, stamp: Stamp): number {
  const ageMs = stamp.now - outage.since
  const from = outage.attempt === 1 ? outage.since : stamp.now
  const delayMs = policy.schedule.delay(memory.step, stamp.roll, outage.attempt === 1 ? 0 : ageMs)
  return from + Math.max(0, delayMs)
}

/** The instant of the next attempt; null: none, since the page is hidden and nothing is wanted. */
export function dueAt(outage: Outage, memory: Memory, policy: Policy, stamp: Stamp): number | null {
  const { plan, navOnline, lastProbeAt, hiddenAt } = memory
  let at: number
  if (outage.cause === 'planned' && plan) at = plannedAt(plan, policy, stamp)
  else if (outage.cause === 'device' && !navOnline) at = stamp.now + policy.deviceGapMs
  else at = scheduledAt(outage, memory, policy, stamp)
  if (outage.attempt > 1 && lastProbeAt !== null) at = Math.max(at, lastProbeAt + policy.minGapMs)
  if (hiddenAt !== null) return stamp.wanted ? Math.max(at, (lastProbeAt ?? 0) + policy.hiddenGapMs) : null
  return Math.round(Math.max(at, stamp.now))
}

/** When trying ends; Infinity: never, or not while the page is hidden. */
export function givesUpAt(memory: Memory, policy: Policy): number {
  if (memory.downSeenAt === null) return Infinity
  return memory.downSeenAt + policy.giveUpAfterMs - memory.downVisibleMs
}
