/** What clients send: each id of a user is one event, however often it arrives and by whichever transport. */
import { type Idempotency, fingerprintOf } from '../idempotency.ts'
import { Problem } from '../problem.ts'
import type { EventLog } from './event-log.ts'
import type { FrameFault } from './frames.ts'
import { isTopic, isWritable } from './topics.ts'

/** What came of it: the offset of the event that the id stands for, or why there is none. */
export type Sent =
  | { readonly name: 'sent'; readonly offset: number }
  | { readonly name: 'refused'; readonly code: FrameFault; readonly detail: string }

/** Sends for a user. Synchronous: when it returns, the event is on the disk. */
export type Send = (
  user: string,
  message: { readonly id: string; readonly topic: string; readonly data: unknown },
) => Sent

/** A sender into this log. Ids are kept as long as idempotency keys, and beside them. */
export function createSend(log: EventLog, idempotency: Idempotency): Send {
  return (user, { id, topic, data }) => {
    if (!isTopic(topic))
      return { name: 'refused', code: 'unknown-topic', detail: `There is no topic ${topic}` }
    if (!isWritable(topic))
      return { name: 'refused', code: 'not-writable', detail: `Only the server writes to ${topic}` }
    // The space keeps it apart from keys of requests, which have none.
    const question = { user, key: `send ${id}`, fingerprint: fingerprintOf(JSON.stringify([topic, data])) }
    try {
      const { answer } = idempotency.performNow(question, () => ({
        status: 200,
        body: String(log.append(topic, data)),
      }))
      return { name: 'sent', offset: Number(answer.body) }
    } catch (error) {
      if (error instanceof Problem && error.type === 'key-reused')
        return { name: 'refused', code: 'id-reused', detail: 'This id was used for another message' }
      throw error
    }
  }
}
