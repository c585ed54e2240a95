/** What is kept of one scope, and what this tab knows of it: store, mirror and the news of other tabs together. */
import type { Clock } from '../core/clock.js'
import { HoldfastError } from '../core/errors.js'
import type { Stop } from '../core/state.js'
import type { Action } from './action.js'
import { broadcastBus, type QueueBus, type Said } from './bus.js'
import { createCanary, signOutsOf } from './canary.js'
import { BLANK_STORAGE, type StorageFacts } from './facts.js'
import { createLoss } from './loss.js'
import { createMirror, type Mirror } from './mirror.js'
import { onPresence, thisPage } from './pages.js'
import { createHearing, toNews } from './news.js'
import { putBack } from './put-back.js'
import { createReading, type Found } from './reading.js'
import { NEW_SCOPE, type QueueStore, type ScopeMeta } from './store.js'
import { createSweep, type Mark } from './sweep.js'
import { createVanished } from './vanished.js'
import { createWriter, type Changes, type Writer } from './writer.js'

/** What the shelf needs. */
export interface ShelfPorts {
  readonly store: QueueStore
  readonly scope: string
  readonly clock: Clock
  /** null: no news; undefined: BroadcastChannel, if tabs can share the store. */
  readonly bus: QueueBus | null | undefined
  /** The store is open: writing may begin. Nothing of what it holds is known yet. */
  onStore(): void
  /** Some rows are known: all up to a place. What is known is no news. */
  onPage(): void
  /** All rows are known. */
  onOpen(): void
  /** A transaction is complete here, or was in another tab. */
  onChange(changes: Changes): void
  /** The one who sends has let go, or is there and cannot say so in the store. */
  onSaid(said: 'free' | 'here'): void
  /** The person has signed out, in another tab: nothing of the scope may be shown or sent here any more. */
  onOver(): void
}

/** A kept scope. */
export interface Shelf {
  readonly mirror: Mirror
  readonly writer: Writer
  readonly facts: StorageFacts
  /** Where records are that cannot be read as actions. */
  readonly aside: ReadonlySet<number>
  /** The name that tabs share it under; null: only this tab has it. */
  readonly sharedAs: string | null
  /** Opens and loads, once; resolves when all is known. Tries again after a failure. */
  open(): Promise<void>
  /** Whether everything is known that decides whether this one's turn has come. */
  isSure(action: Action): boolean
  /** Another tab has changed these places, or the store knows better. */
  reread(positions: readonly number[]): Promise<void>
  /** Reads everything again: news may have been missed. Nothing to do where nobody else has the store. */
  reload(): Promise<void>
  /** The same, whoever has the store; resolves when the first page is there. `mark` gets the rows of each. */
  renew(mark: Mark): Promise<void>
  /** Whether the person has signed out since this tab opened the scope: it may send nothing more (I14). */
  isOver(meta: ScopeMeta): boolean
  /** Tells the other tabs. */
  say(said: Said): void
  close(): void
}

/** Makes a shelf; nothing is opened yet. */
export function createShelf(ports: ShelfPorts): Shelf {
  const { store, scope, clock } = ports
  const mirror = createMirror()
  const canary = createCanary()
  const loss = createLoss(clock, canary, mirror)
  const reading = createReading({ store, scope, clock, mirror, canary })
  const writer = createWriter({
    store,
    scope,
    clock,
    canary,
    isOver,
    putBack: (seen) => putBack({ store, scope, clock, mirror, canary, reading }, seen),
    onCommit(changes) {
      apply(changes)
      loss.note()
      bus?.post(toNews(scope, changes))
    },
  })
  const sweep = createSweep({
    reading,
    alone: writer.alone,
    onPage(found) {
      if (isLoaded) return take(found)
      ports.onPage()
    },
  })
  const vanished = createVanished(clock, onMissed)
  let opening: Promise<void> | null = null
  let facts = BLANK_STORAGE
  let bus: QueueBus | null = null
  /** How often the person had signed out when this tab opened the scope; null: the store has not said so yet. */
  let signOuts: number | null = null
  /** The sweep of whoever has begun to send since the store was opened; null: nobody has. */
  let renewing: Promise<void> | null = null
  /** Everything has been known once: what is found from then on is news. */
  let isLoaded = false
  let stops: readonly Stop[] = []

  const sharedAs = () => (facts.persisted ? store.name : null)

  function isOver(meta: ScopeMeta): boolean {
    return signOutsOf(meta) !== (signOuts ??= signOutsOf(meta))
  }

  /** A store that does not answer is none to go on with after such news. */
  const checkOver = async (): Promise<void> => {
    const over = await writer.commit({ work: ({ meta }) => isOver(meta) }).catch(() => true)
    if (over) ports.onOver()
  }

  const apply = (changes: Changes) => {
    for (const { action } of changes.put) mirror.put(action)
    for (const { action } of changes.ended) {
      if (mirror.at(action.position)?.id === action.id) mirror.remove(action.position)
    }
    ports.onChange(changes)
  }

  /** Sent elsewhere, or let go: this tab cannot tell, and nothing more will be heard (I13). */
  function onMissed(actions: readonly Action[]): void {
    const ended = actions.filter(({ id }) => !mirror.byId(id)).map(unheard)
    if (ended.length > 0) apply({ put: [], ended })
  }

  const take = ({ rows, gone }: Found) => {
    vanished.add(gone)
    ports.onChange({ put: rows.map((action) => ({ action })), ended: [] })
  }

  const reread = async (positions: readonly number[]): Promise<void> => {
    take(await writer.alone(() => reading.some(positions)))
  }

  const reload = async (): Promise<void> => {
    if (sharedAs() !== null) await sweep.start().whole
  }

  const hear = createHearing({
    scope,
    mirror,
    vanished,
    reading,
    apply,
    reread,
    onSaid(said) {
      if (said === 'signed-out') void checkOver()
      else ports.onSaid(said)
    },
  })

  /** Listens first: what others accept while this tab reads is read as well. */
  const open = async (isCurrent: () => boolean): Promise<void> => {
    const { persisted, standIn = null } = await clock.track(store.open(clock))
    if (!isCurrent()) throw new HoldfastError('stopped')
    facts = { ...facts, persisted, standIn }
    listen()
    signOuts = renewing = null
    const heard = writer.alone(async () => {
      if (sweep.upTo < 0) mirror.clear()
      const meta = await metaOf(ports)
      signOuts ??= signOutsOf(meta)
      return meta.position
    })
    ports.onStore()
    const position = await heard
    if (!isCurrent()) throw new HoldfastError('stopped')
    // One that marks its rows is not cut off by one that does not.
    await (renewing ?? sweep.start().whole)
    if (!isCurrent()) throw new HoldfastError('stopped')
    loss.check(position)
    isLoaded = true
    ports.onOpen()
  }

  const listen = () => {
    for (const stop of stops) stop()
    const name = sharedAs()
    loss.recall(name === null ? null : `holdfast:${name}:${scope}`)
    bus = ports.bus === undefined && name !== null ? broadcastBus(`holdfast:${name}`) : (ports.bus ?? null)
    // A page that was put aside has heard nothing meanwhile.
    const come = () => void Promise.all([checkOver(), reload()]).catch(() => {})
    stops = [bus?.listen(hear) ?? (() => {}), onPresence(thisPage(), { come })]
  }

  return {
    mirror,
    writer,
    get facts() {
      return { ...facts, aside: reading.aside.size, lostAt: loss.at }
    },
    aside: reading.aside,
    isOver,
    say: (said) => bus?.post({ scope, changed: [], ended: [], said }),
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
    isSure: ({ position, after, tempIds = [], refs = [] }) =>
      sweep.upTo === Infinity ||
      (position <= sweep.upTo && after.length + tempIds.length + refs.length === 0),
    reread,
    reload,
    async renew(mark) {
      const { first, whole } = sweep.start(mark)
      renewing = whole
      // What cannot be read now is read at the next term.
      whole.catch(() => {})
      await first
    },
    close() {
      opening = null
      isLoaded = false
      sweep.stop()
      vanished.stop()
      for (const stop of stops) stop()
      stops = []
      bus = null
      // What has been handed over is still written.
      void writer.idle().then(() => {
        if (!opening) store.close()
      })
    },
  }
}

/** What the scope remembers beside its rows. */
async function metaOf({ store, scope, clock }: ShelfPorts): Promise<ScopeMeta> {
  let known = NEW_SCOPE
  const about = { scope, positions: [], durability: 'relaxed' } as const
  await clock.track(store.write(about, ({ meta }) => void (known = meta)))
  return known
}

const unheard = (action: Action) => ({ action, as: { outcome: 'unconfirmed' } as const })
