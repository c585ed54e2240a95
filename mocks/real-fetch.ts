/** What lies behind simulated networks: the fetch of the page or the process itself. */
import type { Stop } from '../src/core/state.js'

type Fetch = typeof globalThis.fetch

/** Where a fetch that stands in the place of another keeps what lies behind it. */
const ORIGINAL = Symbol.for('holdfast/original-fetch')

/** What `bypass` of MSW puts among the types that a request accepts, so that nobody mocks it. */
const BYPASS = 'msw/passthrough'

const originalOf = (fetch: Fetch): Fetch | undefined => Reflect.get(fetch, ORIGINAL) as Fetch | undefined

/** The real one, however many networks are installed before it. */
export function realFetch(): Fetch {
  let real = globalThis.fetch
  for (let next = originalOf(real); next; next = originalOf(real)) real = next
  return real
}

/** Puts a fetch in the place of the global one; `real` is what lies behind it. */
export function standIn(replacement: Fetch, real: Fetch): Stop {
  const original = globalThis.fetch
  Reflect.set(replacement, ORIGINAL, real)
  globalThis.fetch = replacement
  return () => void (globalThis.fetch = original)
}

/**
 * Puts a network in the place of the global fetch, for the URLs that are its own and that no `bypass` of MSW has marked.
 *
 * @param base what relative URLs are resolved against; undefined: they are the original's.
 */
export function replaceFetch(owns: (url: URL) => boolean, send: Fetch, base: string | undefined): Stop {
  const original = globalThis.fetch
  const replacement: Fetch = (input, init) => {
    const text = input instanceof Request ? input.url : String(input)
    const url = URL.canParse(text, base) ? new URL(text, base) : null
    if (!url || !owns(url)) return original(input, init)
    const bypassed = input instanceof Request ? unmarked(input) : null
    if (bypassed) return realFetch()(bypassed, init)
    return send(input instanceof Request ? input : url, init)
  }
  return standIn(replacement, original)
}

/** The request without MSW's mark, as its own worker sends it; null: it has none. */
function unmarked(request: Request): Request | null {
  const types = request.headers.get('Accept')?.split(/\s*,\s*/) ?? []
  if (!types.includes(BYPASS)) return null
  const headers = new Headers(request.headers)
  const others = types.filter((type) => type !== BYPASS)
  if (others.length > 0) headers.set('Accept', others.join(', '))
  else headers.delete('Accept')
  return new Request(request, { headers })
}
