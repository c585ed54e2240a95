/** Group commit: whatever is asked for in one turn, or while a transaction runs, shares the next one (P9). */
import type { Clock } from '../core/clock.js'
import { HoldfastError } from '../core/errors.js'
import { transition, type ActionEvent } from './action-state.js'
import type { Action, Ended } from './action.js'
import type { Canary } from './canary.js'
import type { Draft, QueueStore, ScopeMeta } from './store.js'

/** So many jobs share a transaction at most. */
const LARGEST_BATCH = 1_000

/** What a job may do to the actions of the scope. */
export interface Edit {
  /** The action at this place, if the job named it and it is still there. */
  row(position: number): Action | undefined
  /** Replaces it at its place. `error`: what its handler rejected with. */
  put(action: Action, error?: unknown): void
  /** Takes it on by an event; one that does not concern it changes nothing. */
  step(action: Action, event: ActionEvent, error?: unknown): void
  /** Accepts it at the end; returns it with its place. */
  append(action: Action): Action
  /** Takes out what is no action at all. */
  erase(position: number): void
  /** Lets it leave the store; `as`: how it ended, or the id of the action that took its place. */
  end(action: Action, as: Ended | { readonly outcome: 'moved'; readonly to: string }): void
  meta: ScopeMeta
  /** What this transaction has changed so far. */
  readonly changes: Changes
}

/** Something to be done in one transaction. */
export interface Job<Result> {
  /** The places it looks at; a function is asked when the transaction begins. */
  readonly positions?: readonly number[] | (() => readonly number[])
  /** Accepting is strict, marking relaxed (docs/spec/performance.md, P9). Default: relaxed. */
  readonly durability?: 'strict' | 'relaxed'
  /** Also when the person has signed out; otherwise nothing strict is done then. Default: no. */
  readonly evenOver?: true
  /** Decides without waiting. It may throw, before it changes anything: then it alone is rejected. */
  work(edit: Edit): Result
}

/** What a transaction has changed. */
export interface Changes {
  readonly put: { readonly action: Action; readonly error?: unknown }[]
  readonly ended: { readonly action: Action; readonly as: Parameters<Edit['end']>[1] }[]
}

/** Where all writes of a queue go through. */
export interface Writer {
  /** Resolves when the transaction is complete and the queue knows of it. */
  commit<Result>(job: Job<Result>): Promise<Result>
  /** Runs while nothing is being written: what it reads stays true until it is done with it. */
  alone<Result>(task: () => Promise<Result>): Promise<Result>
  /** Resolves when nothing is being written. */
  idle(): Promise<void>
}

interface Waiting {
  readonly job: Job<unknown>
  /** Set by the transaction: hands over the result, or the job's own refusal. */
  done: () => void
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

/** What the writer needs. */
export interface WriterPorts {
  readonly store: QueueStore
  readonly scope: string
  readonly clock: Clock
  readonly canary: Canary
  /** Whether the person has signed out since this tab opened the scope. */
  isOver(meta: ScopeMeta): boolean
  /** The store has been cleared: puts back what is known. `seen`: the last place by the store's account. */
  putBack(seen: number): Promise<Changes>
  /** Hears of every complete transaction before its jobs do. */
  onCommit(changes: Changes): void
}

/** Makes the writer of a scope. */
export function createWriter(ports: WriterPorts): Writer {
  const { store, scope, clock, canary, putBack, onCommit } = ports
  const waiting: Waiting[] = []
  const tasks: (() => Promise<void>)[] = []
  let running: Promise<void> | null = null

  /** Null when it is done; where the store has been cleared, its last place instead, and nothing was done. */
  const write = async (batch: readonly Waiting[]): Promise<number | null> => {
    const durability = batch.some(({ job }) => job.durability === 'strict') ? 'strict' : 'relaxed'
    const positions = [
      ...new Set(
        batch.flatMap(({ job: { positions = [] } }) =>
          typeof positions === 'function' ? positions() : positions,
        ),
      ),
    ]
    let changes: Changes = { put: [], ended: [] }
    const seen = { meta: null as ScopeMeta | null, isCleared: false }
    const work = (draft: Draft) => {
      changes = { put: [], ended: [] }
      seen.isCleared = canary.isDead(draft.meta)
      if (!seen.isCleared) for (const one of batch) runJob(one, createEdit(draft, changes), ports.isOver)
      seen.meta = draft.meta
    }
    await clock.track(store.write({ scope, positions, durability }, work))
    if (seen.isCleared) return seen.meta!.position
    canary.note(seen.meta!)
    onCommit(changes)
    return null
  }

  const flush = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      for (let seen = await write(batch); seen !== null; seen = await write(batch)) {
        onCommit(await putBack(seen))
      }
    } catch (error) {
      for (const { reject } of batch) reject(error)
      return
    }
    for (const { done } of batch) done()
  }

  const run = async (): Promise<void> => {
    await Promise.resolve()
    while (waiting.length > 0 || tasks.length > 0) {
      // By turns: what is read in the background keeps nothing from being sent.
      if (waiting.length > 0) await flush(waiting.splice(0, LARGEST_BATCH))
      await tasks.shift()?.()
    }
    running = null
  }

  return {
    commit: <Result>(job: Job<Result>) =>
      new Promise<Result>((resolve, reject) => {
        waiting.push({ job, done: () => {}, resolve: resolve as (result: unknown) => void, reject })
        running ??= run()
      }),
    alone: <Result>(task: () => Promise<Result>) =>
      new Promise<Result>((resolve, reject) => {
        tasks.push(() => task().then(resolve, reject))
        running ??= run()
      }),
    idle: async () => running ?? undefined,
  }
}

function runJob(one: Waiting, edit: Edit, isOver: WriterPorts['isOver']): void {
  const { durability, evenOver } = one.job
  try {
    if (durability === 'strict' && !evenOver && isOver(edit.meta)) throw new HoldfastError('unauthorized')
    const result = one.job.work(edit)
    one.done = () => one.resolve(result)
  } catch (error) {
    one.done = () => one.reject(error)
  }
}

/** The actions at these places that are still there. */
export function rowsAt(edit: Edit, positions: Iterable<number>): readonly Action[] {
  return [...positions].flatMap((position) => edit.row(position) ?? [])
}

function createEdit(draft: Draft, changes: Changes): Edit {
  const put = (action: Action, error?: unknown) => {
    draft.put(action)
    changes.put.push({ action, error })
  }
  return {
    changes,
    row: (position) => draft.row(position),
    put,
    step(action, event, error) {
      const next = transition(action, event)
      if (next && next !== action) put(next, error)
    },
    append(action) {
      const position = draft.meta.position + 1
      draft.meta = { ...draft.meta, position }
      const placed = { ...action, position }
      put(placed)
      return placed
    },
    erase: (position) => draft.remove(position),
    end(action, as) {
      draft.remove(action.position)
      changes.ended.push({ action, as })
    },
    get meta() {
      return draft.meta
    },
    set meta(meta) {
      draft.meta = meta
    },
  }
}
