/** What a queue can do beyond the basics: given to it as values, so that nobody loads what he does not use. */
import type { Action } from './action.js'
import type { ActionRequest } from './entrance.js'
import type { Answer, Handler, HandlerHooks } from './handler.js'
import type { QueuePolicy } from './options.js'
import { takePayload, type Taken } from './payload.js'
import type { Changes, Edit } from './writer.js'

/** What a feature may ask the queue. */
export interface FeatureHost {
  /** What is kept, in order, as this tab knows it. */
  readonly rows: readonly Action[]
  readonly maxActionBytes: number
  handler(name: string): Handler | undefined
  /** Of new payloads for this handler. */
  version(handler: string): number
  /** Whether it was enqueued in this page, and has not come to rest since. */
  isOwn(id: string): boolean
  /** A payload that was handed over, copied and measured at once; throws `bad-action`. */
  copy(payload: unknown): Taken
  /** The copy as it can be kept. */
  fit(taken: Taken): Promise<Taken>
  /** A payload as handlers see it, of a copy of what is kept. */
  hand(payload: unknown): unknown
}

/** How a conflict goes on: a person is asked, the action is let go, or it goes again, changed like this. */
export type Resolved = 'ask' | 'theirs' | Partial<Action>

/** What a feature does in one queue, each at its moment. */
export interface FeatureWork {
  /** A new action, before it is kept: adds what is to be kept of the request, or throws `bad-action`. */
  prepare?(action: Action, request: ActionRequest): Action
  /** A new payload: what cannot be kept as it is, turned into what can. */
  fit?(taken: Taken): Promise<Taken>
  /** The places that `merge` looks at. */
  mergePlaces?(action: Action): readonly number[]
  /** While it is being accepted, in the transaction. It may throw, before it changes anything. */
  merge?(action: Action, edit: Edit): Action
  /** The same, when all have merged; also for one that a person has changed. */
  accept?(action: Action, edit: Edit): Action
  /** While it is being claimed for its first sending. Throws if no request can be made of it. */
  claim?(row: Action, edit: Edit): Action
  /** What the handler gets instead of what is kept; a copy that it may change. Throws if it is damaged. */
  hand?(payload: unknown): unknown
  /** The places that `confirmed` looks at. */
  confirmedPlaces?(action: Action): readonly number[]
  /** The server has confirmed it: in the transaction that takes it out. Never throws. */
  confirmed?(row: Action, result: unknown, edit: Edit): void
  /** What becomes of a conflict; undefined: no answer from here. */
  resolve?(action: Action, answer: Answer, signal: AbortSignal): Promise<Resolved | undefined>
  /** Something has changed, here or in another tab; `all`: these are all there are. */
  note?(changes: Changes, all?: true): void
}

/** A feature, to be given to `createQueue` in `features`. */
export interface QueueFeature {
  /** The parts of a request that it understands. */
  readonly parts?: readonly (keyof ActionRequest)[]
  /** The hooks of handlers that it calls. */
  readonly hooks?: readonly (keyof HandlerHooks)[]
  /** Payloads may hold blobs and files: `fit` sees to them. */
  readonly takesFiles?: true
  /** Refuses a bad hook: `bad-option`. `option`: how the handler is called in the message. */
  check?(handler: Handler, option: string): void
  attach(host: FeatureHost): FeatureWork
}

/** All features of a queue as one. */
export type Features = ReturnType<typeof attachFeatures>

/** Attaches them, in the order in which they were given; `rows` is the mirror's own list and always current. */
export function attachFeatures(
  { features, handlers, maxActionBytes }: Pick<QueuePolicy, 'features' | 'handlers' | 'maxActionBytes'>,
  rows: readonly Action[],
  isOwn: FeatureHost['isOwn'],
) {
  const takesFiles = features.some((feature) => feature.takesFiles)
  const handler = (name: string) => handlers.get(name)
  const host: FeatureHost = {
    rows,
    isOwn,
    maxActionBytes,
    handler,
    version: (name) => handler(name)?.versions?.at(-1) ?? 1,
    copy: (payload) => takePayload(payload, maxActionBytes, takesFiles),
    async fit(taken) {
      let fitted = taken
      for (const work of works) fitted = (await work.fit?.(fitted)) ?? fitted
      return fitted
    },
    hand: (payload) => works.reduce((kept, work) => (work.hand ? work.hand(kept) : kept), payload),
  }
  const works = features.map((feature) => feature.attach(host))
  const places = (name: 'mergePlaces' | 'confirmedPlaces') => (action: Action) =>
    works.flatMap((work) => work[name]?.(action) ?? [])
  const change = (name: 'merge' | 'accept' | 'claim') => (action: Action, edit: Edit) =>
    works.reduce((row, work) => work[name]?.(row, edit) ?? row, action)
  return {
    ...host,
    parts: features.flatMap(({ parts = [] }) => parts) as readonly string[],
    takesFiles,
    prepare: (action: Action, request: ActionRequest) =>
      works.reduce((row, work) => work.prepare?.(row, request) ?? row, action),
    mergePlaces: places('mergePlaces'),
    merge: change('merge'),
    accept: change('accept'),
    claim: change('claim'),
    confirmedPlaces: places('confirmedPlaces'),
    confirmed(row: Action, result: unknown, edit: Edit) {
      for (const work of works) work.confirmed?.(row, result, edit)
    },
    async resolve(action: Action, answer: Answer, signal: AbortSignal) {
      for (const work of works) {
        const resolved = await work.resolve?.(action, answer, signal)
        if (resolved) return resolved
      }
      return 'ask' as const
    },
    note(changes: Changes, all?: true) {
      for (const work of works) work.note?.(changes, all)
    },
  }
}
