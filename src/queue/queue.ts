/** The durable queue: accepts writes, keeps them, sends them in order, and says what became of each. */
import { HoldfastError } from '../core/errors.js'
import type { FactSource, QueueFacts, Stop } from '../core/state.js'
import type { Action } from './action.js'
import { createHands, type Hands } from './by-hand.js'
import { resultOf } from './durable.js'
import { createDuty } from './duty.js'
import { createEntrance, type Accepted, type ActionRequest } from './entrance.js'
import { createExpiry } from './expire.js'
import { attachFeatures } from './feature.js'
import type { LineRules } from './line-up.js'
import { readQueueOptions, type QueueOptions } from './options.js'
import { createShelf } from './shelf.js'
import { createSignOut, type SignOut } from './sign-out.js'
import { createView } from './view.js'
import type { Settled } from './waiters.js'
import type { Changes } from './writer.js'

/** A queue of one scope. It also is a source of facts for the status. */
export interface Queue extends FactSource, Hands {
  /** What is kept, in order of acceptance; a new array after each change. */
  readonly actions: readonly Action[]
  readonly facts: QueueFacts
  /**
   * Accepts a write: resolves when it is kept (strictly, if the store can), and works before `start()` too.
   * Rejects `bad-action`, `no-handler`, `queue-full`, `storage-full`, `storage-failed`, `unauthorized` (somebody
   * has signed out) or `stopped`; then
   * nothing was accepted.
   */
  enqueue(request: ActionRequest): Promise<Accepted>
  /** The same for http: settles with the outcome. Rejects with what the handler rejected with, where known. */
  enqueueRequest(request: ActionRequest): Promise<unknown>
  /** Calls with the new `actions` after each change, at most once a turn. */
  onChange(listener: (actions: readonly Action[]) => void): Stop
  /** Calls with every action that comes to rest: confirmed, discarded, or in need of a person. */
  onSettled(listener: (settled: Settled) => void): Stop
  /** Loads what is kept and begins to send. Idempotent while running; returns `stop`. */
  start(): Stop
  /** Sends nothing more. What is in flight is aborted, open promises end `stopped`, the actions are kept. */
  stop(): void
  /**
   * The person leaves. At once nothing more is sent; what is in flight is aborted, its outcome unknown. Other tabs
   * of the same person are told, and none of them sends or accepts anything more. When it settles the queue is
   * stopped and shows nothing; `start()` says that the same person has signed in again. For another person make
   * another queue. Rejects if the store refuses, or `save` does: what was to be erased is kept then.
   */
  signOut(how: SignOut): Promise<void>
  /** Lets another tab send (a page that is put aside); the returned function asks to send again. */
  release(): Stop
}

/** Makes a queue. A bad option throws `bad-option`. */
export function createQueue(options: QueueOptions): Queue {
  const policy = readQueueOptions(options)
  const { connection, store, scope, handlers, bus } = policy
  const { clock, random } = connection
  const onSaid = (said: 'free' | 'here') => duty.hear(said)
  const on = { onStore, onPage, onOpen, onChange, onSaid, onOver }
  const shelf = createShelf({ store, scope, clock, bus, ...on })
  const { mirror, writer } = shelf
  const rules = (): LineRules => ({
    now: clock.now(),
    keyLifeMs: policy.keyLifeMs,
    honoursKeys: (name) => handlers.get(name)?.honoursKeys ?? false,
    onFailure: policy.onFailure,
  })
  const view = createView(mirror.rows, rules)
  const features = attachFeatures(policy, mirror.rows, view.waiters.has)
  const duty = createDuty({ policy, shelf, view, features, ready, onChange: refresh, onOver })
  const dueAt = createExpiry({ rows: mirror.rows, writer, clock, onDue: refresh })

  let phase: 'idle' | 'running' | 'stopped' = 'idle'
  let isLooking = false
  let unwant: Stop | null = null

  /** Whose turn it is to send takes as long to find out as what there is to send (P11). */
  function onStore(): void {
    duty.send()
  }

  /** The first ones are sent while the last ones are still being read (P11). */
  function onPage(): void {
    view.takeForGranted()
    refresh()
    duty.send()
  }

  function onOpen(): void {
    features.note({ put: mirror.rows.map((action) => ({ action })), ended: [] }, true)
    view.takeForGranted()
    refresh()
  }

  function onChange(changes: Changes): void {
    features.note(changes)
    view.note(changes)
    refresh()
  }

  /** Once a turn: tells what has changed, and looks for something to do. */
  function refresh(): void {
    view.invalidate()
    if (isLooking) return
    isLooking = true
    void Promise.resolve().then(() => {
      isLooking = false
      if (phase !== 'stopped') look()
    })
  }

  function look(): void {
    view.remember({ pausedUntil: duty.pausedUntil, ...shelf.facts })
    view.tell()
    if (phase !== 'running') return
    if (view.isBusy() && duty.isSender) unwant ??= connection.want()
    else rest()
    dueAt(view.lineUp().changesAt)
    duty.look()
  }

  function rest(): void {
    unwant?.()
    unwant = null
  }

  function stop(): void {
    if (phase === 'stopped') return
    phase = 'stopped'
    duty.stop()
    dueAt(Infinity)
    rest()
    shelf.close()
    view.waiters.stop()
  }

  /** The person has signed out: what is kept is not for the eyes of whoever comes next. */
  function hide(): void {
    stop()
    mirror.clear()
    view.remember({ sent: 0, lastWriteAt: null, pausedUntil: null })
    view.invalidate()
    view.tell()
  }

  /** Sends nothing more, here and (what waits in memory) in http. */
  function leave(): void {
    duty.stop()
    connection.signedOut()
  }

  /** It was said in another tab. */
  function onOver(): void {
    connection.signedOut()
    hide()
  }

  async function ready(): Promise<void> {
    if (phase === 'stopped') throw new HoldfastError('stopped')
    await shelf.open()
  }
  const enqueue = createEntrance({ policy, features, shelf, ready, expect: view.waiters })

  return {
    get actions() {
      return view.actions
    },
    get facts() {
      return view.facts
    },
    enqueue,
    async enqueueRequest(request) {
      const { settled } = await enqueue(request)
      return resultOf(await settled)
    },
    ...createHands({ clock, random, writer, mirror, features, rules, ready }),
    signOut: createSignOut({ shelf, ready, cancel: leave, hide }),
    subscribe: view.subscribe,
    onChange: view.onChange,
    onSettled: view.onSettled,
    start() {
      if (phase === 'running') return stop
      phase = 'running'
      duty.start()
      return stop
    },
    stop,
    release() {
      duty.leave()
      return duty.ask
    },
  }
}
