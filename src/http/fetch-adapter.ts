/**
 * The way to the network through a fetch, one attempt at a time.
 *
 * An attempt ends with the head of its answer: the body is the caller's, streamed as it comes, and the kit neither
 * reads nor wraps it. So a body that breaks off or falls silent is the reader's to notice, as with any fetch; an
 * event stream is nothing special; and a body of bytes on their way is no movement for the watch.
 */
import { isUnasked } from './classify.js'
import type { Adapter, Answer } from './config.js'
import { callOf, firstOf, signalsOf, type FetchConfig } from './fetch-request.js'

/** What an attempt resolves with. */
export interface FetchAnswer extends Answer {
  readonly response: Response
}

/** A request that the platform refuses itself, and would refuse again; its own error is the `cause`. */
export class Impossible extends Error {
  /** What axios calls it, so that `classify` knows it. */
  readonly code = 'ERR_BAD_REQUEST'
}

/** The core calls what this returns once for each attempt; the fetch is called in the same turn. */
export function createFetchAdapter(fetch: typeof globalThis.fetch): Adapter {
  return async (given) => {
    const config = given as FetchConfig
    drop(config)
    const end = new AbortController()
    const onEnd = () => end.abort()
    // The core's signal serves another request when this attempt is over, while its body may still be read.
    const { signal } = config
    signal?.addEventListener?.('abort', onEnd)
    try {
      // The caller's interest outlives the attempt: it ends the body too, unless others read that as well.
      const wanted = config.isShared ? [] : signalsOf(config)
      const over = wanted.length > 0 ? firstOf([end.signal, ...wanted]) : end.signal
      const response = await fetch(...callOf(config, over))
      config.response = response
      const { status, headers } = response
      const answer = { status, headers, config, response }
      return isUnasked(answer) ? { ...answer, data: await beginningOf(response) } : answer
    } catch (error) {
      throw isImpossible(error, config) ? new Impossible(undefined, { cause: error }) : error
    } finally {
      signal?.removeEventListener?.('abort', onEnd)
    }
  }
}

/** Lets go of an answer that nobody will read: unread, it would keep its connection. */
export function drop(config: FetchConfig): void {
  config.response?.body?.cancel().catch(() => {})
  config.response = null
}

/** Reads the beginning of a body, up to the first thing that is no blank. The caller reads all of it still. */
async function beginningOf(response: Response): Promise<string | undefined> {
  const reader = response.body && response.clone().body?.getReader()
  if (!reader) return undefined
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return text
      text += decoder.decode(value, { stream: true })
      if (/\S/.test(text)) return text
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}

/** Fetch says TypeError of everything: what it says of a request without a network is of the request alone. */
function isImpossible(error: unknown, config: FetchConfig): boolean {
  if (!(error instanceof TypeError) || config.kept) return false
  const { init, method, headers } = config
  try {
    void new Request('http://localhost', {
      ...init,
      method,
      headers,
      signal: null,
      body: init.body ? '' : null,
    })
    return false
  } catch {
    return true
  }
}
