/** The term of the one who sends: taken in the store with a growing number, because a lock alone is not trusted. */
import type { Clock } from '../core/clock.js'
import type { Stop } from '../core/state.js'
import { transition } from './action-state.js'
import type { Action, Claim } from './action.js'
import { noRivals, type LockPort } from './lock.js'
import type { Edit, Writer } from './writer.js'

/** A lease that is not renewed is over after this: a silently stalled tab is replaced within it (ux-56). */
const LEASE_MS = 15_000
/** How long to wait after the store has refused to write the term. */
const AGAIN_MS = 1_000

/** What the sender's term needs. */
export interface SenderPorts {
  readonly clock: Clock
  readonly writer: Writer
  /** Unique for this queue in this tab. */
  readonly owner: string
  /** null: there are no locks; a lease in the store decides. */
  readonly lock: LockPort | null
  readonly lockName: string
  /** The actions that this tab knows. */
  rows(): readonly Action[]
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
  /** The store said otherwise: the term is over, until the lock or the lease comes again. */
  lost(): void
  /** Something waits: without locks, the lease is asked for, or held on to. */
  want(): void
  stop(): void
}

/** Asks to be the one who sends. */
export function createSender(ports: SenderPorts): Sender {
  const { clock, writer, owner, lock } = ports
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

  /** Goes on with the term, or begins one: whatever somebody else left `sending` has an unknown outcome. */
  const take = (edit: Edit, orphans: readonly number[]): Claim | null => {
    const { sender, senderUntil, ...meta } = edit.meta
    const own = term !== null && isSame(sender, term)
    if (!own && !lock && sender !== null && senderUntil > clock.now()) return null
    const next = own ? sender! : { owner, number: (sender?.number ?? 0) + 1 }
    edit.meta = { ...meta, sender: next, senderUntil: clock.now() + LEASE_MS }
    if (!own) for (const position of orphans) markFound(edit, position)
    return next
  }

  const ask = async (): Promise<void> => {
    if (asking || may === 'wait') return
    asking = true
    later(null)
    const orphans = ports
      .rows()
      .flatMap(({ state, position }) => (state.name === 'sending' ? [position] : []))
    const job = { positions: orphans, work: (edit: Edit) => take(edit, orphans) }
    const taken = await writer.commit(job).catch(() => 'refused' as const)
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
  const release = (lock ?? noRivals).hold(ports.lockName, hold)

  return {
    get term() {
      return term
    },
    owns(edit) {
      if (term === null || !isSame(edit.meta.sender, term)) return false
      edit.meta = { ...edit.meta, senderUntil: clock.now() + LEASE_MS }
      return true
    },
    lost: () => set(null),
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
