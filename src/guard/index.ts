/** `holdfast/guard`: one feature of a service that may be slow or broken while the rest is well. */
export { createGuard } from './guard.js'
export type { Answer, Guard, GuardedCallOptions, GuardState } from './guard.js'
export type { CallEnd, CallTally } from './breaker.js'
export type { Judgement } from './judge.js'
export type { DegradeNews, GuardOptions } from './options.js'
