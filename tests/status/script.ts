/** The status machine alone, driven by hand: what the link does is written down, not decided. */
import type { Cause, ConnectionState, Facts, LinkState, QueueFacts } from '../../src/core/state.js'
import { BLANK } from '../../src/core/memory.js'
import { NO_FACTS, type StatusEvent } from '../../src/status/facts.js'
import { createStatusPolicy, type StatusThresholds } from '../../src/status/options.js'
import { initialStatus, reduce, type StatusState } from '../../src/status/reduce.js'
import type { Announcement, PageEvent, StatusAction, StatusView } from '../../src/status/view.js'

/** Something that was looked at on the way. */
export interface Look {
  readonly at: number
  readonly what: string
  readonly expected: string
  readonly actual: string
}

/** What was done, or looked at, and what was to be seen then: enough to do it once more through a page. */
export type ScriptStep = {
  readonly at: number
  /** What is shown after it. */
  readonly then: StatusView
} & (
  | { readonly do: 'connection'; readonly state: ConnectionState }
  | { readonly do: 'facts'; readonly facts: Facts }
  | { readonly do: 'page'; readonly event: PageEvent }
  | { readonly do: 'press'; readonly action: StatusAction }
  | { readonly do: 'look' }
)

/** All times in ms from the beginning of the script, which is at 0 of its own clock. */
export interface Script {
  readonly state: StatusState
  readonly view: StatusView
  readonly looks: readonly Look[]
  readonly steps: readonly ScriptStep[]
  readonly thresholds: StatusThresholds
  readonly spoken: readonly (Announcement & { at: number })[]
  /** Notes what is shown, as `phase/surface`, beside what should be. */
  is(expected: string): void
  /** Notes anything else beside what should be. */
  also(what: string, actual: unknown, expected: unknown): void
  /** Notes every text that was spoken so far, as `politeness key`. */
  said(...expected: readonly string[]): void
  wait(ms: number): void
  start(): void
  up(): void
  suspect(cause?: Cause): void
  /** A proven loss; the next attempt in `nextMs`. */
  lose(cause?: Cause, nextMs?: number): void
  trying(cause?: Cause): void
  /** The attempt has failed; the next one in `nextMs`. */
  failed(nextMs?: number, cause?: Cause): void
  notice(estimateMs?: number | null): void
  gaveUp(): void
  connection(change: Partial<ConnectionState>): void
  facts(change: Partial<Facts>): void
  queue(change: Partial<QueueFacts>): void
  /** One more durable write waits, as of now. */
  write(): void
  page(event: PageEvent): void
  /** A person presses a button. Alone it does nothing: what comes of it is written down after it. */
  press(action: StatusAction): void
}

/** Scripts that were made since `scriptsOf` has begun; null: nobody asks. */
let made: Script[] | null = null

/** Every script that is made while this runs, in order. */
export function scriptsOf(run: () => unknown): readonly Script[] {
  const own: Script[] = (made = [])
  run()
  made = null
  return own
}

export function createScript(thresholds: StatusThresholds = {}): Script {
  const policy = createStatusPolicy(thresholds)
  let now = 0
  let memory = BLANK
  let lostAt = 0
  let facts: Facts = NO_FACTS
  let connection: ConnectionState = {
    link: { name: 'idle', memory },
    auth: 'unknown',
    intent: 'online',
    resync: 'none',
  }
  let state = initialStatus(connection, null, policy, now)
  const looks: Look[] = []
  const spoken: (Announcement & { at: number })[] = []
  const steps: ScriptStep[] = []

  function take(event: StatusEvent): void {
    state = reduce(state, event, policy, now)
    spoken.push(...state.spoken.map((text) => ({ ...text, at: now })))
  }

  function link(next: LinkState): void {
    script.connection({ link: next })
  }

  const script: Script = {
    get state() {
      return state
    },
    get view() {
      return state.view
    },
    looks,
    steps,
    thresholds,
    spoken,
    is(expected) {
      script.also('shows', `${state.view.phase}/${state.view.surface}`, expected)
      steps.push({ at: now, then: state.view, do: 'look' })
    },
    also(what, actual, expected) {
      looks.push({ at: now, what, expected: JSON.stringify(expected), actual: JSON.stringify(actual) })
    },
    said(...expected) {
      const actual = spoken.map(({ politeness, message }) => `${politeness} ${message.key}`)
      script.also('has spoken', actual, expected)
    },
    wait(ms) {
      const endAt = now + ms
      while (state.nextAt !== null && state.nextAt <= endAt) {
        now = state.nextAt
        take({ type: 'TICK' })
      }
      now = endAt
    },
    start: () => link({ name: 'connecting', since: now, attempt: 1, cause: null, memory }),
    up() {
      memory = { ...memory, everOnline: true, onlineAt: now, plan: null }
      link({ name: 'online', since: now, memory })
    },
    suspect(cause = 'server') {
      lostAt = now
      link({ name: 'suspect', since: now, onlineSince: 0, cause, hint: null, memory })
    },
    lose(cause = 'server', nextMs = 250) {
      if (connection.link.name === 'online') lostAt = now
      else if ('since' in connection.link) lostAt = connection.link.since
      link({ name: 'waiting', since: lostAt, cause, attempt: 1, nextAttemptAt: now + nextMs, memory })
    },
    trying: (cause = 'server') => link({ name: 'trying', since: lostAt, cause, attempt: 2, memory }),
    failed: (nextMs = 3_000, cause = 'server') =>
      link({ name: 'waiting', since: lostAt, cause, attempt: 3, nextAttemptAt: now + nextMs, memory }),
    notice(estimateMs = null) {
      const firstNoticeAt = memory.plan?.firstNoticeAt ?? now
      memory = { ...memory, plan: { firstNoticeAt, noticedAt: now, estimateMs } }
      script.lose('planned', estimateMs ?? 3_000)
    },
    gaveUp: () => link({ name: 'stopped', since: lostAt, cause: 'server', reason: 'gave-up', memory }),
    connection(change) {
      connection = { ...connection, ...change }
      take({ type: 'CONNECTION', state: connection, service: null })
      steps.push({ at: now, then: state.view, do: 'connection', state: connection })
    },
    facts(change) {
      facts = { ...facts, ...change }
      take({ type: 'FACTS', facts })
      steps.push({ at: now, then: state.view, do: 'facts', facts })
    },
    queue: (change) => script.facts({ queue: { ...facts.queue, ...change } }),
    write() {
      const { waiting, total, oldestAt } = facts.queue
      script.queue({
        waiting: waiting + 1,
        total: total + 1,
        oldestAt: oldestAt ?? now,
        lastWriteAt: now,
        persisted: true,
      })
    },
    page(event) {
      take(event)
      steps.push({ at: now, then: state.view, do: 'page', event })
    },
    press: (action) => void steps.push({ at: now, then: state.view, do: 'press', action }),
  }
  made?.push(script)
  return script
}

/** A script whose link has been up for a minute. */
export function whileUp(thresholds: StatusThresholds = {}): Script {
  const script = createScript(thresholds)
  script.start()
  script.up()
  script.wait(60_000)
  return script
}

/** A script whose link has been lost for so long. */
export function whileLost(forMs: number, thresholds: StatusThresholds = {}): Script {
  const script = whileUp(thresholds)
  script.lose('server', 60_000)
  script.wait(forMs)
  return script
}
