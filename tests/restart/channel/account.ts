/** What a page has been told and has sent, and what is wrong with that. */

/** One thing that was told of a topic: an event, or a gap, its ends included. */
export type Line =
  { readonly offset: number; readonly data: unknown } | { readonly from: number; readonly to: number }

/** All that was told of a topic, in order. */
export interface Told {
  /** It begins behind this offset; null: that was never said. */
  startAt: number | null
  readonly lines: Line[]
  resumed: number
  resets: number
}

/** One socket (epoch ms). */
export interface SocketLife {
  readonly dialledAt: number
  openedAt: number | null
  closedAt: number | null
  code: number | null
}

/** The whole of it. */
export interface Account {
  readonly told: Readonly<Record<string, Told>>
  readonly sends: {
    handed: number
    pending: number
    readonly acknowledged: { readonly n: number; readonly offset: number }[]
    readonly failed: string[]
  }
  /** A transport while live, else the name of the state. */
  readonly states: readonly { readonly name: string; readonly at: number }[]
  readonly sockets: readonly SocketLife[]
  readonly resyncs: number
  readonly ignored: { readonly unknown: number; readonly malformed: number }
}

/** How far it has come. */
export interface Progress {
  readonly state: string
  readonly pending: number
  /** Of each topic the offset that was told last, in an event or as the end of a gap; -1: none yet. */
  readonly last: Readonly<Record<string, number>>
}

/** An event of the log. */
export interface Logged {
  readonly offset: number
  /** Absent: it is not known any more what it said. */
  readonly data?: unknown
}

/** The offset of the last one. */
export const endOf = (log: readonly Logged[]): number => log.at(-1)?.offset ?? 0

/**
 * What of a log was not told exactly once and in order, nor as a gap that is just as long as what is missing.
 *
 * @param log the events of this topic, in order; what was told of later ones is not looked at
 */
export function faultsOf({ startAt, lines, resets }: Told, log: readonly Logged[]): string[] {
  const faults: string[] = []
  const due = log.filter(({ offset }) => offset > (startAt ?? 0))
  if (startAt === null) faults.push('where it begins was never told')
  if (resets > 0) faults.push(`${resets} resets of a log that is the same`)
  let place = 0
  for (const line of lines) {
    const next = due[place]
    const isGap = 'to' in line
    if ((isGap ? line.from : line.offset) > endOf(log)) break
    if (next && (isGap ? line.from === next.offset : isSame(line, next))) {
      const end = isGap ? line.to : line.offset
      while (place < due.length && due[place]!.offset <= end) place += 1
      if (due[place - 1]!.offset === end) continue
    }
    faults.push(`told ${JSON.stringify(line)} where ${JSON.stringify(next)} was due`)
    const end = isGap ? line.to : line.offset
    const after = due.findIndex(({ offset }) => offset > end)
    place = after < 0 ? due.length : after
  }
  if (place < due.length) faults.push(`${due.length - place} were never told, from ${due[place]!.offset} on`)
  return faults
}

const isSame = (told: Logged, due: Logged): boolean =>
  told.offset === due.offset && (!('data' in due) || JSON.stringify(told.data) === JSON.stringify(due.data))

/** What of a page's messages did not come to an end, or is not in the log just once, where it was said to be. */
export function sendFaultsOf(sends: Account['sends'], name: string, log: readonly Logged[]): string[] {
  const { handed, pending, acknowledged, failed } = sends
  const faults = failed.map((one) => `refused: ${one}`)
  if (pending > 0) faults.push(`${pending} are pending`)
  if (handed !== acknowledged.length + failed.length + pending) faults.push('some were settled twice')
  const offsets = new Map(acknowledged.map(({ n, offset }) => [n, offset]))
  for (const { offset, data } of log) {
    const { from, n } = (data ?? {}) as { readonly from?: string; readonly n?: number }
    if (from === name && offsets.get(n!) !== offset) faults.push(`${n} is in the log at ${offset}, too`)
  }
  const known = new Map(log.map((event) => [event.offset, event]))
  for (const [n, offset] of offsets)
    if (!isSame({ offset, data: { from: name, n } }, known.get(offset) ?? { offset, data: null }))
      faults.push(`${n} was acknowledged at ${offset} and is not there`)
  return faults
}
