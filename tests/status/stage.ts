/** A connection with a made-up service behind it, the status over it, and a log of what was to be seen. */
import type { Random } from '../../src/core/clock.js'
import { createConnection } from '../../src/core/connection.js'
import type { PolicyOptions } from '../../src/core/policy.js'
import { sequence, type Schedule } from '../../src/core/schedule.js'
import type { AuthPort, Facts, FactSource, ProbeResult, QueueFacts } from '../../src/core/state.js'
import { EMPTY_QUEUE } from '../../src/status/facts.js'
import { createStatus, type StatusOptions } from '../../src/status/status.js'
import type { Announcement, StatusView } from '../../src/status/view.js'
import { manualClock } from '../../mocks/manual-clock.js'

/** The preset `article`, its jitter off (docs/spec/ux.md, 1.4). */
export const articleBare: Schedule = sequence(
  [250, 500, 3_000, 3_000, 3_000, 5_000, 10_000, 20_000, 30_000],
  { restartStep: 2, flapStep: 2 },
)

/** Chance that always lies in the middle: no jitter anywhere. */
const EVEN: Random = { next: () => 0.5, bytes: (length) => new Uint8Array(length), fork: () => EVEN }

export interface StageOptions extends Omit<StatusOptions, 'connections' | 'sources'> {
  schedule?: Schedule
  policy?: PolicyOptions
  auth?: AuthPort
  /** How long the service takes to answer. Default 50 ms. */
  latencyMs?: number
}

/** Times are in ms from the loss at 0. */
export async function createStage(options: StageOptions = {}) {
  const { schedule = articleBare, policy = {}, auth, latencyMs = 50, ...thresholds } = options
  const clock = manualClock()
  const begunAt = clock.now() + 60_000
  const time = () => clock.now() - begunAt

  let downFrom = Infinity
  let downTo = Infinity
  let answer: ProbeResult = { kind: 'failed' }
  const attempts: number[] = []

  const connection = createConnection({
    probe: () => {
      attempts.push(time())
      const isDown = time() >= downFrom && time() < downTo
      const result: ProbeResult = isDown ? answer : { kind: 'good', boot: `b${downTo}` }
      // Results come before timers of the same instant.
      return new Promise((resolve) => clock.schedule(clock.now() + latencyMs, 1, () => resolve(result)))
    },
    schedule,
    clock,
    random: EVEN,
    ...policy,
    ...(auth && { auth }),
  })

  const facts = createFacts()
  const status = createStatus({ connections: connection, sources: [facts.source], ...thresholds })
  const seen: string[] = []
  const views: { at: number; view: StatusView }[] = []
  const spoken: { at: number; text: string; politeness: Announcement['politeness'] }[] = []
  let last = ''
  status.subscribe((view) => {
    views.push({ at: time(), view })
    const now = view.surface === 'none' ? 'none' : `${view.tone} ${view.phase}/${view.surface}`
    if (now !== last) seen.push(`${seconds(time())} ${now}`)
    last = now
  })
  status.onAnnounce(({ politeness, message }) => spoken.push({ at: time(), politeness, text: message.key }))
  const stop = status.start()
  connection.start()
  await clock.advanceTo(begunAt)
  seen.length = views.length = spoken.length = attempts.length = 0
  last = 'none'

  return {
    clock,
    connection,
    status,
    facts,
    seen,
    views,
    spoken,
    /** When each attempt began, in seconds, without the suspicion's own probe. */
    attempts: () => attempts.slice(1).map((at) => at / 1000),
    allAttempts: () => attempts.map((at) => at / 1000),
    stop,
    /** The service does not answer in this span; the machine learns it from one lost request. */
    async outage(fromS: number, toS: number, how: ProbeResult = { kind: 'failed' }) {
      await to(fromS)
      downFrom = fromS * 1000
      downTo = toS * 1000
      answer = how
    },
    lose: () => connection.send({ type: 'SUSPICION', cause: 'server' }),
    to,
  }

  function to(atS: number): Promise<void> {
    return clock.advanceTo(begunAt + Math.round(atS * 1000))
  }
}

const seconds = (ms: number): string => (ms / 1000).toFixed(2)

/** A source whose facts are set by hand. */
export function createFacts() {
  const listeners = new Set<(facts: Partial<Facts>) => void>()
  let known: Partial<Facts> = { queue: EMPTY_QUEUE }
  const source: FactSource = {
    subscribe(listener) {
      listeners.add(listener)
      listener(known)
      return () => void listeners.delete(listener)
    },
  }
  return {
    source,
    listeners,
    set(facts: Partial<Facts>) {
      known = { ...known, ...facts }
      for (const listener of listeners) listener(known)
    },
    queue(queue: Partial<QueueFacts>) {
      this.set({ queue: { ...(known.queue ?? EMPTY_QUEUE), ...queue } })
    },
  }
}
