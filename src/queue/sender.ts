/** The term of the one who sends: taken in the store with a growing number, because a lock alone is not trusted. */
import { createAlarm } from '../core/alarm.js'
import type { Connection, Stop } from '../core/state.js'
import type { Action, Claim } from './action.js'
import { createLeaseWatch, LEASE_MS } from './lease.js'
import { noRivals, presence, type LockPort } from './lock.js'
import { maySend } from './patience.js'
import type { Shelf } from './shelf.js'
import { rowsAt, type Edit } from './writer.js'

/** How long to wait after the store has refused to write the term, or has said that it is another's. */
const AGAIN_MS = 1_000

/** What the sender's term needs. */
export interface SenderPorts {
  readonly connection: Pick<Connection, 'clock' | 'state' | 'subscribe'>
  readonly shelf: Pick<Shelf, 'writer' | 'renew' | 'isOver' | 'say'>
  /** Unique for this queue in this tab. */
  readonly owner: string
  /** null: there are no locks; the lease in the store decides alone. */
  readonly lock: LockPort | null
  readonly lockName: string
  /** Whether this tab itself still waits for the answer to what is at this place. */
  isInFlight(position: number): boolean
  /** Whether anything waits to be sent: only then is a lease renewed, or that of another watched. */
  wanted(): boolean
  /** The term has begun or ended. */
  onChange(): void
  /** The person has signed out in another tab. */
  onOver(): void
}

/** Whether this tab is the one who sends. */
export interface Sender {
  /** null: another tab sends, or none yet. */
  readonly term: Claim | null
  /** Whether the store still says so, and goes on saying so; to be asked inside each claim. */
  owns(edit: Edit): boolean
  /** Whether it goes without asking: the lease still runs, which no page does that stood still for too long. */
  holds(): boolean
  /** The store said otherwise: the term is over, and soon the lock or the lease is asked for again. */
  lost(): void
  /** To be called after every change. While something waits the term is held on to, or that of another watched. */
  want(): void
  /** The one who sent has let go: the lease is asked for at once. Or it is there: it has not stalled. */
  hear(said: 'free' | 'here'): void
  stop(): void
}

/**
 * How this tab may come to a term. `hold`: it has the lock, or there are none: now. `watch`: another tab has the
 * lock; if that one's lease runs out while something waits, it has stalled. `rest`: not at all.
 */
type May = 'hold' | 'watch' | 'rest'

/** Asks to be the one who sends. */
export function createSender(ports: SenderPorts): Sender {
  const { connection, shelf, owner, lock } = ports
  const { clock } = connection
  const { writer } = shelf
  const hasRivals = lock !== noRivals
  const endOf = createLeaseWatch(clock)
  let term: Claim | null = null
  let may: May = 'rest'
  let asking = false
  /** When the lease runs out, by the last that was heard of it: one's own, or that of another. */
  let until = 0
  const alarm = createAlarm(clock, () => {
    if (isNeeded()) void ask()
  })
  let cancelRest: Stop | null = null

  const set = (next: Claim | null) => {
    if (isSame(term, next)) return
    term = next
    ports.onChange()
  }

  const lease = () => (until = clock.now() + LEASE_MS)

  /** Goes on with the term, or begins one. */
  const take = (edit: Edit): Claim | 'over' | null => {
    if (shelf.isOver(edit.meta)) return 'over'
    const { sender, senderUntil, ...meta } = edit.meta
    const own = term !== null && isSame(sender, term)
    const isTaken = sender !== null && sender.owner !== owner && endOf(senderUntil) > clock.now()
    // The lock is worth more than the lease of one who has crashed; without it the lease counts.
    if (!own && isTaken && (may === 'watch' || !lock)) {
      until = endOf(senderUntil)
      return null
    }
    const next = own ? sender! : { owner, number: (sender?.number ?? 0) + 1 }
    edit.meta = { ...meta, sender: next, senderUntil: lease() }
    return next
  }

  /** Nobody else claims anything by now: whatever somebody left `sending` has an unknown outcome. */
  const findOrphans = async (taken: Claim, rows: readonly Action[]): Promise<void> => {
    const isOwn = ({ claim, position }: Action) => claim?.owner === owner && ports.isInFlight(position)
    const orphans = rows.filter((row) => row.state.name === 'sending' && !isOwn(row))
    const positions = orphans.map(({ position }) => position)
    if (positions.length === 0) return
    const work = (edit: Edit) => {
      if (!isSame(edit.meta.sender, taken)) return
      for (const row of rowsAt(edit, positions)) edit.step(row, { type: 'FOUND' })
    }
    await writer.commit({ positions, work })
  }

  const begin = async (): Promise<Claim | 'over' | null> => {
    const before = term
    const taken = await writer.commit({ work: take })
    if (taken && taken !== 'over' && !isSame(taken, before))
      await shelf.renew((rows) => findOrphans(taken, rows))
    return taken
  }

  const ask = async (): Promise<void> => {
    if (asking || may === 'rest') return
    asking = true
    alarm.set(Infinity)
    const before = may
    const taken = await begin().catch(() => 'refused' as const)
    asking = false
    // The lock came or went meanwhile.
    if (may !== before) return (may as May) === 'hold' ? ask() : undefined
    if (taken === 'over') return ports.onOver()
    if (taken === 'refused') {
      // The store is everybody's: who cannot write to it has not stalled, and another one could not either.
      if (term) shelf.say('here')
      return alarm.set(clock.now() + AGAIN_MS)
    }
    set(taken)
    keepOn()
  }

  /** While nothing can be sent nobody has to hold on, and nobody has stalled. */
  const isNeeded = () => ports.wanted() && (maySend(connection.state) || (!term && may === 'hold'))

  /** The next renewal of one's own lease, or the end of that of another. */
  const keepOn = () => {
    if (alarm.at < Infinity || asking || !hasRivals || may === 'rest' || !isNeeded()) return
    alarm.set(Math.max(clock.now(), until - (term ? (LEASE_MS * 2) / 3 : 0)))
  }

  const want = () => {
    if (asking) return
    if (!isNeeded()) return alarm.set(Infinity)
    if (alarm.at < Infinity) return
    if (!term && may === 'hold') return void ask()
    // Whoever has just woken up as well gets the time to say so.
    if (!term && until <= clock.now()) lease()
    keepOn()
  }

  const hold = (held: boolean) => {
    may = held ? 'hold' : lock ? 'watch' : 'rest'
    alarm.set(Infinity)
    if (held) return void ask()
    giveBack()
    set(null)
  }

  /** Without locks nobody else would know that it is free. */
  const giveBack = () => {
    const left = term
    if (!left || lock) return
    const work = (edit: Edit) => {
      if (isSame(edit.meta.sender, left)) edit.meta = { ...edit.meta, senderUntil: 0 }
    }
    writer.commit({ work }).catch(() => {})
    shelf.say('free')
  }

  const enter = () => {
    may = lock ? 'watch' : 'rest'
    return (lock ?? presence()).hold(ports.lockName, hold)
  }
  let release = enter()

  /** At the end of the line, because another tab believes that it is its turn. */
  const lost = () => {
    if (may === 'rest') return
    until = 0
    term = null
    release()
    alarm.set(Infinity)
    may = 'rest'
    ports.onChange()
    cancelRest = clock.setTimeout(() => {
      cancelRest = null
      release = enter()
    }, AGAIN_MS)
  }
  const unsubscribe = connection.subscribe(want)

  return {
    get term() {
      return term
    },
    owns(edit) {
      if (term === null || !isSame(edit.meta.sender, term) || shelf.isOver(edit.meta)) return false
      edit.meta = { ...edit.meta, senderUntil: lease() }
      return true
    },
    holds: () => term !== null && clock.now() < until,
    lost,
    want,
    hear(said) {
      if (term) return
      if (said === 'free') return void (lock || ask())
      lease()
      alarm.set(Infinity)
      keepOn()
    },
    stop() {
      giveBack()
      term = null
      unsubscribe()
      release()
      may = 'rest'
      alarm.set(Infinity)
      cancelRest?.()
    },
  }
}

/** The same owner in the same term. */
export function isSame(one: Claim | null, other: Claim | null): boolean {
  return one === other || (one?.owner === other?.owner && one?.number === other?.number)
}
