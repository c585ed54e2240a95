/** Sends what waits: one at a time in each lane, in order, while the connection lets it. */
import { createAlarm } from '../core/alarm.js'
import { sleep } from '../core/clock.js'
import type { Schedule } from '../core/schedule.js'
import { isDown, type Connection } from '../core/state.js'
import type { Action, Claim } from './action.js'
import { claimRow, type Claimed } from './claim.js'
import type { Features, Resolved } from './feature.js'
import { sendOnce, type Answer, type Handler } from './handler.js'
import { placesAfter } from './let-go.js'
import { createPatience, maySend } from './patience.js'
import { isSame, type Sender } from './sender.js'
import { settle } from './settle.js'
import type { Edit, Job, Writer } from './writer.js'

/** What the drain needs. */
export interface DrainPorts {
  readonly connection: Connection
  readonly writer: Writer
  /** null: not asked for at present. */
  sender(): Pick<Sender, 'term' | 'owns' | 'holds' | 'lost'> | null
  readonly retry: Pick<Schedule, 'delay'>
  readonly maxRetries: number
  readonly parallel: number
  readonly sendTimeoutMs: number
  readonly keyLifeMs: number
  readonly features: Features
  /** What is kept, in order, as far as it is known. */
  readonly rows: readonly Action[]
  /** Resolves when all of it is known. */
  ready(): Promise<void>
  handler(name: string): Handler | undefined
  /** Whose turn it is, one for each lane. */
  heads(): readonly Action[]
  /** The store knows better than this tab: read these places again. */
  reread(positions: readonly number[]): Promise<void>
  /** `pausedUntil` has changed. */
  onChange(): void
}

/** The sending half of a queue. */
export interface Drain {
  /** Looks for something to send; to be called after every change. */
  pump(): void
  /** Until when the server asked to wait (epoch ms); null: it did not, or the time is over. */
  readonly pausedUntil: number | null
  /** Whether this tab still waits for the answer to what is at this place. */
  isInFlight(position: number): boolean
  stop(): void
}

/** Starts to send. */
export function createDrain(ports: DrainPorts): Drain {
  const { connection, writer, sender, retry, features } = ports
  const { clock, random } = connection
  const patience = createPatience({ ...ports, pause })
  /** How many lanes send at a time: a server that gets up is not buried. */
  let width = isDown(connection.state.link) ? 1 : ports.parallel
  /** By lane. */
  const inFlight = new Map<string, { readonly position: number; readonly controller: AbortController }>()
  const stopped = new AbortController()
  let pausedUntil: number | null = null
  const alarm = createAlarm(clock, pump)

  function pause(until: number | null): void {
    if (pausedUntil === until) return
    pausedUntil = until
    ports.onChange()
  }

  function pump(): void {
    const term = sender()?.term
    if (stopped.signal.aborted) return
    const now = clock.now()
    if (pausedUntil !== null && pausedUntil <= now) pause(null)
    if (pausedUntil !== null) return alarm.set(pausedUntil)
    let nextAt = Infinity
    if (term && maySend(connection.state)) {
      for (const head of patience.inTurn(ports.heads())) {
        if (inFlight.has(head.lane)) continue
        const dueAt = patience.dueAt(head.lane)
        if (dueAt > now) nextAt = Math.min(nextAt, dueAt)
        else if (inFlight.size < width && isReady(head)) void run(head, term)
      }
    }
    alarm.set(nextAt)
  }

  const isReady = ({ handler }: Action) => ports.handler(handler)?.ready?.(pump) ?? true

  async function run(head: Action, term: Claim): Promise<void> {
    const controller = new AbortController()
    inFlight.set(head.lane, { position: head.position, controller })
    try {
      const claimed = await claim(head, term)
      if (!claimed) return
      // The claim took a moment: what was true before it may be over.
      const mayStill = sender()?.holds() && maySend(connection.state) && !controller.signal.aborted
      await (mayStill ? send(claimed.action, controller) : giveBack(claimed))
    } catch {
      // The store would not take the claim: nothing was sent.
      if (!stopped.signal.aborted) patience.backOff(head.lane)
    } finally {
      inFlight.delete(head.lane)
      pump()
    }
  }

  /** The row is claimed in one transaction, and sent only if this is still the one who sends (I07). */
  async function claim(head: Action, term: Claim): Promise<Claimed | null> {
    const work = (edit: Edit) => {
      if (!sender()?.owns(edit)) return 'lost'
      return claimRow(ports, head, edit, { at: clock.now(), term })
    }
    const claimed = await writer.commit({ positions: [head.position], work })
    if (claimed === 'lost') sender()?.lost()
    else if (claimed === 'stale') await ports.reread([head.position])
    else return claimed
    return null
  }

  /** Its handler was never called: the row is what it was. Once at least, stopped or not. */
  function giveBack({ before, action }: Claimed): Promise<void> {
    const positions = [action.position]
    const work = (edit: Edit) => {
      const row = edit.row(action.position)
      if (row?.key === action.key && row.state.name === 'sending' && isSame(row.claim, action.claim)) {
        edit.put(before)
      }
    }
    return writer.commit({ positions, work }).catch(() => keep(positions, work))
  }

  async function send(action: Action, controller: AbortController): Promise<void> {
    const { credentials } = patience
    const answer = await attempt(action, controller)
    if (answer.outcome.class === 'ok') width = Math.min(width + 1, ports.parallel)
    if (answer.outcome.class === 'overloaded') width = 1
    const resolved = await resolve(action, answer, controller)
    const next = patience.plan(action, answer.outcome, credentials)
    if (resolved === 'theirs') await ports.ready()
    const { rows } = ports
    const followers = () => (resolved === 'theirs' ? placesAfter(rows, action.id) : [])
    const places = () => [action.position, ...followers(), ...features.confirmedPlaces(action)]
    const known = { action, answer, next, resolved, rows }
    await keep(places, (edit) => settle(edit, known, features, [clock, random]))
  }

  async function attempt(action: Action, controller: AbortController): Promise<Answer> {
    const handler = ports.handler(action.handler)!
    const answer = await limit(controller, () => sendOnce(handler, action, features.hand, controller.signal))
    // Without an auth port a 401 is the caller's, and so it is a refusal like any other.
    return answer.outcome.class === 'unauthorized' && !connection.auth
      ? { ...answer, outcome: { ...answer.outcome, class: 'rejected' } }
      : answer
  }

  /** A conflict may be decided without asking. */
  async function resolve(action: Action, answer: Answer, controller: AbortController): Promise<Resolved> {
    if (answer.outcome.class !== 'conflict') return 'ask'
    try {
      return await limit(controller, () => features.resolve(action, answer, controller.signal))
    } catch {
      // Nobody decides anything while the link is down: it goes again when it is back, and is refused again.
      return isDown(connection.state.link) ? {} : 'ask'
    }
  }

  async function limit<Result>(controller: AbortController, work: () => Promise<Result>): Promise<Result> {
    const cancelTimeout = clock.setTimeout(() => controller.abort(), ports.sendTimeoutMs)
    return work().finally(cancelTimeout)
  }

  /** It must be kept, or the action would be sent again: the store is asked until it takes it. */
  async function keep(positions: Job<void>['positions'] & {}, work: (edit: Edit) => void): Promise<void> {
    for (let step = 0; !stopped.signal.aborted; step++) {
      try {
        return await writer.commit({ positions, work })
      } catch {
        await sleep(clock, retry.delay(step, random.next(), 0), stopped.signal).catch(() => {})
      }
    }
  }

  let { auth: authBefore } = connection.state
  const unsubscribe = connection.subscribe(({ link, auth }) => {
    if (auth === 'valid' && authBefore !== 'valid') patience.renewed()
    authBefore = auth
    if (isDown(link)) {
      patience.forget()
      width = 1
      if (link.cause !== 'planned') for (const { controller } of inFlight.values()) controller.abort()
    }
    pump()
  })

  return {
    pump,
    get pausedUntil() {
      return pausedUntil
    },
    isInFlight: (position) => [...inFlight.values()].some((one) => one.position === position),
    stop() {
      stopped.abort()
      unsubscribe()
      alarm.set(Infinity)
      for (const { controller } of inFlight.values()) controller.abort()
    },
  }
}
