/** The door: who may come in now, who waits, and who is sent away with a ticket (R33). */
import type { FastifyInstance } from 'fastify'
import type { Log } from '../log.ts'
import { Problem } from '../problem.ts'
import { RETURN_CAPACITY, createTicketBook, retryAfterS } from '../ticket.ts'
import { type Time, systemTime } from '../time.ts'
import { type LoadSource, type PressureLimits, pressureOf } from './pressure.ts'
import { createTokenBucket } from './token-bucket.ts'

/** What may come in. */
export interface LoadLimits extends PressureLimits {
  /** Requests a second, at least 1; more wait. Default 5,000. */
  readonly requestsPerSecond?: number
  /** How many may wait. Default: 5,000. */
  readonly mostWaiting?: number
  /** How many clients a second may come back after a refusal for pressure. Default 200. */
  readonly returnCapacity?: number
  /** Where the pressure is read. */
  readonly source: LoadSource
  /** Default: the real one. */
  readonly time?: Time
}

/** Options of `limitLoad`. */
export interface AdmissionOptions {
  readonly limits: LoadLimits
  /** Paths of routes that are always served: health. */
  readonly exempt: ReadonlySet<string>
  /** Told when refusing begins and ends, not of each refusal. Default: nobody. */
  readonly log?: Log | undefined
}

/**
 * Refuses with a 503 `overloaded` and Retry-After: a ticket, so that those who were sent away come back one
 * after the other. Preflights are answered before; a request that waits does so within its deadline.
 *
 * Upgrades do not pass here: whoever takes them asks `overload`, and refuses them with what it gives.
 */
export function limitLoad(
  app: FastifyInstance,
  { limits, exempt, log }: AdmissionOptions,
): { overload(): Problem | null } {
  const { requestsPerSecond = 5_000, mostWaiting = 5_000, time = systemTime } = limits
  const bucket = createTokenBucket({ perSecond: requestsPerSecond, mostWaiting, time })
  const forQueue = createTicketBook({ perSecond: requestsPerSecond, time })
  const forPressure = createTicketBook({ perSecond: limits.returnCapacity ?? RETURN_CAPACITY, time })
  let state: 'open' | 'refusing' = 'open'

  function turn(next: typeof state, why: object) {
    if (state === next) return
    state = next
    log?.({ step: next === 'open' ? 'no more shedding' : 'shedding', ...why }, 'warn')
  }

  function overload(): Problem | null {
    const pressure = pressureOf(limits.source, limits)
    if (!pressure) return null
    turn('refusing', pressure)
    return overloaded(`The ${pressure.of} is above ${pressure.most}`, forPressure.take())
  }

  app.addHook('onRequest', async (request) => {
    if (exempt.has(request.routeOptions.url ?? '')) return
    const refusal = overload()
    if (refusal) throw refusal
    const admitted = bucket.take(request.deadline.signal)
    if (!admitted) {
      turn('refusing', { of: 'waiting requests', value: bucket.waiting, most: mostWaiting })
      throw overloaded(`${mostWaiting} requests wait already`, forQueue.take(0, bucket.waiting))
    }
    if (bucket.waiting === 0) turn('open', {})
    await admitted
  })
  return { overload }
}

const overloaded = (why: string, turnMs: number) =>
  new Problem(503, 'overloaded', `${why}; nothing of this request was begun`, {
    retryAfterS: retryAfterS(turnMs),
  })
