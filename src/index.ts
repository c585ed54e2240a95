/** `holdfast`: the connection, what it listens to, and what people are told. */
export { createConnection, type ConnectionOptions } from './core/connection.js'
export { systemClock, systemRandom, type Clock, type Random } from './core/clock.js'
export { HoldfastError, isHoldfastError, type HoldfastErrorCode } from './core/errors.js'
export type { Policy, PolicyOptions } from './core/policy.js'
export {
  exponential,
  fixed,
  linear,
  sequence,
  type ExponentialOptions,
  type Jitter,
  type LinearOptions,
  type Schedule,
  type ScheduleOptions,
} from './core/schedule.js'
export type * from './core/state.js'
export type { Outcome, OutcomeClass } from './core/outcome.js'
export { browserSignals, type BrowserSignalOptions, type SignalWindow } from './signals/browser.js'
export { probe, type ProbeOptions } from './signals/probe.js'
export * from './status/index.js'
