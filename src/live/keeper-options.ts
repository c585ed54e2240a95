/** What a keeper is made with, checked and complete. */
import { live } from '../core/schedule.js'
import { adaptive } from './heartbeat.js'
import type { KeeperOptions } from './keeper-state.js'
import { checkOptions, givenOf, CONNECTION, HEARTBEAT, SCHEDULE, WINDOW, type Rules } from './rules.js'

const RULES: Rules<KeeperOptions> = {
  connection: CONNECTION,
  routes: ['next', 'createRoutes or oneRoute'],
  request: ['call', 'a function'],
  tell: ['call', 'a function'],
  schedule: SCHEDULE,
  dialTimeoutMs: [100, 120_000],
  heartbeat: HEARTBEAT,
  window: WINDOW,
}

/** Checks what was given and fills in the rest. @throws `bad-option` */
export function checkKeeperOptions(options: KeeperOptions): Required<KeeperOptions> {
  checkOptions('keeper', options, RULES)
  const byDefault = {
    schedule: live,
    dialTimeoutMs: 10_000,
    heartbeat: adaptive(),
    window: globalThis.window ?? null,
  }
  return { ...byDefault, ...givenOf(options) }
}
