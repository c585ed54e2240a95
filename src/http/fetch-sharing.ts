/** When two requests of a fetch ask for the same, and how one answer becomes two. */
import type { FetchAnswer } from './fetch-adapter.js'
import { firstOf, isRequest, signalsOf, type FetchConfig } from './fetch-request.js'
import { OF_THE_ATTEMPT } from './share.js'

/** What says how an answer is to be had. Whoever gives anything else (a dispatcher, a cache's hints) asks alone. */
const OF_THE_QUESTION = [
  'cache',
  'credentials',
  'integrity',
  'mode',
  'redirect',
  'referrer',
  'referrerPolicy',
] as const
const KNOWN = new Set<string>([
  ...OF_THE_QUESTION,
  ...['method', 'headers', 'body', 'signal', 'keepalive', 'priority'],
])

/** The same for a fetch, in its own types; see `Sharing`. */
export const fetchSharing = {
  identityOf(config: FetchConfig): string | null {
    const { method, headers, input, init, data, kept } = config
    if (!/^(get|head)$/i.test(method) || data !== null || kept) return null
    if (headers.get('accept')?.includes('text/event-stream')) return null
    if (!Object.keys(init).every((name) => KNOWN.has(name))) return null
    const asked = isRequest(input) ? input : null
    const fields = [...headers].filter(([name]) => !OF_THE_ATTEMPT.has(name))
    const rest = OF_THE_QUESTION.map((name) => init[name] ?? asked?.[name] ?? null)
    return JSON.stringify([method.toLowerCase(), config.url, fields, rest])
  },

  /** From now on its body may be read by others too: the caller's signal ends his own part of it alone. */
  begin(config: FetchConfig): void {
    config.isShared = true
  },

  copyOf<Given>(given: Given, config: FetchConfig): Given | undefined {
    if (isAnswer(given)) {
      const { status } = given.response
      // No such Response can be made: one that was redirected by hand, for example.
      if (status < 200 || status > 599) return undefined
      config.isShared = true
      return { ...given, config, response: given.response.clone() }
    }
    if (!(given instanceof Error) || given instanceof DOMException) return undefined
    return Object.create(
      Object.getPrototypeOf(given) as object,
      Object.getOwnPropertyDescriptors(given),
    ) as Given
  },

  /** Everybody has his own: unread, this one would keep the body in memory, or its connection open. */
  drop(given: unknown): void {
    if (isAnswer(given)) given.response.body?.cancel().catch(() => {})
  },
}

const isAnswer = (given: unknown): given is FetchAnswer =>
  typeof given === 'object' && given !== null && 'response' in given && given.response instanceof Response

/**
 * What the caller gets: the answer itself, or of a shared one his own part, which his signal ends as it would end
 * the whole. A Response that is made knows nothing of where it came from, so it is told.
 */
export function partOf(config: FetchConfig, response: Response): Response {
  const signals = config.isShared ? signalsOf(config) : []
  if (signals.length === 0 || !response.body) return response
  const body = response.body.pipeThrough(new TransformStream(), { signal: firstOf(signals) })
  const { status, statusText, headers, url, redirected, type } = response
  const part = new Response(body, { status, statusText, headers })
  return Object.defineProperties(part, {
    url: { value: url },
    redirected: { value: redirected },
    type: { value: type },
  })
}
