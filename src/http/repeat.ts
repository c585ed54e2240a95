/** What follows an attempt that was no success: it waits, goes again, or its caller gets what there is. */
import { isDown, type AuthPort, type Connection } from '../core/state.js'
import type { Call } from './call.js'
import type { Classified } from './classify.js'
import type { Answer, Config } from './config.js'
import { decide } from './decide.js'
import type { Endings } from './endings.js'
import type { EndedBy } from './flight.js'
import { header } from '../core/headers.js'
import type { Holding } from './holding.js'
import { whyNotAgain } from './idempotency.js'
import type { Why } from './log.js'
import type { Settings } from './options.js'
import type { Release } from './release.js'
import { isVain, type Waits } from './wait.js'
import { deadlineOf, holdMsOf, retriesOf, scheduleOf } from './wishes.js'

/** What repeating needs of its client. */
export interface RepeatPorts {
  readonly waits: Waits
  readonly holding: Holding
  readonly endings: Endings
  /** Sends it as soon as it may go. */
  readonly again: Release
  /** How often the link was lost so far: whoever waited knows by it what the verdict was. */
  losses(): number
}

/** How the attempt went, besides its outcome. */
export interface Trip {
  /** The verdict was still open when it was sent. */
  readonly isProvisional: boolean
  /** Why the kit ended it; null: it ended by itself. */
  readonly endedBy: EndedBy | null
  /** It was sent after the last refresh of the token. */
  readonly isSinceRefresh: boolean
}

/** Goes on after an attempt. */
export type After = (call: Call, outcome: Classified, trip: Trip) => Promise<Answer>

/** A token that takes longer to be had is not waited for only to spare a refresh. */
const COMPARED_WITHIN_MS = 1_000

/** The scheme is the application's; only what comes after it is renewed, and a `$` in it means nothing. */
function putOn({ headers }: Config, token: string): void {
  const old = header(headers, 'authorization')
  if (old)
    headers.set(
      'Authorization',
      old.replace(/\S+$/, () => token),
    )
}

/** Makes the second and later attempts of one client's requests. */
export function createRepeats(connection: Connection, settings: Settings, ports: RepeatPorts): After {
  const { clock, random, auth } = connection
  const { waits, holding, endings, again, losses } = ports
  const { journal } = settings

  async function after(call: Call, outcome: Classified, trip: Trip): Promise<Answer> {
    const { isProvisional, endedBy } = trip
    const isRefused = outcome.class === 'unauthorized' && auth !== null
    const other = isRefused && call.restamps === 0 ? await otherToken(call) : null
    if (isRefused && other === null && trip.isSinceRefresh) connection.send({ type: 'UNAUTHORIZED' })
    const { link } = connection.state
    const lossesBefore = losses()
    // What the server asked for counts from its answer, whatever the link does meanwhile (I24).
    const notBefore = clock.now() + (outcome.retryAfterMs ?? 0)
    const [next, why] = decide({
      outcome,
      link,
      endedBy,
      whyNot: whyNotAgain(call.config, outcome.class, settings.idempotency),
      mayRefresh: auth !== null && (other !== null || call.refreshes === 0),
      isPastDeadline: clock.now() >= deadlineOf(call.config, settings, call.arrivedAt),
    })
    if (next === 'finish') return endings.giveBack(call, why)
    if (next === 'refresh') return other === null ? refresh(call) : restamp(call, other)
    if (next === 'retry') return retry(call, why, notBefore)
    if (link.name !== 'online') await holding.hold(call, why)
    const wasLost = endedBy === 'lost' || isDown(link) || losses() !== lossesBefore
    // The verdict was good. A failure from before it was known is forgiven once; others are the request's own.
    const isForgiven = wasLost || (isProvisional && call.pardons === 0)
    if (!isForgiven || clock.now() < notBefore) return retry(call, 'failed', notBefore)
    if (!wasLost) call.pardons += 1
    return again(call, 'link-up')
  }

  /** Repeats after a pause, and not before the server wants it. A longer one is the caller's to decide. */
  async function retry(call: Call, why: Why, notBefore: number): Promise<Answer> {
    const { config, arrivedAt } = call
    const now = clock.now()
    const floorMs = Math.max(0, notBefore - now)
    if (call.retries >= retriesOf(config, settings)) return endings.giveBack(call, 'retries-used')
    if (floorMs > holdMsOf(config, settings)) return endings.giveBack(call, 'hint-too-long')
    const ownMs = scheduleOf(config, settings).delay(call.retries, random.next(), now - arrivedAt)
    const delayMs = floorMs + ownMs
    if (now + delayMs >= deadlineOf(config, settings, arrivedAt)) return endings.giveBack(call, 'deadline')
    call.retries += 1
    journal(call, 'retry', why, delayMs)
    const ending = await waits.start('retry', call, delayMs)
    if (isVain(ending)) return endings.giveBack(call, ending)
    const whyNot = await holding.token(call)
    return whyNot ? endings.giveBack(call, whyNot) : again(call, why)
  }

  /** Repeats once with a new token, if there is one: a refusal or a lost refresh gives the 401 to the caller. */
  async function refresh(call: Call): Promise<Answer> {
    const { config, arrivedAt } = call
    call.refreshes += 1
    journal(call, 'refresh', 'unauthorized')
    const leftMs = deadlineOf(config, settings, arrivedAt) - clock.now()
    const longestMs = Math.min(holdMsOf(config, settings), leftMs)
    if (connection.state.auth === 'refreshing') await waits.start('auth', call, longestMs)
    if (connection.state.auth !== 'valid') return endings.giveBack(call, 'not-refreshed')
    const token = await tokenFor(call, longestMs)
    if (token) putOn(config, token)
    return again(call, 'unauthorized')
  }

  /** It was held, or under way, while the token was renewed: it goes again with today's, and asks for no other. */
  function restamp(call: Call, token: string): Promise<Answer> {
    call.restamps += 1
    journal(call, 'refresh', 'unauthorized')
    putOn(call.config, token)
    return again(call, 'unauthorized')
  }

  /** Today's token, where it is another one than was sent; null: the same, or there is no telling. */
  async function otherToken(call: Call): Promise<string | null> {
    const sent = /\S+$/.exec(header(call.config.headers, 'authorization') ?? '')?.[0]
    if (sent === undefined) return null
    const token = await tokenFor(call, COMPARED_WITHIN_MS)
    return token === sent ? null : token
  }

  /** Today's token, as long as its caller waits for it; null: there is none, or none in time. */
  async function tokenFor(call: Call, longestMs: number): Promise<string | null> {
    let token: string | null = null
    void tokenOf(auth).then((given) => {
      token = given
      waits.end('go', 'token', (one) => one === call)
    })
    const ending = await waits.start('token', call, longestMs)
    if (isVain(ending)) throw endings.refuse(call, ending, ending)
    return token
  }

  return after
}

/** Today's token; null if there is none, or none can be had: the server will say so again. */
async function tokenOf(auth: AuthPort | null): Promise<string | null> {
  try {
    return (await auth?.token()) ?? null
  } catch {
    return null
  }
}
