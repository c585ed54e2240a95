/** Several sources of facts as one: counts add up, the worst word wins. */
import type { Facts, FactSource, QueueFacts, Stop } from '../core/state.js'
import { EMPTY_QUEUE, NO_FACTS } from './facts.js'

const least = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.min(a, b))
const most = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.max(a, b))

const COUNTS = [
  'waiting',
  'sending',
  'failed',
  'conflict',
  'unconfirmed',
  'blocked',
  'sent',
  'total',
] as const

function bothQueues(a: QueueFacts, b: QueueFacts): QueueFacts {
  const counts = Object.fromEntries(COUNTS.map((key) => [key, a[key] + b[key]]))
  return {
    ...a,
    ...counts,
    oldestAt: least(a.oldestAt, b.oldestAt),
    lastWriteAt: most(a.lastWriteAt, b.lastWriteAt),
    persisted: a.persisted && b.persisted,
    pausedUntil: most(a.pausedUntil, b.pausedUntil),
    standIn: a.standIn ?? b.standIn ?? null,
    aside: (a.aside ?? 0) + (b.aside ?? 0),
    lostAt: most(a.lostAt ?? null, b.lostAt ?? null),
  }
}

/** What all of them know together. Pure. */
export function mergeFacts(all: readonly Partial<Facts>[]): Facts {
  const queues = all.flatMap(({ queue }) => queue ?? [])
  return {
    queue: queues.length > 0 ? queues.reduce(bothQueues) : EMPTY_QUEUE,
    pendingSince: all.reduce<number | null>((at, facts) => least(at, facts.pendingSince ?? null), null),
    held: all.reduce((sum, facts) => sum + (facts.held ?? 0), 0),
    session: all.some((facts) => facts.session === 'lost') ? 'lost' : NO_FACTS.session,
    newVersionAt: all.reduce<number | null>((at, facts) => most(at, facts.newVersionAt ?? null), null),
  }
}

/** Listens to all of them, and tells the whole on each change. */
export function followSources(sources: readonly FactSource[], tell: (facts: Facts) => void): Stop {
  const known: Partial<Facts>[] = sources.map(() => ({}))
  const stops = sources.map((source, place) =>
    source.subscribe((facts) => {
      known[place] = { ...known[place], ...facts }
      tell(mergeFacts(known))
    }),
  )
  return () => stops.forEach((stop) => stop())
}
