/** One message by request: for streams and polls, on which nothing can be said. One attempt, and what it means. */
import { parseRetryAfter } from '../core/retry-after.js'
import type { Cause } from '../core/state.js'
import { readText } from './bounds.js'
import { isOffset, membersOf } from './members.js'

/** What became of it. */
export type PostOutcome =
  | { readonly name: 'acknowledged'; readonly offset: number; readonly boot: string | null }
  /** It was refused, and would be again. */
  | { readonly name: 'refused'; readonly detail: string }
  | { readonly name: 'unauthorized'; readonly isSessionLost: boolean }
  /** Whether it was done is unknown, or it was not: again, with the same id. `suspicion`: what that says of the link. */
  | { readonly name: 'later'; readonly retryAfterMs: number | undefined; readonly suspicion: Cause | null }

/** What an attempt is made with. */
export interface PostPorts {
  readonly fetch: typeof globalThis.fetch
  readonly url: URL
  readonly token: string | null
  readonly signal: AbortSignal
}

/** An acknowledgement or a problem is small; what is larger is neither. */
const ANSWER_BYTES = 16 * 1024
/** Statuses that are about the moment. 409: the same message is on its way already. */
const FOR_NOW: readonly number[] = [408, 409, 421, 425, 429]

/** Posts the body once. Rejects only when the signal aborts. */
export async function postMessage(
  body: string,
  { fetch, url, token, signal }: PostPorts,
): Promise<PostOutcome> {
  try {
    const headers = new Headers({ 'Content-Type': 'application/json', Accept: 'application/json' })
    if (token !== null) headers.set('Authorization', `Bearer ${token}`)
    // A redirect would take the token along.
    const init: RequestInit = { method: 'POST', headers, body, signal, redirect: 'manual', cache: 'no-store' }
    const answer = await fetch(url.href, init)
    return judge(answer, answer.body ? await readText(answer.body, ANSWER_BYTES, signal) : '')
  } catch (error) {
    if (signal.aborted) throw error
    return { name: 'later', retryAfterMs: undefined, suspicion: 'server' }
  }
}

/** What an answer says; `text`: its body, null: too large. */
function judge({ status, headers, redirected }: Response, text: string | null): PostOutcome {
  const isJson = (headers.get('content-type') ?? '').includes('json')
  const members = isJson && text !== null ? membersOf(text) : {}
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'), headers.get('date'))
  const later = (suspicion: Cause | null): PostOutcome => ({ name: 'later', retryAfterMs, suspicion })
  const { offset, type, detail } = members
  if (status === 200 && isOffset(offset))
    return { name: 'acknowledged', offset, boot: headers.get('holdfast-boot') }
  const problem = typeof type === 'string' ? type.slice(0, 123) : null
  if (status === 401) return { name: 'unauthorized', isSessionLost: problem === 'session_unknown' }
  if (status >= 500) return later(status === 502 || status === 503 || status === 504 ? 'server' : null)
  if (FOR_NOW.includes(status)) return later(null)
  // A redirect, a page, or a success of another shape: somebody else has answered.
  if (status < 400 || redirected || (!isJson && text !== '')) return later('portal')
  const words = typeof detail === 'string' ? `: ${detail.slice(0, 200)}` : ''
  return { name: 'refused', detail: `${problem ?? `status ${status}`}${words}` }
}
