/** What there is to say about the place where the changes are kept, while there is anything. Pure. */
import type { QueueFacts, StandIn } from '../core/facts.js'
import { countKept } from './facts.js'
import type { Message, MessageKey } from './view.js'
import { message } from './words.js'

/** What is the matter, and what it means or what to do about it. */
export interface Note {
  readonly message: Message
  readonly detail: Message
}

/** What is safe, or when the page may be loaded again: not before all is sent, for it alone knows the changes. */
const STAND_INS: Readonly<Record<StandIn, readonly [MessageKey, MessageKey]>> = {
  unavailable: ['store-unavailable', 'kept-in-tab'],
  blocked: ['store-blocked', 'close-older-tab'],
  newer: ['store-newer', 'reload-later'],
}

/**
 * The notes about a queue, the worst first. A browser that keeps nothing is told only while something waits: before
 * that there is nothing to be done about it.
 */
export function notesOf(queue: QueueFacts): readonly Note[] {
  const { standIn, aside = 0, lostAt } = queue
  const notes: Note[] = []
  const note = (key: MessageKey, detail: MessageKey, count?: number) =>
    notes.push({ message: message(key, count === undefined ? {} : { count }), detail: message(detail) })

  if (lostAt != null) note('changes-lost', 'check-latest')
  if (standIn && (standIn !== 'unavailable' || countKept(queue) > 0)) note(...STAND_INS[standIn])
  if (aside > 0) note('changes-aside', 'reload-may-help', aside)
  return notes
}
