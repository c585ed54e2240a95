/** The table of the connection machine: state × event -> what is next. A missing entry is the table's dash. */
import { dueAt } from './due.js'
import { BLANK, wakeKind } from './memory.js'
import { failed, gaveUp, isProbing, lost, online, probing, same, suspect, trying, waiting } from './moves.js'
import type { Decide, LinkStep } from './moves.js'
import type { Policy } from './policy.js'
import {
  isDown,
  type Cause,
  type ConnectionEvent,
  type LinkName,
  type LinkState,
  type Memory,
  type Plan,
  type Stamp,
} from './state.js'

/** A row of the table: the events that it answers. */
export type Row = Partial<Record<ConnectionEvent['type'], Decide>>

/** Good only if its request began after the evidence; a planned loss needs another boot id besides. */
const goodAnswer: Decide = (link, event, policy, stamp) => {
  if (event.type !== 'GOOD_ANSWER') return [link, []]
  if (link.name === 'suspect' || isDown(link)) {
    if (event.startedAt < link.since) return [link, []]
    const { plan, boot } = link.memory
    if (plan && (event.boot === undefined || event.boot === boot)) return [link, []]
  }
  return online(link, event, policy, stamp)
}

/** A good answer while online: only a new boot id is news. */
const remember: Decide = (link, event) => {
  const boot = 'boot' in event ? event.boot : undefined
  if (boot === undefined || boot === link.memory.boot) return [link, []]
  return [{ ...link, memory: { ...link.memory, boot } }, []]
}

/** The probe was told that the server is going: a planned loss at once. */
const notice: Decide = (link, event, policy, stamp) => {
  if (event.type !== 'NOTICE') return [link, []]
  const old = link.memory
  const since = 'since' in link && link.name !== 'online' ? link.since : stamp.now
  const plan: Plan = {
    firstNoticeAt: old.plan?.firstNoticeAt ?? stamp.now,
    noticedAt: stamp.now,
    estimateMs: event.retryAfterMs ?? null,
  }
  const memory: Memory = { ...old, plan, boot: event.boot ?? old.boot }
  if (isDown(link)) {
    const attempt = link.name === 'trying' ? link.attempt + 1 : link.name === 'waiting' ? link.attempt : 1
    const outage = { since, cause: 'planned' as const, attempt }
    return waiting(outage, memory, dueAt(outage, memory, policy, stamp), policy)
  }
  return lost({ ...link, memory }, since, 'planned', policy, stamp)
}

const suspicion: Decide = (link, event, policy, stamp) =>
  event.type === 'SUSPICION' ? suspect(link, event.cause, event.hintMs ?? null, policy, stamp) : [link, []]

/** A hidden page for which nothing waits leaves the network alone until it is seen again. */
const sleeps = (link: LinkState, stamp: Stamp): boolean => link.memory.hiddenAt !== null && !stamp.wanted

/** What a waking does to a link; null: nothing, and it does not count as one that acted. */
type Wake = (link: LinkState, absent: boolean, policy: Policy, stamp: Stamp) => LinkStep | null

/** Each kind of waking acts once in 2 s, and leaves its mark. `absent`: nobody was here for more than 5 s. */
function woken(act: Wake): Decide {
  return (link, event, policy, stamp) => {
    const kind = wakeKind(event)
    if (!kind || sleeps(link, stamp)) return [link, []]
    const last = link.memory.lastWakeAt[kind]
    if (last !== undefined && stamp.now - last < policy.wakeGapMs) return tooSoon(link, event, policy, stamp)
    const lastWakeAt = { ...link.memory.lastWakeAt, [kind]: stamp.now }
    const memory: Memory = { ...link.memory, lastWakeAt, repeatOnce: kind === 'nav-online' }
    const absent = kind === 'wake' || (kind === 'visible' && link.memory.awayMs > policy.hiddenAnewMs)
    return act({ ...link, memory }, absent, policy, stamp) ?? [link, []]
  }
}

/** A return that may not probe at once still ends the slow pace of a hidden page or of a device without network. */
const tooSoon: Decide = (link, _event, policy, stamp) => {
  if (link.name !== 'waiting') return [link, []]
  const at = dueAt(link, link.memory, policy, stamp)
  return waiting(link, link.memory, Math.min(at ?? Infinity, link.nextAttemptAt ?? Infinity), policy)
}

const again = woken((link, _absent, policy, stamp) =>
  isProbing(link) ? probing(link, policy, stamp, true) : null,
)

const proveIfSilent = woken((link, _absent, policy, stamp) =>
  stamp.silentMs > policy.silentMs ? suspect(link, 'timeout', null, policy, stamp) : null,
)

const tryAtOnce = woken((link, absent, policy, stamp) =>
  isDown(link) ? trying(link, absent || link.name === 'stopped', link.memory, policy, stamp) : null,
)

/** The browser says that the device is offline: a hint, proved by one probe. */
const deviceOffline: Decide = (link, _event, policy, stamp) => {
  if (link.name === 'idle') return [link, []]
  if (link.name === 'online') return suspect(link, 'device', null, policy, stamp)
  if (link.cause === 'device') return [link, []]
  if (link.name === 'waiting') return trying({ ...link, cause: 'device' }, false, link.memory, policy, stamp)
  return [{ ...link, cause: 'device' }, []]
}

/** A person asks; once a second. */
const byHand: Decide = (link, _event, policy, stamp) => {
  const last = link.memory.lastManualAt
  if (last !== null && stamp.now - last < policy.manualGapMs) return [link, []]
  const memory: Memory = { ...link.memory, lastManualAt: stamp.now }
  if (link.name === 'online') return suspect({ ...link, memory }, 'server', null, policy, stamp)
  if (link.name === 'connecting') return probing({ ...link, memory }, policy, stamp, true)
  if (link.name === 'waiting' || link.name === 'stopped') return trying(link, true, memory, policy, stamp)
  return [link, []]
}

/** The probe's deadline. */
const deadline: Decide = (link, event, policy, stamp) => {
  const dueAtMs = (link.memory.lastProbeAt ?? 0) + policy.probeTimeoutMs
  if (stamp.now < dueAtMs) return [link, [{ type: 'timer', at: dueAtMs }]]
  const [after, effects] = failed(link, event, policy, stamp)
  return [after, [{ type: 'abort' }, ...effects]]
}

/** An attempt is due, or trying ends. */
const attemptDue: Decide = (link, _event, policy, stamp) => {
  if (link.name !== 'waiting') return [link, []]
  if (link.memory.downVisibleMs >= policy.giveUpAfterMs) return gaveUp(link, link.memory)
  if (sleeps(link, stamp)) return waiting(link, link.memory, null, policy)
  if (link.nextAttemptAt !== null && stamp.now >= link.nextAttemptAt) {
    return trying(link, false, link.memory, policy, stamp)
  }
  return waiting(link, link.memory, link.nextAttemptAt, policy)
}

/** Hidden, or wanted while hidden: attempts at least 15 s apart, and none at all while nothing is wanted. */
const hiddenOrWanted: Decide = (link, _event, policy, stamp) => {
  if (link.name !== 'waiting' || link.memory.hiddenAt === null) return [link, []]
  const earliest = Math.max(stamp.now, (link.memory.lastProbeAt ?? 0) + policy.hiddenGapMs)
  const at = stamp.wanted ? Math.max(link.nextAttemptAt ?? 0, earliest) : null
  return waiting(link, link.memory, at, policy)
}

/** To idle from anywhere. What the browser and the server said is kept; the incident is over. */
const idle: Decide = (link) => {
  const { hiddenAt, navOnline, everOnline, boot, lastWakeAt, lastManualAt } = link.memory
  const memory: Memory = { ...BLANK, hiddenAt, navOnline, everOnline, boot, lastWakeAt, lastManualAt }
  return [{ name: 'idle', memory }, [{ type: 'abort' }, { type: 'no-timer' }]]
}

/** To connecting, with a probe. */
const connect: Decide = (link, event, policy, stamp) => {
  const [{ memory }] = idle(link, event, policy, stamp)
  const cause: Cause | null = memory.navOnline ? null : 'device'
  return probing({ name: 'connecting', since: stamp.now, attempt: 1, cause, memory }, policy, stamp, true)
}

const anywhere: Row = { STOP: idle, GO_OFFLINE: idle, GO_ONLINE: connect }

const up = { PROBE_OK: online, GOOD_ANSWER: goodAnswer, NOTICE: notice, NAV_OFFLINE: deviceOffline }

const probeOut: Row = {
  ...anywhere,
  ...up,
  SUSPICION: same,
  PROBE_FAILED: failed,
  TIMER: deadline,
  RETRY_NOW: same,
  WAKE: again,
  VISIBLE: again,
  NAV_ONLINE: again,
}

/** One row per state, one entry per event: the table of docs/spec/architecture.md. */
export const TABLE: Readonly<Record<LinkName, Row>> = {
  idle: { START: connect, GO_OFFLINE: same, GO_ONLINE: connect },
  connecting: { ...probeOut, RETRY_NOW: byHand },
  online: {
    ...anywhere,
    SUSPICION: suspicion,
    PROBE_OK: remember,
    GOOD_ANSWER: remember,
    NOTICE: notice,
    NAV_OFFLINE: deviceOffline,
    RETRY_NOW: byHand,
    WAKE: proveIfSilent,
    VISIBLE: proveIfSilent,
    NAV_ONLINE: proveIfSilent,
  },
  suspect: probeOut,
  waiting: {
    ...anywhere,
    ...up,
    SUSPICION: same,
    TIMER: attemptDue,
    RETRY_NOW: byHand,
    HIDDEN: hiddenOrWanted,
    WANTED: hiddenOrWanted,
    WAKE: tryAtOnce,
    VISIBLE: tryAtOnce,
    NAV_ONLINE: tryAtOnce,
  },
  trying: probeOut,
  stopped: {
    ...anywhere,
    ...up,
    RETRY_NOW: byHand,
    WAKE: tryAtOnce,
    VISIBLE: tryAtOnce,
    NAV_ONLINE: tryAtOnce,
  },
}
