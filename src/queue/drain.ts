/** Sends what waits: one at a time in each lane, in order, while the connection lets it. */
import { sleep } from '../core/clock.js'
import type { Schedule } from '../core/schedule.js'
import { isDown, type Connection, type Stop } from '../core/state.js'
import { transition } from './action-state.js'
import type { Action, Claim } from './action.js'
import { detailOf } from './failure.js'
import { sendOnce, type Answer, type Handler } from './handler.js'
import { isExpired, isTooOld } from './line-up.js'
import { createPatience, maySend, type Next } from './patience.js'
import { isSame, type Sender } from './sender.js'
import type { Edit, Writer } from './writer.js'

/** What the drain needs. */
export interface DrainPorts {
  readonly connection: Connection
  readonly writer: Writer
  /** null: not asked for at present. */
  sender(): Pick<Sender, 'term' | 'owns' | 'lost'> | null
  readonly retry: Pick<Schedule, 'delay'>
  readonly maxRetries: number
  readonly parallel: number
  readonly sendTimeoutMs: number
  readonly keyLifeMs: number
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

/** A row as it was before its claim, and since. */
interface Claimed {
  readonly before: Action
  readonly action: Action
}

/** Starts to send. */
export function createDrain(ports: DrainPorts): Drain {
  const { connection, writer, sender, retry } = ports
  const { clock, random } = connection
  const patience = createPatience({ ...ports, pause })
  /** By lane. */
  const inFlight = new Map<string, { readonly position: number; readonly controller: AbortController }>()
  const stopped = new AbortController()
  let pausedUntil: number | null = null
  let cancel: Stop | null = null

  const wakeAt = (at: number) => {
    cancel?.()
    cancel = at === Infinity ? null : clock.setTimeout(pump, at - clock.now())
  }

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
    if (pausedUntil !== null) return wakeAt(pausedUntil)
    let nextAt = Infinity
    if (term && maySend(connection.state)) {
      for (const head of ports.heads()) {
        if (inFlight.has(head.lane)) continue
        const dueAt = patience.dueAt(head.lane)
        if (dueAt > now) nextAt = Math.min(nextAt, dueAt)
        else if (inFlight.size < ports.parallel) void run(head, term)
      }
    }
    wakeAt(nextAt)
  }

  async function run(head: Action, term: Claim): Promise<void> {
    const controller = new AbortController()
    inFlight.set(head.lane, { position: head.position, controller })
    try {
      const claimed = await claim(head, term)
      if (!claimed || stopped.signal.aborted) return
      // The claim took a moment: what was true before it may be over.
      const mayStill = sender()?.term && maySend(connection.state) && !controller.signal.aborted
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
      const row = edit.row(head.position)
      if (row?.id !== head.id) return 'stale'
      const at = clock.now()
      // A clock that jumped while the device slept: its key does not protect it any more (I09).
      if (isTooOld(row, { now: at, keyLifeMs: ports.keyLifeMs })) return 'stale'
      const event = isExpired(row, at)
        ? ({ type: 'EXPIRE' } as const)
        : ports.handler(row.handler)
          ? ({ type: 'CLAIM', at, claim: term } as const)
          : ({ type: 'NO_HANDLER' } as const)
      const next = transition(row, event)
      if (!next || next === row) return 'stale'
      edit.put(next)
      return next.state.name === 'sending' ? { before: row, action: next } : null
    }
    const claimed = await writer.commit({ positions: [head.position], work })
    if (claimed === 'lost') sender()?.lost()
    else if (claimed === 'stale') await ports.reread([head.position])
    else return claimed
    return null
  }

  /** Its handler was never called: the row is what it was. */
  function giveBack({ before, action }: Claimed): Promise<void> {
    return keep(action.position, (edit) => {
      const row = edit.row(action.position)
      if (row?.key === action.key && row.state.name === 'sending' && isSame(row.claim, action.claim)) {
        edit.put(before)
      }
    })
  }

  async function send(action: Action, controller: AbortController): Promise<void> {
    const { credentials } = patience
    const answer = await attempt(action, controller)
    const next = patience.plan(action, answer.outcome, credentials)
    await settle(action, answer, next)
  }

  async function attempt(action: Action, controller: AbortController): Promise<Answer> {
    const handler = ports.handler(action.handler)!
    const cancelTimeout = clock.setTimeout(() => controller.abort(), ports.sendTimeoutMs)
    const answer = await sendOnce(handler, action, controller.signal)
    cancelTimeout()
    // Without an auth port a 401 is the caller's, and so it is a refusal like any other.
    return answer.outcome.class === 'unauthorized' && !connection.auth
      ? { ...answer, outcome: { ...answer.outcome, class: 'rejected' } }
      : answer
  }

  function settle(action: Action, answer: Answer, next: Next): Promise<void> {
    const outcome = next === 'refused' ? { ...answer.outcome, class: 'rejected' as const } : answer.outcome
    const detail = detailOf(answer.error)
    return keep(action.position, (edit) => {
      const row = edit.row(action.position)
      if (row?.key !== action.key) return
      // A confirmed answer is the truth, whoever sends by now; any other one only from the one who does.
      if (outcome.class === 'ok') return edit.end(row, { outcome: 'confirmed', result: answer.result })
      if (!isSame(row.claim, action.claim)) return
      const after = transition(row, {
        type: 'ANSWER',
        outcome,
        next: next === 'person' ? 'person' : 'again',
        ...(detail === undefined ? {} : { detail }),
      })
      if (after && after !== row) edit.put(after, answer.error)
    })
  }

  /** It must be kept, or the action would be sent again: the store is asked until it takes it. */
  async function keep(position: number, work: (edit: Edit) => void): Promise<void> {
    for (let step = 0; !stopped.signal.aborted; step++) {
      try {
        return await writer.commit({ positions: [position], work })
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
      cancel?.()
      for (const { controller } of inFlight.values()) controller.abort()
    },
  }
}
