/** The facts that the machine keeps, and the questions that are asked of them. Pure. */
import type { Cause, ConnectionState, Facts, LinkState, QueueFacts } from '../core/state.js'
import type { StatusPolicy } from './options.js'
import type { PageEvent } from './view.js'

/** What the page does. */
export interface PageFacts {
  /** Typing is over at this instant; 0: nobody types. */
  readonly typingUntil: number
  /** An IME composition is open: that is typing, however long. */
  readonly composing: boolean
  readonly hidden: boolean
  readonly foreignDialog: boolean
  readonly engaged: boolean
}

/** Independent facts: one presentation is derived from them. */
export interface StatusFacts extends Facts {
  readonly connection: ConnectionState
  /** The name of the service that the connection is to; null: a single, unnamed one. */
  readonly service: string | null
  readonly page: PageFacts
}

/** Everything that can happen to the machine. */
export type StatusEvent =
  | {
      readonly type: 'CONNECTION'
      readonly state: ConnectionState
      readonly service: string | null
      /** The page or the device slept, and has just woken. */
      readonly woken?: boolean
    }
  | { readonly type: 'FACTS'; readonly facts: Facts }
  | { readonly type: 'TICK' }
  | PageEvent

/** A queue of which nothing is known. */
export const EMPTY_QUEUE: QueueFacts = /* @__PURE__ */ Object.freeze({
  waiting: 0,
  sending: 0,
  failed: 0,
  conflict: 0,
  unconfirmed: 0,
  blocked: 0,
  sent: 0,
  total: 0,
  oldestAt: null,
  lastWriteAt: null,
  persisted: false,
  pausedUntil: null,
})

/** What is assumed of sources that have not spoken. */
export const NO_FACTS: Facts = { queue: EMPTY_QUEUE, pendingSince: null, held: 0, session: 'kept' }

/** A page on which nothing happens. */
export const STILL_PAGE: PageFacts = {
  typingUntil: 0,
  composing: false,
  hidden: false,
  foreignDialog: false,
  engaged: false,
}

/**
 * The facts after an event. Keys pressed while our own dialog shows are no typing: the page below it is
 * inert, and typing only matters to an opening.
 */
export function factsAfter(
  facts: StatusFacts,
  event: StatusEvent,
  isOurDialogOpen: boolean,
  policy: StatusPolicy,
  now: number,
): StatusFacts {
  const page = (change: Partial<PageFacts>): StatusFacts => ({ ...facts, page: { ...facts.page, ...change } })
  switch (event.type) {
    case 'CONNECTION':
      return { ...facts, connection: event.state, service: event.service }
    case 'FACTS':
      return { ...facts, ...event.facts }
    case 'TYPED':
      return isOurDialogOpen ? facts : page({ typingUntil: now + policy.typingMs })
    case 'COMPOSING':
      if (isOurDialogOpen) return event.on ? facts : page({ composing: false })
      // The last key of a composition is a key.
      return page({ composing: event.on, typingUntil: now + policy.typingMs })
    case 'HIDDEN':
      return page({ hidden: event.hidden })
    case 'FOREIGN_DIALOG':
      return page({ foreignDialog: event.open })
    case 'ENGAGED':
      return page({ engaged: event.engaged })
    default:
      return facts
  }
}

/** Hidden, as the page or the connection's own signals say. */
export function isHidden({ page, connection: { link } }: StatusFacts): boolean {
  return page.hidden || (link.name !== 'idle' && link.memory.hiddenAt !== null)
}

/** Typing or composing (guard G1). */
export function isTyping({ page }: StatusFacts, now: number): boolean {
  return page.composing || now < page.typingUntil
}

/** An attempt is out, or due in this very instant (guard G2). */
export function isInFlight(link: LinkState, now: number): boolean {
  if (link.name === 'waiting') return link.nextAttemptAt !== null && link.nextAttemptAt <= now
  return link.name === 'connecting' || link.name === 'trying' || link.name === 'suspect'
}

/** Why the link is down or suspected; null: it is up, or nothing is known. */
export function causeOf(link: LinkState): Cause | null {
  return 'cause' in link ? link.cause : null
}

/** Changes that will be sent by themselves. */
export const countPending = ({ waiting, sending }: QueueFacts): number => waiting + sending

/** Changes that wait, for the link or for one another. */
export const countWaiting = (queue: QueueFacts): number => countPending(queue) + queue.blocked

/** All that is kept, whatever has become of it. */
export const countKept = (queue: QueueFacts): number =>
  countWaiting(queue) + queue.failed + queue.conflict + queue.unconfirmed

/** Changes that need a person; what only waits for one of those counts if nothing else is left. */
export function countAttention({ failed, conflict, unconfirmed, blocked }: QueueFacts): number {
  return failed + conflict + unconfirmed || blocked
}

/** A durable write waits for longer than is left unsaid. */
export function hasWaitedLong({ queue }: StatusFacts, policy: StatusPolicy, now: number): boolean {
  return queue.oldestAt !== null && now >= queue.oldestAt + policy.syncingBarMs
}

/** A durable write was accepted at or after this instant. */
export function wroteSince({ queue }: StatusFacts, at: number): boolean {
  return queue.lastWriteAt !== null && queue.lastWriteAt >= at
}
