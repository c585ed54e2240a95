/** Walks the connection machine through everything that can be sent to it, and notes where each event led. */
import { BLANK } from '../../src/core/memory.js'
import { createPolicy } from '../../src/core/policy.js'
import { steady } from '../../src/core/schedule.js'
import type { ConnectionEvent, ConnectionState, LinkName, Stamp } from '../../src/core/state.js'
import { transition } from '../../src/core/transition.js'

/** One arrow: from one state of the link to another, and the events that go that way. */
export interface Edge {
  readonly from: LinkName
  readonly to: LinkName
  readonly events: readonly ConnectionEvent['type'][]
}

type Ask = (now: number) => ConnectionEvent

const CAUSES = ['device', 'server', 'timeout', 'planned', 'portal'] as const

/** Every event, with each content that may decide differently. The compiler sees to it that none is missing. */
const EVENTS: Record<ConnectionEvent['type'], readonly Ask[]> = {
  START: [() => ({ type: 'START' })],
  STOP: [() => ({ type: 'STOP' })],
  GO_OFFLINE: [() => ({ type: 'GO_OFFLINE' })],
  GO_ONLINE: [() => ({ type: 'GO_ONLINE' })],
  SUSPICION: CAUSES.map((cause) => () => ({ type: 'SUSPICION', cause })),
  GOOD_ANSWER: [
    (now) => ({ type: 'GOOD_ANSWER', startedAt: now }),
    (now) => ({ type: 'GOOD_ANSWER', startedAt: now, boot: 'another' }),
  ],
  PROBE_OK: [() => ({ type: 'PROBE_OK', boot: 'one' })],
  PROBE_FAILED: (['server', 'timeout', 'portal'] as const).map((cause) => () => ({
    type: 'PROBE_FAILED',
    cause,
  })),
  NOTICE: [() => ({ type: 'NOTICE' }), () => ({ type: 'NOTICE', retryAfterMs: 4_000 })],
  WAKE: [() => ({ type: 'WAKE' })],
  VISIBLE: [() => ({ type: 'VISIBLE' })],
  HIDDEN: [() => ({ type: 'HIDDEN' })],
  NAV_ONLINE: [() => ({ type: 'NAV_ONLINE' })],
  NAV_OFFLINE: [() => ({ type: 'NAV_OFFLINE' })],
  RETRY_NOW: [() => ({ type: 'RETRY_NOW' })],
  WANTED: [() => ({ type: 'WANTED' })],
  TIMER: [() => ({ type: 'TIMER' })],
  UNAUTHORIZED: [() => ({ type: 'UNAUTHORIZED' })],
  REFRESHED: [() => ({ type: 'REFRESHED' })],
  REFRESH_REFUSED: [() => ({ type: 'REFRESH_REFUSED' })],
  REFRESH_LOST: [() => ({ type: 'REFRESH_LOST' })],
  SIGNED_IN: [() => ({ type: 'SIGNED_IN' })],
  SIGNED_OUT: [() => ({ type: 'SIGNED_OUT' })],
  RESYNC: [() => ({ type: 'RESYNC', resync: 'none' })],
}

/** At once; after a blink; after the longest of the short gaps; after the time in which trying ends. */
const PAUSES_MS = [0, 20, 10_000, 70_000]

/** Trying ends after a minute here, so that `stopped` is reached. */
const POLICY = createPolicy({ giveUpAfterMs: 60_000 }, steady)

interface Place {
  readonly state: ConnectionState
  readonly now: number
}

/** What may decide differently; instants and counts are left out, so that there are few places. */
function sortOf({ state }: Place): string {
  const { link, auth, intent, resync } = state
  const { plan, hiddenAt, navOnline, downVisibleMs } = link.memory
  const cause = 'cause' in link ? link.cause : null
  const isPlanned = link.name === 'waiting' && link.nextAttemptAt !== null
  const spent = downVisibleMs >= POLICY.giveUpAfterMs
  return JSON.stringify([
    ...[link.name, cause, isPlanned, plan !== null, hiddenAt !== null, navOnline, spent],
    ...[auth, intent, resync],
  ])
}

function* steps(place: Place): Generator<{ type: ConnectionEvent['type']; next: Place }> {
  for (const asks of Object.values(EVENTS)) {
    for (const ask of asks) {
      for (const pauseMs of PAUSES_MS) {
        const now = place.now + pauseMs
        const stamp: Stamp = { now, roll: 0.5, wanted: true, steps: false, silentMs: pauseMs }
        const event = ask(now)
        const [state] = transition(place.state, event, POLICY, stamp)
        yield { type: event.type, next: { state, now } }
      }
    }
  }
}

/** All arrows between different states of the link, found by trying. */
export function exploreMachine(): readonly Edge[] {
  const start: Place = {
    state: { link: { name: 'idle', memory: BLANK }, auth: 'unknown', intent: 'online', resync: 'none' },
    now: 1_000_000,
  }
  const seen = new Set([sortOf(start)])
  const open = [start]
  const found = new Map<string, { from: LinkName; to: LinkName; events: Set<ConnectionEvent['type']> }>()
  for (let place = open.pop(); place; place = open.pop()) {
    const from = place.state.link.name
    for (const { type, next } of steps(place)) {
      const to = next.state.link.name
      if (from !== to) {
        const edge = found.get(`${from} ${to}`) ?? { from, to, events: new Set() }
        found.set(`${from} ${to}`, edge)
        edge.events.add(type)
      }
      const sort = sortOf(next)
      if (!seen.has(sort)) {
        seen.add(sort)
        open.push(next)
      }
    }
  }
  const order = Object.keys(EVENTS)
  return [...found.values()].map(({ from, to, events }) => ({
    from,
    to,
    events: [...events].sort((a, b) => order.indexOf(a) - order.indexOf(b)),
  }))
}
