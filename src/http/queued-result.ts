/** A durable write whose caller wants to know at once that it is kept, not what became of it. */
import type { DurablePort, DurableRequest, QueuedResult, WireAnswer } from './durable-port.js'
import { refused } from './single.js'

/** Says so as soon as the queue has it: what becomes of it is read from the queue. */
export async function queuedResultOf(
  request: DurableRequest,
  queue: DurablePort,
): Promise<WireAnswer & QueuedResult> {
  if (!queue.enqueue) throw refused('it asks for a queued result, and its queue cannot say when it is kept')
  const { id } = await queue.enqueue(request)
  return { status: 202, statusText: 'Queued', headers: {}, data: undefined, holdfast: { queued: id } }
}

/** Whether an answer says that the write is kept, not that the server has it (`durable: { queuedResult: true }`). */
export function isQueued<A extends object>(answer: A): answer is A & QueuedResult {
  return typeof (answer as Partial<QueuedResult>).holdfast?.queued === 'string'
}
