/** Whose requests concern us. Everything else passes through untouched. */
import { thatIs } from '../core/options.js'
import type { Config } from './config.js'

/** A path that cannot leave the origin it is resolved against: no scheme, no second slash, no blanks. */
const PLAIN_PATH = /^(?:\/(?![/\\])|[\w-]+(?:[/?#]|$)|[?#]|$)[^\s\\]*$/

/** As axios decides it (buildFullPath). */
const ABSOLUTE = /^([a-z][a-z\d+.-]*:)?\/\//i

const pageUrl = (): string | undefined => globalThis.document?.baseURI ?? globalThis.location?.href

/** The URL, resolved against the page. */
export const absolute = (url: string): string => new URL(url, pageUrl()).href

/** The origin of a URL, resolved against the page; undefined if it has none. */
function originOf(url: string): string | undefined {
  try {
    const { origin } = new URL(url, pageUrl())
    return origin === 'null' ? undefined : origin
  } catch {
    return undefined
  }
}

/** A bare origin. */
export const origin = thatIs<string>(
  'an origin, such as "https://api.example.com"',
  (given) => typeof given === 'string' && originOf(given) === given,
)

/** The address of a request, put together as axios does it; not resolved. */
export function addressOf({ url = '', baseURL, allowAbsoluteUrls }: Config): string {
  const isRelative = baseURL && (allowAbsoluteUrls === false || !ABSOLUTE.test(url))
  return isRelative ? `${baseURL.replace(/\/+$/, '')}/${url.replace(/^\/+/, '')}` : url
}

/**
 * Tells whether a request goes to the service. Without `given`: the page's origin and that of the instance's
 * baseURL; `more` (the connection's) are added in any case. Allocates nothing for the usual URLs.
 */
export function createOrigins(
  axios: { readonly defaults: { readonly baseURL?: string } },
  given: readonly string[] | undefined,
  more: readonly string[],
): (config: Config) => boolean {
  let defaultBase = axios.defaults.baseURL
  let known = collect()
  let lastBase: string | undefined
  let lastBaseIsOurs = has('')

  function collect(): readonly string[] {
    const defaults = [originOf(''), defaultBase === undefined ? undefined : originOf(defaultBase)]
    return [...(given ?? defaults), ...more].filter((origin) => origin !== undefined)
  }

  function has(url: string): boolean {
    for (const origin of known) {
      const next = url.startsWith(origin) ? url[origin.length] : '@'
      if (next === undefined || next === '/' || next === '?' || next === '#') return true
    }
    const origin = originOf(url)
    return origin !== undefined && known.includes(origin)
  }

  /** Most instances have one base: the last one asked for is remembered. */
  function isBaseOurs(base: string | undefined): boolean {
    if (base !== lastBase) {
      lastBase = base
      lastBaseIsOurs = has(base ?? '')
    }
    return lastBaseIsOurs
  }

  return (config) => {
    const { url = '', baseURL } = config
    if (axios.defaults.baseURL !== defaultBase) {
      defaultBase = axios.defaults.baseURL
      known = collect()
      lastBaseIsOurs = has(lastBase ?? '')
    }
    return PLAIN_PATH.test(url) ? isBaseOurs(baseURL || undefined) : has(addressOf(config))
  }
}
