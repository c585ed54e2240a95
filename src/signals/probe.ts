/** The health check: one attempt, and what its answer means. */
import { badOption } from '../core/errors.js'
import { known } from '../core/known.js'
import { func, isObject, oneOf, optional, readOptions, thatIs, type Reader } from '../core/options.js'
import { parseRetryAfter } from '../core/retry-after.js'
import type { Probe, ProbeResult } from '../core/state.js'

/** Options of `probe`. */
export interface ProbeOptions {
  /**
   * `marked` (default): 204 or 200 with the header `Holdfast: 1`. `any-response`: whatever comes unredirected
   * from the probe's own origin, is no HTML and is below 500; captive portals are then only partly recognised.
   */
  accept?: 'marked' | 'any-response'
  /** The fetch to be used. Default: the global one, looked up at each attempt. */
  fetch?: typeof globalThis.fetch
  /** Headers of the request; each one that is not simple forces a preflight. Default: none. */
  headers?: Readonly<Record<string, string>>
}

const OPTIONS = {
  accept: oneOf(['marked', 'any-response'], 'marked'),
  fetch: optional(func<typeof globalThis.fetch>('a fetch')),
  headers: thatIs<Readonly<Record<string, string>>>('headers by name', isObject, {}),
} satisfies Record<keyof ProbeOptions, Reader<unknown>>

/** What a health answer says. Pure. */
export function readHealth(answer: Response, accept: 'marked' | 'any-response'): ProbeResult {
  const { headers, status } = answer
  const isOurs = headers.get('holdfast') === '1'
  const boot = headers.get('holdfast-boot') || undefined
  const isHtml = headers.get('content-type')?.includes('html')
  if (isOurs && status === 503) {
    const retryAfterMs = parseRetryAfter(headers.get('retry-after'), headers.get('date'))
    return known({ kind: 'draining', boot, retryAfterMs })
  }
  if (isOurs && status === 401) return known({ kind: 'unauthorized', boot })
  if (isOurs && (status === 204 || status === 200)) return known({ kind: 'good', boot })
  if (status >= 500) return { kind: 'failed' }
  if (accept === 'any-response' && !answer.redirected && answer.type !== 'opaqueredirect' && !isHtml) {
    return status === 401 ? { kind: 'unauthorized' } : { kind: 'good' }
  }
  // Somebody else answered: a redirect, a page, or 200 without the marker.
  return { kind: isOurs ? 'failed' : 'portal' }
}

/**
 * A probe that asks this URL by GET, without cache and without following redirects.
 * @param url absolute, or relative to the page
 * @throws `bad-option`
 */
export function probe(url: string | URL, options: ProbeOptions = {}): Probe {
  const { accept, headers, fetch } = readOptions('probe', options, OPTIONS)
  const base = globalThis.location?.href
  if (!URL.canParse(String(url), base)) throw badOption('probe.url', url, 'a URL, absolute outside a page')
  const target = new URL(url, base)
  if (accept === 'any-response') {
    console.warn('[holdfast] probe: with accept "any-response" captive portals are only partly recognised')
  }
  let hasWarned = false
  /** People are told of a portal; whoever has just forgotten the marker has to be told of that. */
  const warnOnce = ({ status, type }: Response): void => {
    if (hasWarned) return
    hasWarned = true
    const what = type === 'opaqueredirect' ? 'a redirect' : String(status)
    console.warn(
      `[holdfast] probe: ${target.href} answered ${what} without the header "Holdfast: 1", as a captive portal does. ` +
        'If this is your server: let GET on it answer 204 with that header (and, for pages of another origin, ' +
        'Access-Control-Expose-Headers: Holdfast), or give probe() the option accept: "any-response".',
    )
  }
  const ask = async (signal: AbortSignal): Promise<ProbeResult> => {
    const send = fetch ?? globalThis.fetch
    const answer = await send(target.href, { headers, signal, cache: 'no-store', redirect: 'manual' })
    const result = readHealth(answer, accept)
    if (result.kind === 'portal' && accept === 'marked') warnOnce(answer)
    return result
  }
  return Object.assign(ask, { origin: target.origin })
}
