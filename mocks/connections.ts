/**
 * The connections of a browser, as far as they matter: a request in a black hole is answered at other instants
 * on a kept connection than on a new one, a path can forget a kept one, and a host has only so many.
 *
 * What a hole holds up is its request's own, or shared (the option `dials` of `createNetwork`). Measured in Chromium 156 with a black hole of 5 and of 8 s (iptables DROP in a network namespace): requests are
 * not bound to what they dial. The first connection that gets through after the hole carries, one after another,
 * all who wait, those with a SYN of their own included, and those connections follow and are idle. An aborted
 * request leaves its SYN behind, which holds its place among the six and ends as an idle connection, too.
 */

/** A connection that was kept. */
export interface Kept {
  /** When it was dialled. */
  readonly connectedAt: number
  /** The process that it leads to, or the gateway (the service's `front`): another one does not know it. */
  readonly boot: string
  /** Whether it has carried an answer: only then a browser repeats by itself what is cut on it (measured). */
  readonly isProven: boolean
}

/** One of the connections that a host may have, from its dial until it is idle or closed. */
export interface Slot {
  /** It is free: who waits longest takes it over; nobody waits: it is idle. After `close`: nothing. */
  keep(connection: Kept): void
  /** It is closed: who waits longest without having dialled may do so. After `keep`: nothing. */
  close(): void
}

/** Who wants a connection. */
export interface Caller {
  /** It has this one. */
  lend(slot: Slot, connection: Kept): void
  /** It may dial a new one. */
  dial(slot: Slot): void
}

/** The place of a caller: first come, first served. */
export interface Turn {
  /** Its dial does not get through: from now on it takes what frees, in its turn. */
  stall(): void
  /** Its stalled dial has got through. True: somebody has waited longer, whose it is; it waits on without one. */
  yields(): boolean
  /** It waits no longer. */
  leave(): void
}

/** The connections of a browser, by host. */
export interface Connections {
  /**
   * The idle connection that was used last, else a new one, in this very call; if there are too many, when it is its
   * turn.
   */
  take(host: string, caller: Caller): Turn
  /** Closes the idle ones of the hosts that match; those in use are closed as soon as they are idle. */
  close(which: (host: string) => boolean): void
}

/** An idle connection is closed by the server after this long (Fastify's default, as the reference server's). */
const KEEP_ALIVE_MS = 72_000

interface Waiting {
  readonly turn: number
  readonly caller: Caller
  readonly dials: boolean
}

/** What there is of one host. */
interface Share {
  readonly idle: { readonly kept: Kept; readonly since: number }[]
  /** In the order in which they came. */
  row: readonly Waiting[]
  /** How many are used or dialled. */
  open: number
  /** How often all were closed: what was dialled before is not kept. */
  age: number
}

/**
 * Makes an empty pool.
 *
 * @param perHost how many a host may have at a time; Infinity: as many as wanted.
 */
export function createConnections(now: () => number, perHost: number): Connections {
  const shares = new Map<string, Share>()
  let turns = 0

  const slotOf = (share: Share): Slot => {
    const { age } = share
    let state: 'open' | 'over' = 'open'
    const end = (goOn: () => void): void => {
      if (state === 'over') return
      state = 'over'
      share.open--
      goOn()
    }
    share.open++
    const dialNext = () => leaveRow(share, ({ dials }) => !dials)?.caller.dial(slotOf(share))
    return {
      keep(kept) {
        end(() => {
          if (age !== share.age) return dialNext()
          const first = leaveRow(share, () => true)
          if (first) first.caller.lend(slotOf(share), kept)
          else share.idle.push({ kept, since: now() })
        })
      },
      close() {
        end(dialNext)
      },
    }
  }
  const idleOf = (share: Share): Kept | null => {
    const last = share.idle.pop()
    return last && now() - last.since < KEEP_ALIVE_MS ? last.kept : null
  }

  return {
    take(host, caller) {
      const share = shares.get(host) ?? { idle: [], row: [], open: 0, age: 0 }
      shares.set(host, share)
      const turn = ++turns
      const wait = (dials: boolean): void => {
        share.row = [...share.row, { turn, caller, dials }].sort((one, other) => one.turn - other.turn)
      }
      const idle = idleOf(share)
      if (idle) caller.lend(slotOf(share), idle)
      else if (share.open < perHost) caller.dial(slotOf(share))
      else wait(false)
      return {
        stall() {
          const free = idleOf(share)
          if (free) caller.lend(slotOf(share), free)
          else wait(true)
        },
        yields() {
          if (share.row.findIndex((one) => one.turn === turn) < 1) return false
          share.row = share.row.map((one) => (one.turn === turn ? { ...one, dials: false } : one))
          return true
        },
        leave: () => void leaveRow(share, (one) => one.turn === turn),
      }
    },
    close(which) {
      for (const [host, share] of shares) {
        if (!which(host)) continue
        share.idle.length = 0
        share.age++
      }
    },
  }
}

/** Takes the first of these out of the row. */
function leaveRow(share: Share, isMeant: (one: Waiting) => boolean): Waiting | undefined {
  const first = share.row.find(isMeant)
  share.row = share.row.filter((one) => one !== first)
  return first
}
