/** Every bar that the status can tell: its own words, for every phase, cause and queue that they depend on. */
import type { Cause, LinkState } from '../../../src/core/state.js'
import { BLANK } from '../../../src/core/memory.js'
import { NO_FACTS, STILL_PAGE, type StatusFacts } from '../../../src/status/facts.js'
import { BLANK_MEMORY, type Outage, type StatusMemory } from '../../../src/status/memory.js'
import { createStatusPolicy } from '../../../src/status/options.js'
import type { Phase, StatusView } from '../../../src/status/view.js'
import { keptMessage, wordsOf } from '../../../src/status/words.js'
import { NO_QUEUE, ONLINE } from '../../../stories/support/fixed-status.js'

/** What is so in a scene; the rest is as when all is well. */
interface Told {
  readonly cause?: Cause
  readonly queue?: Partial<StatusView['queue']>
  readonly memory?: Partial<StatusMemory>
  readonly facts?: Partial<StatusFacts>
  readonly nextAttemptAt?: number | null
  readonly estimateAt?: number
}

/** The instant at which the clock stands (`manualClock`). */
const NOW = 1_767_258_000_000

const CAUSES: readonly Cause[] = ['device', 'server', 'timeout', 'planned', 'portal']

/** Numbers of two digits: one more would be as wide as none of them is often. */
const COUNT = 12

const QUEUES: readonly Partial<StatusView['queue']>[] = [
  {},
  { waiting: COUNT },
  { waiting: COUNT, persisted: false },
]

const outage: Outage = {
  since: NOW - 12_000,
  isFirst: false,
  toldAt: NOW - 11_000,
  visibleMs: 12_000,
  seenAt: NOW,
  escalatedAt: null,
}

function barOf(phase: Phase, told: Told): StatusView {
  const { cause = 'server', nextAttemptAt = null, estimateAt = null } = told
  const queue = { ...NO_QUEUE, ...told.queue }
  const link: LinkState = { name: 'trying', since: NOW, cause, attempt: 4, memory: BLANK }
  const connection = { link, auth: 'valid', intent: 'online', resync: 'none' } as const
  const facts = { ...NO_FACTS, connection, service: null, page: STILL_PAGE, ...told.facts, queue }
  const moment = {
    event: { type: 'TICK' } as const,
    ...{ facts, before: facts, shown: ONLINE, policy: createStatusPolicy(), now: NOW, isReturn: false },
  }
  const memory = { ...BLANK_MEMORY, ...told.memory }
  const kept = keptMessage(moment)
  const scene = { phase, surface: 'bar', memory, moment, kept, nextAttemptAt, estimateAt } as const
  const { sent, total } = queue
  return {
    ...ONLINE,
    ...{ phase, surface: 'bar', queue, cause, nextAttemptAt, estimateAt },
    ...wordsOf(scene),
    progress: phase === 'syncing' && total > 0 ? sent / total : null,
  }
}

/** Down for whatever reason, with changes or without, and counting down or not. */
const outages = (
  phase: Phase,
  memory: Partial<StatusMemory>,
  times: readonly (number | null)[],
): StatusView[] =>
  CAUSES.flatMap((cause) =>
    QUEUES.flatMap((queue) =>
      // Where the device is offline nothing is counted down.
      (cause === 'device' ? [null] : times).map((nextAttemptAt) =>
        barOf(phase, { cause, queue, memory, nextAttemptAt }),
      ),
    ),
  )

const all = (): StatusView[] => [
  barOf('connecting', {}),
  ...outages('connecting', { outage: { ...outage, isFirst: true } }, [null, NOW + 8000]),
  ...outages('reconnecting', { outage }, [null, NOW + 8000]),
  ...outages('disconnected', { outage }, [null, NOW + 12_000]),
  ...outages('disconnected', { outage: { ...outage, isFirst: true } }, [null, NOW + 12_000]),
  ...outages('gaveUp', { outage }, [null]),
  ...[NOW + 20_000, NOW + 600_000, 0].map((estimateAt) =>
    barOf('maintenance', { cause: 'planned', memory: { outage }, estimateAt }),
  ),
  ...[null, outage].map((lost) => barOf('authRequired', { memory: { outage: lost } })),
  barOf('sessionLost', {}),
  barOf('resyncing', {}),
  barOf('syncing', { queue: { waiting: 3, sending: 1, sent: 8, total: COUNT } }),
  ...QUEUES.slice(1).map((queue) => barOf('syncing', { queue: { ...queue, pausedUntil: NOW + 1 } })),
  barOf('syncing', { queue: QUEUES[1]!, nextAttemptAt: NOW + 12_000 }),
  ...[0, 1, COUNT].flatMap((failed) =>
    (['none', 'failed'] as const).flatMap((resync) =>
      [null, NOW].flatMap((lostAt) =>
        [null, NOW].map((newVersionAt) => needing({ failed, resync, lostAt, newVersionAt })),
      ),
    ),
  ),
  barOf('unstable', {}),
  ...[0, 1, COUNT].flatMap((sent) =>
    [true, false].map((isReturn) =>
      barOf('recovered', { memory: { recovered: { leftMs: 3000, from: NOW, isReturn, sent } } }),
    ),
  ),
  barOf('slow', {}),
  ...QUEUES.map((queue) => barOf('offlineByChoice', { queue })),
]

/** What a person has to see to; with nothing of it there is no such bar. */
function needing(what: {
  readonly failed: number
  readonly resync: 'none' | 'failed'
  readonly lostAt: number | null
  readonly newVersionAt: number | null
}): StatusView {
  const { failed, resync, lostAt, newVersionAt } = what
  const link: LinkState = { name: 'online', since: NOW, memory: BLANK }
  return barOf('attention', {
    queue: { failed, lostAt },
    facts: { connection: { link, auth: 'valid', intent: 'online', resync }, newVersionAt },
  })
}

const nameOf = ({ phase, title, detail, actions }: StatusView): string =>
  [phase, title?.key, detail?.key, ...actions].filter(Boolean).join(' ')

/** Each once, by what it says. */
export const everyBar = (): ReadonlyMap<string, StatusView> =>
  new Map(
    all()
      .filter(({ title }) => title !== null)
      .map((view) => [`${nameOf(view)} ${Object.values(view.title!.params).join()}`.trim(), view]),
  )
