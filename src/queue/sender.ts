/** The term of the one who sends: taken in the store with a growing number, because a lock alone is not trusted. */
import type { Clock } from '../core/clock.js'
import type { Stop } from '../core/state.js'
import { transition } from './action-state.js'
import type { Action, Claim } from './action.js'
import { noRivals, type LockPort } from './lock.js'
import type { Shelf } from './shelf.js'
import type { Edit } from './writer.js'

/** A lease that is not renewed is over after this: a silently stalled tab is replaced within it (ux-56). */
const LEASE_MS = 15_000
/** How long to wait after the store has refused to write the term, or has said that it is another's. */
const AGAIN_MS = 1_000

/** What the sender's term needs. */
export interface SenderPorts {
  readonly clock: Clock
  readonly shelf: Pick<Shelf, 'mirror' | 'writer' | 'reload'>
  /** Unique for this queue in this tab. */
  readonly owner: string
  /** null: there are no locks; a lease in the store decides. */
  readonly lock: LockPort | null
  readonly lockName: string
  /** Whether this tab itself still waits for the answer to what is at this place. */
  isInFlight(position: number): boolean
  /** Whether anything waits to be sent: only then is a lease renewed or asked for again. */
  wanted(): boolean
  /** The term has begun or ended. */
  onChange(): void
}

/** Whether this tab is the one who sends. */
export interface Sender {
  /** null: another tab sends, or none yet. */
  readonly term: Claim | null
  /** Whether the store still says so, and goes on saying so; to be asked inside each claim. */
  owns(edit: Edit): boolean
  /** The store said otherwise: the term is over, and soon the lock or the lease is asked for again. */
  lost(): void
  /** Something waits: without locks, the lease is asked for, or held on to. */
  want(): void
  stop(): void
}

/** Asks to be the one who sends. */
export function createSender(ports: SenderPorts): Sender {
  const { clock, shelf, owner, lock } = ports
  const { mirror, writer } = shelf
  let term: Claim | null = null
  /** Whether the store may be asked: with a lock only while it is held. */
  let may: 'ask' | 'wait' = 'wait'
  let asking = false
  let cancel: Stop | null = null

  const set = (next: Claim | null) => {
    if (isSame(term, next)) return
    term = next
    ports.onChange()
  }

  /** Goes on with the term, or begins one. */
  const take = (edit: Edit): Claim | null => {
    const { sender, senderUntil, ...meta } = edit.meta
    const own = term !== null && isSame(sender, term)
    const isTaken = sender !== null && sender.owner !== owner && senderUntil > clock.now()
    if (!own && !lock && isTaken) return null
    const next = own ? sender! : { owner, number: (sender?.number ?? 0) + 1 }
    edit.meta = { ...meta, sender: next, senderUntil: clock.now() + LEASE_MS }
    return next
  }

  /** Nobody else claims anything by now: whatever somebody left `sending` has an unknown outcome. */
  const findOrphans = async (taken: Claim): Promise<void> => {
    await shelf.reload()
    const isOwn = ({ claim, position }: Action) => claim?.owner === owner && ports.isInFlight(position)
    const orphans = mirror.rows.filter((row) => row.state.name === 'sending' && !isOwn(row))
    const positions = orphans.map(({ position }) => position)
    if (positions.length === 0) return
    const work = (edit: Edit) => {
      if (isSame(edit.meta.sender, taken)) for (const position of positions) markFound(edit, position)
    }
    await writer.commit({ positions, work })
  }

  const begin = async (): Promise<Claim | null> => {
    const before = term
    const taken = await writer.commit({ work: take })
    if (taken && !isSame(taken, before)) await findOrphans(taken)
    return taken
  }

  const ask = async (): Promise<void> => {
    if (asking || may === 'wait') return
    asking = true
    later(null)
    const taken = await begin().catch(() => 'refused' as const)
    asking = false
    if ((may as string) === 'wait') return
    if (taken === 'refused') return later(AGAIN_MS)
    if (!lock && ports.wanted()) later(LEASE_MS / 3)
    set(taken)
  }

  const later = (delayMs: number | null) => {
    cancel?.()
    cancel = delayMs === null ? null : clock.setTimeout(() => void ask(), delayMs)
  }

  const hold = (held: boolean) => {
    may = held ? 'ask' : 'wait'
    if (held) return void ask()
    later(null)
    set(null)
  }
  let release = (lock ?? noRivals).hold(ports.lockName, hold)

  /** At the end of the line, because another tab believes that it is its turn. */
  const lost = () => {
    release()
    hold(false)
    cancel = clock.setTimeout(() => {
      cancel = null
      release = (lock ?? noRivals).hold(ports.lockName, hold)
    }, AGAIN_MS)
  }

  return {
    get term() {
      return term
    },
    owns(edit) {
      if (term === null || !isSame(edit.meta.sender, term)) return false
      edit.meta = { ...edit.meta, senderUntil: clock.now() + LEASE_MS }
      return true
    },
    lost,
    want() {
      if (!lock && !cancel) void ask()
    },
    stop() {
      may = 'wait'
      release()
      later(null)
      term = null
    },
  }
}

function markFound(edit: Edit, position: number): void {
  const row = edit.row(position)
  const found = row && transition(row, { type: 'FOUND' })
  if (found && found !== row) edit.put(found)
}

/** The same owner in the same term. */
export function isSame(one: Claim | null, other: Claim | null): boolean {
  return one === other || (one?.owner === other?.owner && one?.number === other?.number)
}
