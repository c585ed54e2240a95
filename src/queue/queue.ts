/** The durable queue: accepts writes, keeps them, sends them in order, and says what became of each. */
import { sleep } from '../core/clock.js'
import { HoldfastError } from '../core/errors.js'
import { createKey } from '../core/key.js'
import type { FactSource, QueueFacts, Stop } from '../core/state.js'
import type { Action } from './action.js'
import { createHands, type Hands } from './by-hand.js'
import { createDrain, type Drain } from './drain.js'
import { resultOf } from './durable.js'
import { createEntrance, type Accepted, type ActionRequest } from './entrance.js'
import { expire } from './expire.js'
import type { LineRules } from './line-up.js'
import { noRivals, webLocks } from './lock.js'
import { checkOptions, type QueueOptions } from './options.js'
import { createSender, type Sender } from './sender.js'
import { createShelf } from './shelf.js'
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
   * Rejects `bad-action`, `no-handler`, `queue-full`, `storage-full`, `storage-failed` or `stopped`; then
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
  /** Lets another tab send (a page that is put aside); the returned function asks to send again. */
  release(): Stop
}

/** How long to wait before a store that would not be read or written is asked again. */
const AGAIN_MS = 1_000

/** Makes a queue. A bad option throws `bad-option`. */
export function createQueue(options: QueueOptions): Queue {
  const policy = checkOptions(options)
  const { connection, store, scope, handlers } = policy
  const { clock, random } = connection
  const owner = createKey(clock, random)
  const shelf = createShelf({ store, scope, clock, bus: policy.bus, onOpen, onChange })
  const { mirror, writer } = shelf
  const rules = (): LineRules => ({
    now: clock.now(),
    keyLifeMs: policy.keyLifeMs,
    honoursKeys: (name) => handlers.get(name)?.honoursKeys ?? false,
    onFailure: policy.onFailure,
  })
  const view = createView(mirror.rows, rules)

  let phase: 'idle' | 'running' | 'stopped' = 'idle'
  /** Ends with `stop`: whatever was begun before has no effect after it. */
  let life = new AbortController()
  let sender: Sender | null = null
  let drain: Drain | null = null
  let isLooking = false
  let cancelDue: Stop | null = null
  let unwant: Stop | null = null

  function onOpen(): void {
    view.takeForGranted()
    refresh()
  }

  function onChange(changes: Changes): void {
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
    view.remember({ pausedUntil: drain?.pausedUntil ?? null, persisted: shelf.isPersisted })
    view.tell()
    if (phase !== 'running') return
    if (view.isBusy()) sender?.want()
    if (view.isBusy() && sender?.term) unwant ??= connection.want()
    else rest()
    dueAt(view.lineUp().changesAt)
    drain?.pump()
  }

  function rest(): void {
    unwant?.()
    unwant = null
  }

  function dueAt(at: number): void {
    cancelDue?.()
    cancelDue = at === Infinity ? null : clock.setTimeout(onDue, at - clock.now())
  }

  /** An action has expired, or has become too old to be sent again by itself. */
  function onDue(): void {
    refresh()
    expire(mirror.rows, writer, clock).catch(() => {
      if (phase === 'running') dueAt(clock.now() + AGAIN_MS)
    })
  }

  async function begin({ signal }: AbortController): Promise<void> {
    for (let open = false; !open;) {
      open = await shelf.open().then(
        () => true,
        () => false,
      )
      if (!open) await sleep(clock, AGAIN_MS, signal).catch(() => {})
      if (signal.aborted) return
    }
    drain = createDrain({
      ...policy,
      writer,
      sender: () => sender,
      handler: (name) => handlers.get(name),
      heads: () => view.lineUp().heads,
      reread: shelf.reread,
      onChange: refresh,
    })
    ask()
  }

  function ask(): void {
    if (phase !== 'running' || sender) return
    const lock = shelf.sharedAs === null ? noRivals : webLocks(clock)
    sender = createSender({
      clock,
      shelf,
      owner,
      lock: policy.lock === undefined ? lock : policy.lock,
      lockName: `holdfast:${shelf.sharedAs}:${scope}`,
      isInFlight: (position) => drain?.isInFlight(position) ?? false,
      wanted: view.isBusy,
      onChange: refresh,
    })
    refresh()
  }

  function leave(): void {
    sender?.stop()
    sender = null
    refresh()
  }

  function stop(): void {
    if (phase === 'stopped') return
    phase = 'stopped'
    life.abort()
    drain?.stop()
    drain = null
    leave()
    dueAt(Infinity)
    rest()
    shelf.close()
    view.waiters.stop()
  }

  const ready = async (): Promise<void> => {
    if (phase === 'stopped') throw new HoldfastError('stopped')
    await shelf.open()
  }
  const enqueue = createEntrance({ policy, shelf, ready, expect: view.waiters })

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
    ...createHands({ clock, random, writer, mirror, maxActionBytes: policy.maxActionBytes, rules, ready }),
    subscribe: view.subscribe,
    onChange: view.onChange,
    onSettled: view.onSettled,
    start() {
      if (phase === 'running') return stop
      phase = 'running'
      life = new AbortController()
      void begin(life)
      return stop
    },
    stop,
    release() {
      leave()
      return ask
    },
  }
}
