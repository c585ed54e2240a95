/** What the plugin puts into an application, and how composables find it. */
import { inject, type InjectionKey } from 'vue'
import type { Clock } from '../core/clock.js'
import { badOption, checkKeys } from '../core/errors.js'
import type { Connection } from '../core/state.js'
import type { Status } from '../status/view.js'
import type { QueuePort } from './queue-port.js'
import { createSurfaces, type Surfaces } from './surfaces.js'

/** Options of `createHoldfast` and `provideHoldfast`. */
export interface HoldfastOptions {
  /** One connection for each service, by name; at least one. The first is the default of `useConnection()`. */
  connections: Readonly<Record<string, Connection>>
  /** What people are told, made by `createStatus` from the same connections. */
  status: Status
  /** Where durable writes wait. Default: none; `useQueue()` then throws. */
  queue?: QueuePort
}

/** Everything that the composables and components of one application share. */
export interface HoldfastContext {
  readonly connections: Readonly<Record<string, Connection>>
  readonly status: Status
  readonly queue: QueuePort | null
  /** The first connection's: countdowns and fading run on it. */
  readonly clock: Clock
  /** Who speaks, and where focus falls back to. */
  readonly surfaces: Surfaces
}

/** The injection key of the context. */
export const holdfastKey: InjectionKey<HoldfastContext> = Symbol('holdfast')

/** An option that every composable takes. */
export interface ContextOption {
  /** Default: the one that the plugin or `provideHoldfast` has put there. */
  context?: HoldfastContext
}

/** Puts the parts together; refuses an empty list of connections, and options that it does not know. */
export function createContext(options: HoldfastOptions): HoldfastContext {
  checkKeys('createHoldfast', options, ['connections', 'status', 'queue'])
  const { connections, status, queue = null } = options
  const first = Object.values(connections)[0]
  if (!first?.subscribe) throw badOption('connections', first, 'at least one, by name')
  if (!status) throw badOption('status', status, 'a status')
  return { connections, status, queue, clock: first.clock, surfaces: createSurfaces(status) }
}

/** The context of this application; `bad-option` if nothing was installed. */
export function useHoldfast(options?: ContextOption): HoldfastContext {
  const context = options?.context ?? inject(holdfastKey, null)
  if (!context) throw badOption('createHoldfast', 'not installed', 'app.use(createHoldfast(...)) first')
  return context
}
