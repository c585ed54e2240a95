/** What is kept of one scope, and what this tab knows of it: store, mirror and the news of other tabs together. */
import type { Clock } from '../core/clock.js'
import { HoldfastError } from '../core/errors.js'
import type { Stop } from '../core/state.js'
import { isAction } from './action.js'
import { broadcastBus, type QueueBus, type QueueNews } from './bus.js'
import { createMirror, type Mirror } from './mirror.js'
import type { QueueStore } from './store.js'
import { createWriter, type Changes, type Writer } from './writer.js'

/** What the shelf needs. */
export interface ShelfPorts {
  readonly store: QueueStore
  readonly scope: string
  readonly clock: Clock
  /** null: no news; undefined: BroadcastChannel, if tabs can share the store. */
  readonly bus: QueueBus | null | undefined
  /** All rows are known. */
  onOpen(): void
  /** A transaction is complete here, or was in another tab. */
  onChange(changes: Changes): void
}

/** A kept scope. */
export interface Shelf {
  readonly mirror: Mirror
  readonly writer: Writer
  readonly isPersisted: boolean
  /** The name that tabs share it under; null: only this tab has it. */
  readonly sharedAs: string | null
  /** Opens and loads, once; tries again after a failure. */
  open(): Promise<void>
  /** Another tab has changed these places, or the store knows better. */
  reread(positions: readonly number[]): Promise<void>
  close(): void
}

/** Makes a shelf; nothing is opened yet. */
export function createShelf(ports: ShelfPorts): Shelf {
  const { store, scope, clock } = ports
  const mirror = createMirror()
  const writer = createWriter(store, scope, clock, (changes) => {
    apply(changes)
    bus?.post(toNews(scope, changes))
  })
  let opening: Promise<void> | null = null
  let isPersisted = false
  let bus: QueueBus | null = null
  let deafen: Stop | null = null

  const sharedAs = () => (isPersisted ? store.name : null)

  const apply = (changes: Changes) => {
    for (const { action } of changes.put) mirror.put(action)
    for (const { action } of changes.ended) mirror.remove(action.position)
    ports.onChange(changes)
  }

  const reread = async (positions: readonly number[]): Promise<void> => {
    const rows = await clock.track(store.read(scope, positions))
    rows.forEach((row, index) => {
      if (!isAction(row, scope)) mirror.remove(positions[index]!)
    })
    apply({ put: rows.flatMap((row) => (isAction(row, scope) ? [{ action: row }] : [])), ended: [] })
  }

  const hear = ({ scope: whose, changed, ended }: QueueNews) => {
    if (whose !== scope) return
    const known: Changes['ended'] = []
    for (const { position, id, outcome, to } of ended) {
      const action = mirror.at(position)
      if (action?.id !== id) continue
      if (outcome === 'confirmed') known.push({ action, as: { outcome, result: undefined } })
      else if (outcome === 'moved' && to !== undefined) known.push({ action, as: { outcome, to } })
      else known.push({ action, as: { outcome: 'discarded' } })
    }
    apply({ put: [], ended: known })
    // A store that cannot be read now is read when something is to be sent.
    reread(changed).catch(() => {})
  }

  const open = async (isCurrent: () => boolean): Promise<void> => {
    isPersisted = (await clock.track(store.open(clock))).persisted
    mirror.clear()
    const rows: unknown[] = []
    await clock.track(store.load(scope, (page) => void rows.push(...page)))
    if (!isCurrent()) throw new HoldfastError('stopped')
    for (const row of rows) if (isAction(row, scope)) mirror.put(row)
    const name = sharedAs()
    bus = ports.bus === undefined && name !== null ? broadcastBus(`holdfast:${name}`) : (ports.bus ?? null)
    deafen = bus?.listen(hear) ?? null
    ports.onOpen()
  }

  return {
    mirror,
    writer,
    get isPersisted() {
      return isPersisted
    },
    get sharedAs() {
      return sharedAs()
    },
    open() {
      if (opening) return opening
      const own: Promise<void> = open(() => opening === own).catch((error: unknown) => {
        if (opening === own) opening = null
        throw error
      })
      return (opening = own)
    },
    reread,
    close() {
      opening = null
      deafen?.()
      deafen = bus = null
      // What has been handed over is still written.
      void writer.idle().then(() => {
        if (!opening) store.close()
      })
    },
  }
}

function toNews(scope: string, { put, ended }: Changes): QueueNews {
  return {
    scope,
    changed: put.map(({ action }) => action.position),
    ended: ended.map(({ action: { position, id }, as }) => ({
      position,
      id,
      outcome: as.outcome,
      ...(as.outcome === 'moved' ? { to: as.to } : {}),
    })),
  }
}
