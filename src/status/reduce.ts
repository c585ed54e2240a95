/**
 * The second machine: (state, event, policy, now) -> state. Facts first, then the small memory, then the
 * phase by precedence, the surface, the words, and what is spoken. The table in docs/spec/ux.md, 1.3, is its
 * test, not its code.
 */
import type { ConnectionState } from '../core/state.js'
import { followAftermath, followSlow } from './aftermath.js'
import { speak, SILENT, voiceDueAt, type Voice } from './announce.js'
import { dueAt, viewOf } from './derive.js'
import { factsAfter, isHidden, NO_FACTS, STILL_PAGE, type StatusEvent, type StatusFacts } from './facts.js'
import { BLANK_MEMORY, isDialog, isShown, type Moment, type StatusMemory } from './memory.js'
import { nextOf } from './next.js'
import type { StatusPolicy } from './options.js'
import { followOutage } from './outage.js'
import { phaseOf } from './phase.js'
import { followDialog, surfaceOf } from './surface.js'
import type { Announcement, StatusView } from './view.js'

/** Everything the machine is. */
export interface StatusState {
  readonly facts: StatusFacts
  readonly memory: StatusMemory
  readonly voice: Voice
  readonly view: StatusView
  /** What is to be spoken because of the last event. */
  readonly spoken: readonly Announcement[]
  /** When something can change by itself; null: only an event changes anything. */
  readonly nextAt: number | null
}

/** The machine before its first event: it knows the connection, and has shown nothing. */
export function initialStatus(
  connection: ConnectionState,
  service: string | null,
  policy: StatusPolicy,
  now: number,
): StatusState {
  const facts: StatusFacts = { ...NO_FACTS, connection, service, page: STILL_PAGE }
  const moment = { event: { type: 'TICK' }, facts, before: facts, policy, now, isReturn: false } as const
  const nothing = viewOf(BLANK_MEMORY, 'online', 'none', {
    ...moment,
    shown: { surface: 'none' } as StatusView,
  })
  const blank = { facts, memory: BLANK_MEMORY, voice: SILENT, view: nothing, spoken: [], nextAt: null }
  return reduce(blank, { type: 'TICK' }, policy, now)
}

/** One step. Pure: an event at an instant always gives the same state. */
export function reduce(
  state: StatusState,
  event: StatusEvent,
  policy: StatusPolicy,
  now: number,
): StatusState {
  const { view: shown, memory: before } = state
  const facts = factsAfter(state.facts, event, isDialog(shown), policy, now)
  const moment: Moment = {
    event,
    facts,
    before: state.facts,
    shown,
    policy,
    now,
    isReturn: isReturn(state, facts, policy, now),
  }
  const followed = followOutage(followPage(before, moment), moment)
  const isHeld = isDialogHeld(followed, moment)
  const slowed = followSlow(followAftermath(dismissed(followed, moment), moment, isHeld), moment)
  const phase = phaseOf(slowed, facts, policy)
  const told = followDialog(followWait(slowed, moment), phase, moment)
  const surface = surfaceOf(told, phase, moment)

  const isKept =
    (isHeld && !isDialog({ surface })) ||
    (surface === 'none' && isShown(shown) && now < (before.surfaceSince ?? now) + policy.minSurfaceMs)
  const view = isKept ? shown : viewOf(told, phase, surface, moment)
  const memory = remembered(told, before, view, isKept, now)
  const [voice, spoken] = speak(state.voice, { before, memory, view, moment })
  const nextAt = nextOf(memory, view, moment, [
    isKept && (memory.surfaceSince ?? now) + policy.minSurfaceMs,
    isKept && isHeld && (memory.dialogSince ?? now) + policy.minSurfaceMs,
    ...voiceDueAt(voice, policy),
  ])
  return { facts: released(facts, view), memory, voice, view, spoken, nextAt }
}

/** Somebody is back: the page was hidden for long, or the timer came so late that the device slept. */
function isReturn({ memory, nextAt }: StatusState, facts: StatusFacts, policy: StatusPolicy, now: number) {
  const isBack = memory.hiddenAt !== null && !isHidden(facts) && now > memory.hiddenAt + policy.awayMs
  return isBack || (nextAt !== null && now > nextAt + policy.awayMs)
}

function followPage(memory: StatusMemory, { facts, now }: Moment): StatusMemory {
  const hidden = isHidden(facts)
  if (hidden === (memory.hiddenAt !== null)) return memory
  return hidden ? { ...memory, hiddenAt: now } : { ...memory, hiddenAt: null, shownAt: now }
}

/** "Keep working" is for the incident, here or in another tab; the x of a hint is for what it tells. */
function dismissed(memory: StatusMemory, { event, facts, shown }: Moment): StatusMemory {
  if (event.type !== 'DISMISS') return memory
  if (memory.outage && memory.incident) {
    return { ...memory, incident: { ...memory.incident, isDismissed: true } }
  }
  if (shown.phase === 'attention') {
    return { ...memory, lossSeen: facts.queue.lostAt ?? null, versionSeen: facts.newVersionAt ?? null }
  }
  return memory.slow ? { ...memory, slow: { ...memory.slow, isDismissed: true } } : memory
}

/** A dialog that has just opened is not taken away at once, except by a person or by another dialog. */
function isDialogHeld(memory: StatusMemory, { event, facts, shown, policy, now }: Moment): boolean {
  if (!isDialog(shown) || memory.dialogSince === null) return false
  if (event.type === 'DISMISS' || isHidden(facts) || facts.page.foreignDialog) return false
  return facts.connection.intent === 'online' && now < memory.dialogSince + policy.minSurfaceMs
}

function followWait(memory: StatusMemory, { facts, now }: Moment): StatusMemory {
  const at = dueAt(facts)
  if (at === (memory.wait?.at ?? null)) return memory
  return { ...memory, wait: at === null ? null : { at, from: now } }
}

function remembered(
  memory: StatusMemory,
  before: StatusMemory,
  view: StatusView,
  isKept: boolean,
  now: number,
): StatusMemory {
  const surfaceSince = isShown(view) ? (before.surfaceSince ?? now) : null
  if (!isKept || !isDialog(view)) return { ...memory, surfaceSince }
  return { ...memory, surfaceSince, dialogSince: before.dialogSince }
}

/** What is gone cannot be engaged: a removed element sends no leave. */
function released(facts: StatusFacts, view: StatusView): StatusFacts {
  if (isShown(view) || !facts.page.engaged) return facts
  return { ...facts, page: { ...facts.page, engaged: false } }
}
