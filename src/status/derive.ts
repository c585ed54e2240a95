/** The view: what is told, from facts and memory. Pure. */
import type { LinkState } from '../core/state.js'
import { causeOf, countPending, isInFlight, type StatusFacts } from './facts.js'
import type { Moment, StatusMemory } from './memory.js'
import { keptMessage, wordsOf } from './words.js'
import type { Phase, StatusView, Surface } from './view.js'

/** When the next attempt is due, of the link or of a queue that was asked to wait; null: none is planned. */
export function dueAt({ connection: { link }, queue }: StatusFacts): number | null {
  if (link.name === 'waiting') return link.nextAttemptAt
  return link.name === 'online' && countPending(queue) > 0 ? queue.pausedUntil : null
}

/** Phases that count down. Not `maintenance`, which names its estimate, nor what waits for a person. */
const COUNTED: readonly Phase[] = ['connecting', 'reconnecting', 'disconnected', 'syncing']

/** The countdown: only for long waits, and not while the device itself is offline (row 23). */
function countdownAt(phase: Phase, { wait }: StatusMemory, { facts, policy, now }: Moment): number | null {
  if (!COUNTED.includes(phase) || wait === null || wait.at <= now) return null
  const isQuiet = causeOf(facts.connection.link) === 'device' || wait.at - wait.from < policy.countdownMs
  return isQuiet ? null : wait.at
}

/** When the server said it would be back. */
export function estimateAt(link: LinkState): number | null {
  const { plan } = link.memory
  return plan?.estimateMs == null ? null : plan.noticedAt + plan.estimateMs
}

/** Puts the view together. */
export function viewOf(memory: StatusMemory, phase: Phase, surface: Surface, moment: Moment): StatusView {
  const { facts, now } = moment
  const { link } = facts.connection
  const { queue, service } = facts
  const kept = keptMessage(moment)
  const nextAttemptAt = countdownAt(phase, memory, moment)
  const estimate = memory.outage ? estimateAt(link) : null
  const isSyncing = phase === 'syncing'
  const isWaiting = memory.outage || isSyncing ? (dueAt(facts) ?? 0) > now : false
  const isTrying = memory.outage !== null && isInFlight(link, now)
  return {
    phase,
    surface,
    ...wordsOf({ phase, surface, memory, moment, kept, nextAttemptAt, estimateAt: estimate }),
    ...(kept && { kept }),
    ...(service !== null && { service }),
    cause: memory.outage ? causeOf(link) : null,
    since: memory.outage?.since ?? null,
    attempt: isTrying ? 'trying' : isWaiting ? 'waiting' : 'none',
    nextAttemptAt,
    estimateAt: estimate,
    queue,
    progress: isSyncing && queue.total > 0 ? queue.sent / queue.total : null,
  }
}
