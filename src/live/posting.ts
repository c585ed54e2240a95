/** Sends by request what waits, in order within a topic, and tries again what was not taken. */
import { untilAborted, type Stop } from '../core/clock.js'
import type { Schedule } from '../core/schedule.js'
import { isDown, type Cause, type Connection } from '../core/state.js'
import { postMessage, type PostOutcome } from './http-send.js'
import type { Message } from './outbox.js'
import { BY_REQUEST, type Sender } from './sender.js'

/** What it is made with. */
export interface PostingPorts {
  readonly connection: Connection
  readonly sender: Sender
  readonly schedule: Schedule
  /** Where to, in order; the next one is taken when one fails. */
  readonly urls: readonly URL[]
  readonly fetch: () => typeof globalThis.fetch
  readonly onSessionLost: () => void
}

/** Posts. */
export interface Posting {
  /** Sends what may be sent now. */
  pump(): void
  stop(): void
}

/** One attempt. */
interface Way {
  readonly controller: AbortController
  /** The token for it was there, and it went out. */
  isSent: boolean
}

/** As many topics at a time; a browser has six connections to a host, and a stream keeps one of them. */
const MOST_AT_ONCE = 4
/** As long as the connection's own probe is given, twice: an attempt that takes longer will not be answered. */
const ATTEMPT_TIMEOUT_MS = 10_000

/** Why what was in the air when the link was lost is let go: it is sent again under its id, instead of waited for. */
const LINK_IS_BACK = 'the link is back'

/** A token that is refused so often, though it was refreshed, will not do. */
const MOST_REFUSED = 5

/** Nothing is on its way. */
export function createPosting(ports: PostingPorts): Posting {
  const { connection, sender, schedule, urls } = ports
  const { clock, random } = connection
  const onTheWay = new Set<Way>()
  /** Tokens that were refused in a row. */
  let refused = 0
  /** Counts the stops: what came before the last one says nothing more. */
  let stops = 0
  let failures = 0
  let url = 0
  let wait: Stop | null = null
  let wasDown = false

  const mayPost = ({ link, auth }: Connection['state'] = connection.state): boolean =>
    !isDown(link) && link.name !== 'idle' && auth !== 'refreshing' && auth !== 'required'

  function pump(): void {
    const isLost = isDown(connection.state.link)
    if (wasDown && !isLost) for (const { controller } of onTheWay) controller.abort(LINK_IS_BACK)
    wasDown = isLost
    while (!wait && onTheWay.size < MOST_AT_ONCE && mayPost()) {
      const message = sender.take(BY_REQUEST)
      if (!message) return
      void post(message)
    }
  }

  async function post(message: Message): Promise<void> {
    const own: Way = { controller: new AbortController(), isSent: false }
    const { signal } = own.controller
    onTheWay.add(own)
    const startedAt = clock.now()
    const deadline = clock.setTimeout(() => own.controller.abort(), ATTEMPT_TIMEOUT_MS)
    const outcome = await untilAborted(signal, attempt(message, own)).catch((): PostOutcome | null => {
      if (signal.reason === LINK_IS_BACK) return null
      // A token that cannot be had now says nothing about the link.
      const isSilent = own.isSent && signal.aborted
      return { name: 'later', retryAfterMs: undefined, suspicion: isSilent ? 'timeout' : null }
    })
    deadline()
    // Stopped: nothing is said any more.
    if (!onTheWay.delete(own)) return
    if (outcome) take(message, outcome, startedAt)
    else sender.tell({ type: 'later', id: message.id, on: BY_REQUEST })
    pump()
  }

  /** One that went out with the token before the last refresh is sent again, and asks for no other refresh. */
  async function attempt(message: Message, own: Way, isFirst = true): Promise<PostOutcome> {
    const { signal } = own.controller
    const token = await tokenNow()
    if (signal.aborted) throw signal.reason
    own.isSent = true
    const target = urls[url % urls.length]!
    const outcome = await postMessage(message.body, { fetch: ports.fetch(), url: target, token, signal })
    if (!isFirst || outcome.name !== 'unauthorized' || outcome.isSessionLost) return outcome
    return token === (await tokenNow()) ? outcome : attempt(message, own, false)
  }
  const tokenNow = async (): Promise<string | null> => (await connection.auth?.token()) ?? null

  function take({ id, policy }: Message, outcome: PostOutcome, startedAt: number): void {
    switch (outcome.name) {
      case 'acknowledged': {
        failures = refused = 0
        const { boot, offset } = outcome
        connection.send({ type: 'GOOD_ANSWER', startedAt, ...(boot === null ? {} : { boot }) })
        return sender.tell({ type: 'acknowledged', id, offset })
      }
      case 'refused':
        failures = refused = 0
        return sender.tell({ type: 'refused', id, code: 'rejected', detail: outcome.detail })
      case 'unauthorized':
        refused += 1
        if (outcome.isSessionLost) {
          const before = stops
          ports.onSessionLost()
          // Signed out: there is nobody whose token could be renewed.
          if (before !== stops) return
        }
        // Also where this message is given up: the next one is sent with a token that may do.
        if (connection.auth) connection.send({ type: 'UNAUTHORIZED' })
        if (connection.auth === null || refused > MOST_REFUSED || policy === 'drop')
          return sender.tell({ type: 'refused', id, code: 'unauthorized', detail: '' })
        // A token that is fresh and refused is not tried as fast as it is refused.
        if (refused > 1) return again(id, policy, 0, null)
        return sender.tell({ type: 'later', id, on: BY_REQUEST })
      case 'later':
        return again(id, policy, outcome.retryAfterMs, outcome.suspicion)
    }
  }

  function again(id: string, policy: Message['policy'], retryAfterMs = 0, suspicion: Cause | null): void {
    const delayMs = schedule.delay(failures, random.next(), 0)
    failures += 1
    url += 1
    if (suspicion) connection.send({ type: 'SUSPICION', cause: suspicion })
    if (policy === 'drop') sender.tell({ type: 'refused', id, code: 'maybe-committed', detail: '' })
    else sender.tell({ type: 'later', id, on: BY_REQUEST })
    wait ??= clock.setTimeout(
      () => {
        wait = null
        pump()
      },
      Math.max(delayMs, retryAfterMs),
    )
  }

  return {
    pump,
    stop() {
      stops += 1
      failures = refused = 0
      wait?.()
      wait = null
      for (const { controller } of onTheWay) controller.abort()
      onTheWay.clear()
    },
  }
}
