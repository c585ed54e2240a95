/** What follows an attempt that was no success: it waits, goes again, or its caller gets what there is. */
import type { AxiosResponse } from 'axios'
import type { HoldfastErrorCode } from '../core/errors.js'
import type { OutcomeClass } from '../core/outcome.js'
import { isDown, type AuthPort, type Connection } from '../core/state.js'
import { finish, refusal, type Call } from './call.js'
import { cancelled } from './cancel.js'
import type { Classified } from './classify.js'
import type { Config } from './config.js'
import { decide } from './decide.js'
import { header } from './headers.js'
import type { Settings } from './options.js'
import type { Ending, Waits } from './wait.js'

/** What repeating needs of its client. */
export interface RepeatPorts {
  /** Hands it to the adapter. */
  launch(config: Config, call: Call): Promise<AxiosResponse>
  /** Whether a request may be sent again after an outcome of this class. */
  mayGoAgain(config: Config, outcome: OutcomeClass): boolean
  /** How often the link was lost so far: whoever waited knows by it what the verdict was. */
  losses(): number
  /** False once the kit was taken off: nothing is sent any more. */
  isOpen(): boolean
}

/** How the attempt went, besides its outcome. */
export interface Trip {
  /** The verdict was still open when it was sent. */
  readonly isProvisional: boolean
  /** The kit ended it because the link was lost. */
  readonly isLost: boolean
}

/** The second and later attempts of a client's requests. */
export interface Repeats {
  /** Goes on after an attempt. */
  after(call: Call, outcome: Classified, trip: Trip): Promise<AxiosResponse>
  /** Sends it as soon as the link is up. */
  again(call: Call): Promise<AxiosResponse>
}

/** How holding ends in vain. */
const CODES: Readonly<Record<Exclude<Ending, 'go'>, HoldfastErrorCode>> = {
  late: 'gave-up',
  stopped: 'stopped',
  paused: 'paused',
}

/** Makes the second and later attempts. */
export function createRepeats(
  connection: Connection,
  settings: Settings,
  waits: Waits,
  ports: RepeatPorts,
): Repeats {
  const { clock, random, auth } = connection

  async function after(call: Call, outcome: Classified, trip: Trip): Promise<AxiosResponse> {
    const { link } = connection.state
    const lossesBefore = ports.losses()
    const mayRepeat = ports.mayGoAgain(call.config, outcome.class)
    const mayRefresh = auth !== null && call.refreshes === 0
    const next = decide({ outcome, link, isLost: trip.isLost, mayRepeat, mayRefresh })
    if (next === 'finish') return finish(call)
    if (next === 'refresh') return refresh(call)
    if (next === 'retry') return retry(call)
    if (link.name !== 'online') await hold(call)
    if (trip.isLost || isDown(link) || ports.losses() !== lossesBefore) return again(call)
    // The verdict was good. A failure from before it was known is forgiven once; others are the request's own.
    if (!trip.isProvisional || call.pardons > 0) return retry(call)
    call.pardons += 1
    return again(call)
  }

  /** Waits for the link. Rejects when that is in vain. */
  async function hold(call: Call): Promise<void> {
    if (waits.held >= settings.maxHeld) throw refusal(call, 'hold-full')
    const since = clock.now()
    const ending = await waits.start('link', call, Math.max(0, settings.holdMs - call.heldMs))
    call.heldMs += clock.now() - since
    if (ending !== 'go') throw refusal(call, CODES[ending])
  }

  /** Repeats after a pause; what the server asked for is its floor. A longer one is the caller's to decide. */
  async function retry(call: Call): Promise<AxiosResponse> {
    const floorMs = call.last?.outcome.retryAfterMs ?? 0
    if (call.retries >= settings.retries || floorMs > settings.holdMs) return finish(call)
    const ownMs = settings.schedule.delay(call.retries, random.next(), clock.now() - call.arrivedAt)
    call.retries += 1
    const ending = await waits.start('retry', call, floorMs + ownMs)
    return ending === 'late' ? again(call) : finish(call)
  }

  /** Repeats once with a new token, if there is one: a refusal or a lost refresh gives the 401 to the caller. */
  async function refresh(call: Call): Promise<AxiosResponse> {
    call.refreshes += 1
    if (connection.state.auth === 'refreshing') await waits.start('auth', call, settings.holdMs)
    if (connection.state.auth !== 'valid') return finish(call)
    const { headers } = call.config
    const token = await tokenOf(auth)
    const old = header(headers, 'authorization')
    // The scheme is the application's; only what comes after it is renewed, and a `$` in it means nothing.
    if (token && old)
      headers.set(
        'Authorization',
        old.replace(/\S+$/, () => token),
      )
    return again(call)
  }

  /** Sends it when the link is up; never after the kit was stopped or detached. */
  async function again(call: Call): Promise<AxiosResponse> {
    while (ports.isOpen() && isDown(connection.state.link)) await hold(call)
    const { link, intent } = connection.state
    if (!ports.isOpen() || link.name === 'idle')
      throw refusal(call, intent === 'offline' ? 'paused' : 'stopped')
    const reason = cancelled(call.config)
    if (reason !== undefined) throw reason
    return ports.launch(call.config, call)
  }

  return { after, again }
}

/** Today's token; null if there is none, or none can be had: the server will say so again. */
async function tokenOf(auth: AuthPort | null): Promise<string | null> {
  try {
    return (await auth?.token()) ?? null
  } catch {
    return null
  }
}
