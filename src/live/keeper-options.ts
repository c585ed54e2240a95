/** What a keeper is made with, checked and complete. */
import { badOption, checkKeys, checkNumber } from '../core/errors.js'
import { live } from '../core/schedule.js'
import { adaptive } from './heartbeat.js'
import type { KeeperOptions } from './keeper-state.js'

const KEYS: readonly (keyof KeeperOptions)[] = [
  'connection',
  'routes',
  'request',
  'tell',
  'schedule',
  'dialTimeoutMs',
  'heartbeat',
  'window',
]

/** Checks what was given and fills in the rest. @throws `bad-option` */
export function checkKeeperOptions(options: KeeperOptions): Required<KeeperOptions> {
  checkKeys('keeper', options, KEYS)
  const { connection, routes, request, tell, schedule = live, dialTimeoutMs = 10_000 } = options
  const { heartbeat = adaptive(), window = globalThis.window ?? null } = options
  if (typeof connection?.subscribe !== 'function') {
    throw badOption('keeper.connection', connection, 'a connection, made by createConnection')
  }
  if (typeof routes?.next !== 'function') throw badOption('keeper.routes', routes, 'createRoutes or oneRoute')
  if (typeof request !== 'function') throw badOption('keeper.request', request, 'a function')
  if (typeof tell !== 'function') throw badOption('keeper.tell', tell, 'a function')
  if (typeof schedule?.delay !== 'function') throw badOption('keeper.schedule', schedule, 'a schedule')
  if (heartbeat !== null && typeof heartbeat?.isPong !== 'function') {
    throw badOption('keeper.heartbeat', heartbeat, 'a heartbeat, such as adaptive(), or null')
  }
  if (window !== null && typeof window?.addEventListener !== 'function') {
    throw badOption('keeper.window', window, 'a window, or null')
  }
  checkNumber('keeper.dialTimeoutMs', dialTimeoutMs, 100, 120_000)
  return { connection, routes, request, tell, schedule, dialTimeoutMs, heartbeat, window }
}
