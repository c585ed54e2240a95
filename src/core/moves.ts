/** The moves of the link: what the entries of the table are made of. Pure. */
import { dueAt, givesUpAt, type Outage } from './due.js'
import type { Policy } from './policy.js'
import {
  type Cause,
  type ConnectionEvent,
  type Down,
  type Effect,
  type LinkState,
  type Memory,
  type Plan,
  type Stamp,
} from './state.js'

/** The next state of the link, and what has to be done. */
export type LinkStep = readonly [LinkState, readonly Effect[]]

/** One entry of the table. */
export type Decide = (link: LinkState, event: ConnectionEvent, policy: Policy, stamp: Stamp) => LinkStep

/** A state in which a probe is out. */
export type Probing = Extract<LinkState, { name: 'connecting' | 'suspect' | 'trying' }>

/** Whether a probe is out. */
export const isProbing = (link: LinkState): link is Probing =>
  link.name === 'connecting' || link.name === 'suspect' || link.name === 'trying'

/** Nothing changes. */
export const same: Decide = (link) => [link, []]

/** Sends a probe from this state; the timer is its deadline. */
export function probing(link: Probing, policy: Policy, stamp: Stamp, abortFirst: boolean): LinkStep {
  const next: LinkState = { ...link, memory: { ...link.memory, lastProbeAt: stamp.now } }
  const abort: Effect[] = abortFirst ? [{ type: 'abort' }] : []
  return [next, [...abort, { type: 'probe' }, { type: 'timer', at: stamp.now + policy.probeTimeoutMs }]]
}

/** Waits for the next attempt, or for the moment of giving up. */
export function waiting(
  outage: Outage,
  memory: Memory,
  nextAttemptAt: number | null,
  policy: Policy,
): LinkStep {
  const timerAt = Math.min(nextAttemptAt ?? Infinity, givesUpAt(memory, policy))
  const effect: Effect = timerAt === Infinity ? { type: 'no-timer' } : { type: 'timer', at: timerAt }
  const { since, cause, attempt } = outage
  return [{ name: 'waiting', since, cause, attempt, nextAttemptAt, memory }, [effect]]
}

/** Why it failed: a portal if one was met; else the plan; else the device; else what was seen. */
function causeOf(seen: Cause, memory: Memory): Cause {
  if (seen === 'portal') return 'portal'
  if (memory.plan) return 'planned'
  if (!memory.navOnline) return 'device'
  return seen === 'timeout' ? 'timeout' : 'server'
}

/** A proven loss: dated back to the first evidence, in the running incident if the link was not yet stable. */
export function lost(
  link: Exclude<LinkState, Down>,
  since: number,
  seen: Cause,
  policy: Policy,
  stamp: Stamp,
): LinkStep {
  const { memory: old } = link
  const flapped = old.incidentAt !== null && old.onlineAt !== null && since - old.onlineAt < policy.stableMs
  const heard = link.name === 'suspect' && link.cause === 'planned'
  const told: Plan | null = heard ? { firstNoticeAt: since, noticedAt: since, estimateMs: link.hint } : null
  const memory: Memory = {
    ...old,
    plan: old.plan ?? told,
    repeatOnce: false,
    step: flapped ? (policy.schedule.flapStep ?? old.step) : 0,
    incidentAt: flapped ? old.incidentAt : since,
    downVisibleMs: old.hiddenAt === null ? stamp.now - since : 0,
    downSeenAt: old.hiddenAt === null ? stamp.now : null,
  }
  const attempt = link.name === 'connecting' ? link.attempt + 1 : 1
  return next({ since, cause: causeOf(seen, memory), attempt }, memory, old.repeatOnce, policy, stamp)
}

/** Plans an attempt; it takes the next place in the schedule unless it only repeats the one before. */
function next(outage: Outage, memory: Memory, repeats: boolean, policy: Policy, stamp: Stamp): LinkStep {
  const at = dueAt(outage, memory, policy, stamp)
  if (repeats && at !== null)
    return waiting(outage, memory, Math.min(at, stamp.now + policy.repeatAfterMs), policy)
  return waiting(outage, { ...memory, step: memory.step + 1 }, at, policy)
}

/** The probe that was out has failed. */
export const failed: Decide = (link, event, policy, stamp) => {
  if (!isProbing(link)) return [link, []]
  const seen = event.type === 'PROBE_FAILED' ? event.cause : 'timeout'
  if (link.name !== 'trying') return lost(link, link.since, seen, policy, stamp)
  const memory: Memory = { ...link.memory, repeatOnce: false }
  if (memory.downVisibleMs >= policy.giveUpAfterMs) return gaveUp(link, memory)
  const outage = { since: link.since, cause: causeOf(seen, memory), attempt: link.attempt + 1 }
  return next(outage, memory, link.memory.repeatOnce, policy, stamp)
}

/** Trying ends, until a person or a waking revives it. */
export function gaveUp(link: Down, memory: Memory): LinkStep {
  const { since, cause } = link
  return [{ name: 'stopped', since, cause, reason: 'gave-up', memory }, [{ type: 'no-timer' }]]
}

/** Up, and proven. A suspicion that came to nothing gives back the old `since`. */
export const online: Decide = (link, event, _policy, stamp) => {
  const boot = 'boot' in event && event.boot !== undefined ? event.boot : link.memory.boot
  const wasUp = link.name === 'suspect'
  const memory: Memory = {
    ...link.memory,
    boot,
    plan: null,
    repeatOnce: false,
    everOnline: true,
    onlineAt: wasUp ? link.memory.onlineAt : stamp.now,
    downVisibleMs: 0,
    downSeenAt: null,
  }
  const abort: Effect[] = isProbing(link) && event.type !== 'PROBE_OK' ? [{ type: 'abort' }] : []
  const since = wasUp ? link.onlineSince : stamp.now
  return [{ name: 'online', since, memory }, [...abort, { type: 'no-timer' }]]
}

/** From up to suspect, with one probe at once. It is not an attempt. */
export function suspect(
  link: LinkState,
  cause: Cause,
  hint: number | null,
  policy: Policy,
  stamp: Stamp,
): LinkStep {
  if (link.name !== 'online') return [link, []]
  const { memory } = link
  return probing(
    { name: 'suspect', since: stamp.now, onlineSince: link.since, cause, hint, memory },
    policy,
    stamp,
    false,
  )
}

/** An attempt at once; `anew`: the schedule goes on from its restart step afterwards. */
export function trying(link: Down, anew: boolean, memory: Memory, policy: Policy, stamp: Stamp): LinkStep {
  const attempt = link.name === 'stopped' ? 1 : link.attempt
  const step = anew ? policy.schedule.restartStep : memory.step
  const revived = link.name === 'stopped' ? { downVisibleMs: 0, downSeenAt: stamp.now } : {}
  const { since, cause } = link
  const begun = { ...memory, step, ...revived }
  return probing({ name: 'trying', since, cause, attempt, memory: begun }, policy, stamp, false)
}
