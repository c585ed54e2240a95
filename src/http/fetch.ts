/** `holdfast/fetch`: requests of a fetch that outlive an outage. Needs no axios. */
export { attachFetch } from './attach-fetch.js'
export type { AttachedFetch } from './attach-fetch.js'
export { classify } from './classify.js'
export type { Classified } from './classify.js'
export type { DurableMark, HoldfastMark, HoldfastReport } from './config.js'
export type {
  DurablePort,
  DurableRequest,
  QueuedResult,
  RequestPayload,
  SendRequest,
  WireAnswer,
} from './durable-port.js'
export { sendFetch } from './fetch-durable.js'
export type { HoldfastFetch, HoldfastRequestInit } from './fetch-request.js'
export type { Idempotency } from './idempotency.js'
export type { LeaveWindow } from './leave.js'
export type { Decision, Log, LogLine, Why } from './log.js'
export type { HttpOptions, SentHeader } from './options.js'
export { isQueued } from './queued-result.js'
