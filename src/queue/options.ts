/** What a queue may be told, and the refusal of what it may not. */
import { badOption } from '../core/errors.js'
import { having, isObject, listOf, number, optional, orNull, readOptions } from '../core/options.js'
import { text, thatIs, type Reader } from '../core/options.js'
import type { Schedule } from '../core/schedule.js'
import type { Connection } from '../core/state.js'
import type { QueueBus } from './bus.js'
import type { QueueFeature } from './feature.js'
import type { Handler, HandlerHooks, Sending } from './handler.js'
import type { LockPort } from './lock.js'
import type { QueueStore } from './store.js'

/** A handler, or only its `send`: then keys are taken as not honoured. */
export type HandlerOption = Handler | ((sending: Sending) => Promise<unknown>)

/** Options of `createQueue`. */
export interface QueueOptions {
  /** Whose verdict is waited for, and whose clock and chance are used. */
  connection: Connection
  /** Where actions are kept: `indexedDbStore()` outlives the page, `memoryStore()` does not. */
  store: QueueStore
  /** Whose actions these are, a user's id say. Actions of other scopes are neither shown nor sent. */
  scope: string
  /** Who sends what, by name. A name that is stored must be kept as long as such actions may exist. */
  handlers: Readonly<Record<string, HandlerOption>>
  /**
   * What it can do beyond the basics, of `coalescing()`, `optimistic()`, `resolving()`, `temporaryIds()` and
   * `attachments()`; all tabs that share a queue have the same. Default: none.
   */
  features?: readonly QueueFeature[]
  /**
   * What the successors of a failed action do, for all lanes or by lane: `skip` it (those that name it in
   * `after` wait nevertheless) or wait behind it (`block`). Default: `skip`.
   */
  onFailure?: 'skip' | 'block' | Readonly<Record<string, 'skip' | 'block'>>
  /**
   * How many lanes send at the same time. After a loss, and after the server has asked to wait,
   * it is 1, and one more with each good answer: 1, 2, 4 side by side. Default: 4 (own; browsers open 6
   * connections to a host).
   */
  parallel?: number
  /**
   * Milliseconds before an action with an unknown or overloaded answer is sent again while the link is up.
   * Default: 1, 2, 4, 8, 16 s, each × U(0.5, 1): the article's delays, spread but never at once.
   */
  retry?: Pick<Schedule, 'delay'>
  /** How often, while the link is up, before a person has to decide. Default: 5 (the article, chapter 1). */
  maxRetries?: number
  /** Milliseconds after which a sending is aborted and its outcome unknown. Default: 120 000, as `holdMs` of http. */
  sendTimeoutMs?: number
  /** How long after its first sending an action is sent again by itself, in ms. Default: 23 h, below the key's 24. */
  keyLifeMs?: number
  /** How many actions are kept at most; more are refused `queue-full`. Default: 10 000 (docs/spec/reliability.md, I08). */
  maxActions?: number
  /** The largest payload, estimated, in bytes; a larger one is a `bad-action`. Default: 262 144. */
  maxActionBytes?: number
  /** All payloads together, in bytes; more are refused `queue-full`. Default: 67 108 864. */
  maxBytes?: number
  /** Decides which tab sends; null: a lease in the store. Default: Web Locks, or the lease where there are none. */
  lock?: LockPort | null
  /** How tabs tell each other of changes; null: not at all. Default: BroadcastChannel. */
  bus?: QueueBus | null
}

/** Hooks that are called only by a feature. */
const HOOKS: readonly (keyof HandlerHooks)[] = [
  'merges',
  'apply',
  'rollback',
  'rehydrate',
  'idsOf',
  'resolve',
]

const HOUR_MS = 3_600_000
const MEBIBYTE = 2 ** 20

const DEFAULT_RETRY: Pick<Schedule, 'delay'> = {
  delay: (step, roll) => Math.min(16_000, 1_000 * 2 ** step) * (0.5 + roll / 2),
}

const OPTIONS = {
  connection: having<Connection>('subscribe', 'a connection, made by createConnection'),
  store: having<QueueStore>('write', 'a store: indexedDbStore() or memoryStore()'),
  scope: text(),
  handlers: thatIs<Readonly<Record<string, HandlerOption>>>('handlers by name', isObject),
  features: listOf(having<QueueFeature>('attach', 'a feature, such as coalescing()'), []),
  onFailure: thatIs<'skip' | 'block' | Readonly<Record<string, 'skip' | 'block'>>>(
    '"skip", "block", or these by lane',
    (given) =>
      (isObject(given) ? Object.values(given) : [given]).every((one) => one === 'skip' || one === 'block'),
    'skip',
  ),
  parallel: number(1, 100, 4),
  retry: having('delay', 'a schedule', DEFAULT_RETRY),
  maxRetries: number(0, 1_000, 5),
  sendTimeoutMs: number(1, HOUR_MS, 120_000),
  keyLifeMs: number(1, 8_760 * HOUR_MS, 23 * HOUR_MS),
  maxActions: number(1, 1_000_000, 10_000),
  maxActionBytes: number(1, 1_024 * MEBIBYTE, MEBIBYTE / 4),
  maxBytes: number(1, 65_536 * MEBIBYTE, 64 * MEBIBYTE),
  lock: optional(orNull(having<LockPort>('hold', 'a lock, or null'), () => null)),
  bus: optional(orNull(having<QueueBus>('post', 'a bus, or null'), () => null)),
} satisfies Record<keyof QueueOptions, Reader<unknown>>

/** The options, complete. */
export type QueuePolicy = ReturnType<typeof readQueueOptions>

/** Completes the options; a bad one throws `bad-option`. */
export function readQueueOptions(options: QueueOptions) {
  const read = readOptions('createQueue', options, OPTIONS)
  const { handlers, features, onFailure } = read
  return {
    ...read,
    handlers: new Map(
      Object.entries(handlers).map(([name, handler]) => [name, checkHandler(name, handler, features)]),
    ),
    onFailure: (lane: string) => (typeof onFailure === 'string' ? onFailure : (onFailure[lane] ?? 'skip')),
  }
}

function checkHandler(name: string, handler: HandlerOption, features: readonly QueueFeature[]): Handler {
  const option = `createQueue.handlers.${name}`
  if (typeof handler === 'function') return { send: handler }
  if (typeof handler?.send !== 'function' || typeof (handler.honoursKeys ?? false) !== 'boolean')
    throw badOption(option, handler, 'a function, or { send: function, honoursKeys?: boolean }')
  const { versions } = handler
  if (versions && !(versions.length && versions.every(Number.isSafeInteger)))
    throw badOption(`${option}.versions`, versions, 'whole numbers, at least one')
  for (const hook of HOOKS) {
    if (hook in handler && !features.some(({ hooks }) => hooks?.includes(hook)))
      throw badOption(`${option}.${hook}`, 'a hook that nobody calls', 'hooks of what is in `features`')
  }
  for (const feature of features) feature.check?.(handler, option)
  return handler
}
