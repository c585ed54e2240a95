/** Where writes come in: checked, copied, given their key, and kept before anybody says so. */
import { HoldfastError } from '../core/errors.js'
import { createKey } from '../core/key.js'
import type { Action, Coalesce, Ended } from './action.js'
import type { Features } from './feature.js'
import type { QueuePolicy } from './options.js'
import type { Shelf } from './shelf.js'
import type { Waiters } from './waiters.js'

/** What is handed to `enqueue`. */
export interface ActionRequest {
  /** The name of the handler that sends it. */
  readonly handler: string
  /** Plain data, copied at once; no secrets. */
  readonly payload: unknown
  /** What the person calls it: "Order 4711", not "POST /orders". */
  readonly label: string
  /** Actions of one lane keep their order. Default: `main`, one order for everything. */
  readonly lane?: string
  /** Ids of actions that must be confirmed before. Default: none. */
  readonly after?: readonly string[]
  /** When it fails if it was never sent by then (epoch ms). Default: never. */
  readonly expiresAt?: number
  /** Its Idempotency-Key. Default: a fresh one. */
  readonly key?: string
  /**
   * With `coalescing()`: takes the place of the action of this key, handler and lane that was never sent, and
   * stands at the end of the lane. That one ends `replaced`. One that others name in `after` is left alone.
   */
  readonly coalesce?: Coalesce
  /**
   * With `temporaryIds()`: ids that this action gives to what it makes, of 8 to 100 characters that occur nowhere
   * else (a UUID, say). Where they occur in the payload of a later action, that one waits for this one, and
   * gets the real ids.
   */
  readonly tempIds?: readonly string[]
}

const REQUEST_KEYS = ['handler', 'payload', 'label', 'lane', 'after', 'expiresAt', 'key']
/** Longer texts are a mistake: they are kept, shown and sent with each action. */
const LONGEST_TEXT = 1_000

/** Refuses what cannot be kept: `bad-action`, or `no-handler`. */
function checkRequest(request: ActionRequest, { handlers }: QueuePolicy, parts: readonly string[]): void {
  const { handler, label, lane = 'main', key = '-', after = [], expiresAt = 0 } = request
  const stray = Object.keys(request).find((name) => !REQUEST_KEYS.includes(name) && !parts.includes(name))
  const texts = { handler, label, lane, key, ...Object.fromEntries(after.entries()) }
  const bad = Object.entries(texts).find(([, text]) => typeof text !== 'string' || text.length > LONGEST_TEXT)
  if (stray !== undefined)
    throw new HoldfastError('bad-action', `it has a part ${stray} that nothing in \`features\` knows`)
  if (bad) throw new HoldfastError('bad-action', `${bad[0]} is no text of at most ${LONGEST_TEXT} characters`)
  if (!Number.isFinite(expiresAt)) throw new HoldfastError('bad-action', 'expiresAt is no instant')
  if (!handlers.has(handler)) throw new HoldfastError('no-handler', missing(handler))
}

/** A marked request of http goes to the handler `request`, if its mark names no other. */
function missing(handler: string): string {
  const made = handler === 'request' ? ', made by sendRequest(axios) or sendFetch(fetch)' : ''
  return `give createQueue the option handlers.${handler}${made}`
}

/** What `enqueue` resolves with, once the action is kept. */
export interface Accepted {
  readonly id: string
  readonly key: string
  /** How it came to rest first; never rejects, so that nobody has to listen. */
  readonly settled: Promise<Ended>
}

/** What the entrance needs. */
export interface EntrancePorts {
  readonly policy: QueuePolicy
  readonly features: Features
  readonly shelf: Shelf
  readonly expect: Pick<Waiters, 'expect' | 'forget'>
  /** Resolves when the queue knows its actions; rejects once it is stopped. */
  ready(): Promise<void>
}

/** Makes `enqueue`. Calls of one turn are accepted in their order, in one transaction. */
export function createEntrance(ports: EntrancePorts): (request: ActionRequest) => Promise<Accepted> {
  const { policy, features, shelf, expect, ready } = ports
  const { clock, random } = policy.connection
  /** Being written: they count towards the bounds as well. */
  const coming = { count: 0, bytes: 0 }
  /** Settled when all that came before have been fitted: a file takes a while to be read. */
  let before: Promise<unknown> = Promise.resolve()

  /** At once, so that what the caller changes afterwards changes nothing. */
  const prepare = (request: ActionRequest): Action => {
    checkRequest(request, policy, features.parts)
    const { payload, bytes } = features.copy(request.payload)
    const action: Action = {
      id: createKey(clock, random),
      key: request.key ?? createKey(clock, random),
      handler: request.handler,
      payload,
      lane: request.lane ?? 'main',
      scope: policy.scope,
      label: request.label,
      after: [...(request.after ?? [])],
      createdAt: clock.now(),
      expiresAt: request.expiresAt ?? null,
      position: 0,
      firstSentAt: null,
      attempts: 0,
      claim: null,
      bytes,
      state: { name: 'queued' },
      version: features.version(request.handler),
    }
    return features.prepare(action, request)
  }

  /** In the order of the calls, however long each of them takes. */
  const fit = (action: Action): Promise<Action> => {
    const fitting = features.fit(action)
    const fitted = before.then(async () => ({ ...action, ...(await fitting) }))
    const settled = () => {}
    fitting.catch(settled)
    before = fitted.catch(settled)
    return fitted
  }

  /** Full is a visible refusal, never an eviction (docs/spec/reliability.md, I08). */
  const checkRoom = (bytes: number) => {
    const { mirror } = shelf
    if (mirror.rows.length + coming.count >= policy.maxActions) {
      throw new HoldfastError('queue-full', `maxActions is ${policy.maxActions}`)
    }
    if (mirror.bytes + coming.bytes + bytes > policy.maxBytes) {
      throw new HoldfastError('queue-full', `maxBytes is ${policy.maxBytes}`)
    }
  }

  const keep = async (given: Action): Promise<void> => {
    const action = features.takesFiles ? await fit(given) : given
    await ready()
    checkRoom(action.bytes)
    coming.count += 1
    coming.bytes += action.bytes
    try {
      await shelf.writer.commit({
        durability: 'strict',
        positions: () => features.mergePlaces(action),
        work: (edit) => void edit.append(features.accept(features.merge(action, edit), edit)),
      })
    } finally {
      coming.count -= 1
      coming.bytes -= action.bytes
    }
  }

  return async (request) => {
    const action = prepare(request)
    const { id, key } = action
    const settled = expect.expect(id)
    try {
      await keep(action)
    } catch (error) {
      expect.forget(id)
      throw error
    }
    return { id, key, settled }
  }
}
