/** What people are told: one pure machine, and what runs it. */
export { createStatus, type StatusOptions } from './status.js'
export type {
  AnnounceOptions,
  Escalation,
  SlowOptions,
  StatusThresholds,
  UnstableOptions,
} from './options.js'
export type * from './view.js'
