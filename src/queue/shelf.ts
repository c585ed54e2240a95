/** What is kept of one scope, and what this tab knows of it: store, mirror and the news of other tabs together. */
import type { Clock } from '../core/clock.js'
import { HoldfastError } from '../core/errors.js'
import type { Stop } from '../core/state.js'
import type { Action } from './action.js'
import { broadcastBus, type QueueBus, type QueueNews } from './bus.js'
import { createCanary } from './canary.js'
import { createMirror, type Mirror } from './mirror.js'
import { putBack } from './put-back.js'
import { createReading, type Found } from './reading.js'
import type { QueueStore } from './store.js'
import { createVanished } from './vanished.js'
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
  /** Reads everything again: news may have been missed. Nothing to do where nobody else has the store. */
  reload(): Promise<void>
  close(): void
}

/** Makes a shelf; nothing is opened yet. */
export function createShelf(ports: ShelfPorts): Shelf {
  const { store, scope, clock } = ports
  const mirror = createMirror()
  const canary = createCanary()
  const reading = createReading({ store, scope, clock, mirror, canary })
  const writer = createWriter({
    store,
    scope,
    clock,
    canary,
    putBack: (seen) => putBack({ store, scope, clock, mirror, canary, reading }, seen),
    onCommit(changes) {
      apply(changes)
      bus?.post(toNews(scope, changes))
    },
  })
  const vanished = createVanished(clock, onMissed)
  let opening: Promise<void> | null = null
  let isPersisted = false
  let bus: QueueBus | null = null
  let deafen: Stop | null = null

  const sharedAs = () => (isPersisted ? store.name : null)

  const apply = (changes: Changes) => {
    for (const { action } of changes.put) mirror.put(action)
    for (const { action } of changes.ended) {
      if (mirror.at(action.position)?.id === action.id) mirror.remove(action.position)
    }
    ports.onChange(changes)
  }

  /** Sent elsewhere, or let go: this tab cannot tell, and nothing more will be heard (I13). */
  function onMissed(actions: readonly Action[]): void {
    const ended = actions
      .filter(({ id }) => !mirror.byId(id))
      .map((action) => ({ action, as: { outcome: 'unconfirmed' } as const }))
    if (ended.length > 0) apply({ put: [], ended })
  }

  const take = ({ rows, gone }: Found) => {
    vanished.add(gone)
    ports.onChange({ put: rows.map((action) => ({ action })), ended: [] })
  }

  const reread = async (positions: readonly number[]): Promise<void> => {
    take(await writer.alone(() => reading.some(positions)))
  }

  const hear = ({ scope: whose, changed, ended }: QueueNews) => {
    if (whose !== scope) return
    const known: Changes['ended'] = []
    for (const { position, id, outcome, to } of ended) {
      const there = mirror.at(position)
      const action = there?.id === id ? there : vanished.take(id)
      if (!action) continue
      if (outcome === 'confirmed') known.push({ action, as: { outcome, result: undefined } })
      else if (outcome === 'moved' && to !== undefined) known.push({ action, as: { outcome, to } })
      else known.push({ action, as: { outcome: 'discarded' } })
    }
    if (known.length > 0) apply({ put: [], ended: known })
    if (reading.hear([...changed, ...ended.map(({ position }) => position)])) return
    // A store that cannot be read now is read when something is to be sent.
    if (changed.length > 0) reread(changed).catch(() => {})
  }

  /** Listens first: what others accept while this tab reads is read as well. */
  const open = async (isCurrent: () => boolean): Promise<void> => {
    isPersisted = (await clock.track(store.open(clock))).persisted
    if (!isCurrent()) throw new HoldfastError('stopped')
    listen()
    await writer.alone(async () => {
      mirror.clear()
      await reading.all()
    })
    if (!isCurrent()) throw new HoldfastError('stopped')
    ports.onOpen()
  }

  const listen = () => {
    deafen?.()
    const name = sharedAs()
    bus = ports.bus === undefined && name !== null ? broadcastBus(`holdfast:${name}`) : (ports.bus ?? null)
    deafen = bus?.listen(hear) ?? null
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
    async reload() {
      if (sharedAs() !== null) take(await writer.alone(reading.all))
    },
    close() {
      opening = null
      vanished.stop()
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
