/** Where actions are kept: the port, and the store that forgets with the page. */
import type { Clock } from '../core/clock.js'
import type { StandIn } from '../core/facts.js'
import type { Action, Claim } from './action.js'

/** What a scope remembers beside its actions. */
export interface ScopeMeta {
  /** The last place that was given out. */
  readonly position: number
  /** Who sends; its number guards against a sender that slept. null: nobody has yet. */
  readonly sender: Claim | null
  /** Until when the sender holds on, where there are no locks (epoch ms). */
  readonly senderUntil: number
  /** The last real ids, by the temporary ones whose place they took. Absent: none. */
  readonly realIds?: Readonly<Record<string, string | number>>
  /** How often its person has signed out; whoever opened it before the last time is over. Absent: never. */
  readonly signOuts?: number
}

/** What a transaction sees, and changes. It lives only as long as the work. */
export interface Draft {
  /** The action at this place, if it was asked for and is still there. */
  row(position: number): Action | undefined
  put(action: Action): void
  remove(position: number): void
  meta: ScopeMeta
}

/** What a transaction is about. */
export interface Transaction {
  readonly scope: string
  /** The places that the work will look at. */
  readonly positions: readonly number[]
  /** `strict`: complete means on the disk. `relaxed`: complete means handed to the system. */
  readonly durability: 'strict' | 'relaxed'
}

/** A part of a scope. */
export interface PlaceRange {
  /** Only what stands behind this place. */
  readonly after: number
  /** So many rows at most. */
  readonly most: number
}

/** Everything. */
export const ALL_PLACES: PlaceRange = { after: -1, most: Infinity }

/** A place that keeps actions, in order, for each scope. Two stand ready; another one may be written. */
export interface QueueStore {
  /** Names the lock and the channel that tabs share; null: nobody else can see this store. */
  readonly name: string | null
  /**
   * Opens it, or what stands in for it (`standIn` says why). Never rejects; calling it again does no harm.
   */
  open(clock: Clock): Promise<{ readonly persisted: boolean; readonly standIn?: StandIn }>
  /** Hands over the rows of a scope in order, a page at a time: all of them, or those of the range. */
  load(scope: string, take: (page: readonly unknown[]) => void, range?: PlaceRange): Promise<void>
  /** The rows at these places; undefined where there is none. */
  read(scope: string, positions: readonly number[]): Promise<readonly unknown[]>
  /**
   * One transaction: reads, lets the work decide without waiting, writes. Resolves when it is complete;
   * rejects `storage-full` or `storage-failed`, and then nothing has changed.
   */
  write(about: Transaction, work: (draft: Draft) => void): Promise<void>
  close(): void
}

/** The beginning of a scope. */
export const NEW_SCOPE: ScopeMeta = { position: 0, sender: null, senderUntil: 0 }

/** Collects what the work changes, so that a store writes it only if the work came to its end. */
export function createDraft(rows: ReadonlyMap<number, Action>, meta: ScopeMeta) {
  const changes = new Map<number, Action | null>()
  const draft: Draft = {
    row: (position) => (changes.has(position) ? changes.get(position) : rows.get(position)) ?? undefined,
    put: (action) => void changes.set(action.position, action),
    remove: (position) => void changes.set(position, null),
    meta,
  }
  return { draft, changes }
}

/** A store that lives as long as the object: for tests, for servers, and where nothing else can be had. */
export function memoryStore(): QueueStore {
  const scopes = new Map<string, { rows: Map<number, Action>; meta: ScopeMeta }>()
  const of = (scope: string) => {
    const kept = scopes.get(scope) ?? { rows: new Map<number, Action>(), meta: NEW_SCOPE }
    scopes.set(scope, kept)
    return kept
  }
  return {
    name: null,
    open: async () => ({ persisted: false }),
    async load(scope, take, { after, most } = ALL_PLACES) {
      const rows = [...of(scope).rows.values()].filter(({ position }) => position > after)
      take(rows.sort((a, b) => a.position - b.position).slice(0, most))
    },
    async read(scope, positions) {
      return positions.map((position) => of(scope).rows.get(position))
    },
    async write({ scope }, work) {
      const kept = of(scope)
      const { draft, changes } = createDraft(kept.rows, kept.meta)
      work(draft)
      for (const [position, action] of changes) {
        if (action) kept.rows.set(position, action)
        else kept.rows.delete(position)
      }
      kept.meta = draft.meta
    },
    close() {},
  }
}
