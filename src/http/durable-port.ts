/**
 * How a write becomes durable: what http asks of a queue. The queue of `holdfast/queue` fits it by shape, so
 * that neither imports the other.
 */

/** A marked request as data: no functions, no secrets; it may be written to a store as it is. */
export interface RequestPayload {
  /** Lower case: `post`, `put`, `patch` or `delete`. */
  readonly method: string
  /**
   * As the caller gave it; the instance's baseURL is put before it when it is sent. Absolute if the request had
   * a baseURL of its own.
   */
  readonly url: string
  /** The query, as the caller gave it. */
  readonly params?: unknown
  /** The body as it goes over the wire, after the request transforms: fixed from here on. */
  readonly data?: unknown
  /** Only what describes the body and its preconditions: Content-Type, Accept, If-Match. Never a token. */
  readonly headers: Readonly<Record<string, string>>
}

/** What http hands to the queue for one marked request. */
export interface DurableRequest {
  /** The name of the queue's handler that will send it. */
  readonly handler: string
  readonly payload: RequestPayload
  /** What people read in the list of waiting changes. */
  readonly label: string
  /** Actions of one lane keep their order; left out: the queue's default lane. */
  readonly lane?: string
}

/** What http needs of a queue. */
export interface DurablePort {
  /**
   * Accepts the request, sends it when its turn comes, and settles with the outcome: resolves with what the
   * handler returned, rejects when the action was refused, discarded or could not be accepted.
   */
  enqueueRequest(request: DurableRequest): Promise<unknown>
  /** Resolves as soon as it is kept. Only marks with `queuedResult` ask for it. */
  enqueue?(request: DurableRequest): Promise<{ readonly id: string }>
}

/** What the answer to a mark with `queuedResult` carries: the write is kept; nothing is known of the server yet. */
export interface QueuedResult {
  readonly holdfast: {
    /** The id of the action in the queue. */
    readonly queued: string
  }
}

/** What a handler of the queue is called with, as far as http cares. */
export interface SendRequest {
  /** A `RequestPayload`, as it came out of the store: checked before it is sent. */
  readonly payload: unknown
  /** The action's key: the same on every attempt, in every tab. */
  readonly key: string
  /** Aborts when the link is lost or the queue stops; what has not left by then is not sent. */
  readonly signal: AbortSignal
}

/** An answer as it came over the wire, before the response transforms; plain data. */
export interface WireAnswer {
  readonly status: number
  readonly statusText: string
  readonly headers: Readonly<Record<string, string>>
  readonly data: unknown
}
