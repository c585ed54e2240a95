/** `holdfast/http`: requests of an axios instance that outlive an outage. */
export { attachHttp } from './attach-axios.js'
export type { AttachedHttp } from './attach-axios.js'
export { classify } from './classify.js'
export type { Classified } from './classify.js'
export type { DurableMark, HoldfastMark, HoldfastReport } from './config.js'
export { sendRequest } from './durable.js'
export type {
  DurablePort,
  DurableRequest,
  QueuedResult,
  RequestPayload,
  SendRequest,
  WireAnswer,
} from './durable-port.js'
export type { Idempotency } from './idempotency.js'
export type { LeaveWindow } from './leave.js'
export type { Decision, Log, LogLine, Why } from './log.js'
export type { HttpOptions, SentHeader } from './options.js'
export { isQueued } from './queued-result.js'
