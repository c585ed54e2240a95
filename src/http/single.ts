/** A kept write on its way out: one attempt, to the service alone. reliability.md, "redirects", and I14. */
import { HoldfastError } from '../core/errors.js'
import type { OutcomeClass } from '../core/outcome.js'
import { isRedirect } from './classify.js'
import type { Answer, Config, HoldfastReport } from './config.js'

/**
 * Sends a request with a key of its own; a redirect is no success. Node's adapter and that of fetch do not
 * follow one; a page's XMLHttpRequest cannot be kept from it.
 */
export async function sendSingle<C extends Config, A extends Answer>(
  config: C,
  send: (config: C) => Promise<A>,
): Promise<A> {
  config.maxRedirects = 0
  const response = await send(config)
  if (isRedirect(response.status)) throw failure('maybe-committed', 'it was redirected', 'maybe-committed', 1)
  return response
}

/** What comes out of a store must not take today's token to where the service does not live. */
export async function refuseForeign(): Promise<never> {
  throw refused('it must go to an origin of the service')
}

/** The error of a write that can never be sent as it is: final, so that no queue asks again. */
export const refused = (detail: string): HoldfastError => failure('bad-action', detail, 'rejected', 0)

function failure(
  code: 'bad-action' | 'maybe-committed',
  detail: string,
  outcome: OutcomeClass,
  attempts: number,
): HoldfastError & { holdfast: HoldfastReport } {
  return Object.assign(new HoldfastError(code, detail), { holdfast: { outcome, attempts } })
}
