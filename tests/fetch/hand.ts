/** A fetch that is answered by hand, and remembers what it was called with. */

/** One call of it. */
export interface Call {
  readonly input: RequestInfo | URL
  readonly init: RequestInit
  /** As the platform understands the two. */
  readonly request: Request
  readonly isOpen: () => boolean
  answer(status?: number, body?: BodyInit | null, headers?: Record<string, string>): void
  /** Answers with this very object. */
  give(response: Response): void
  fail(error?: unknown): void
}

export interface Hand {
  readonly calls: Call[]
  readonly last: Call
  readonly open: number
  readonly fetch: typeof globalThis.fetch
}

export const JSON_TYPE = { 'content-type': 'application/json' }

export function createHand(): Hand {
  const calls: Call[] = []
  let open = 0
  return {
    calls,
    get last() {
      const last = calls.at(-1)
      if (!last) throw new Error('nothing was sent')
      return last
    },
    get open() {
      return open
    },
    fetch: (input, init = {}) =>
      new Promise((resolve, reject) => {
        // As the platform: whatever cannot be is refused, and a body is used up.
        const request = new Request(input, init)
        const { signal } = request
        let isOpen = true
        const end = (settle: () => void) => {
          if (!isOpen) return
          isOpen = false
          open -= 1
          settle()
        }
        signal.throwIfAborted()
        open += 1
        signal.addEventListener('abort', () => end(() => reject(signal.reason as Error)))
        calls.push({
          ...{ input, init, request },
          isOpen: () => isOpen,
          answer: (status = 200, body = '{"ok":true}', headers = JSON_TYPE) =>
            end(() => resolve(answerOf(signal, status, body, headers))),
          give: (response) => end(() => resolve(response)),
          fail: (error = new TypeError('Failed to fetch')) => end(() => reject(error as Error)),
        })
      }),
  }
}

/** The body breaks off when the signal aborts, as the platform's does. */
function answerOf(
  signal: AbortSignal,
  status: number,
  body: BodyInit | null,
  headers: Record<string, string>,
): Response {
  if (!(body instanceof ReadableStream))
    return new Response(status === 204 ? null : body, { status, headers })
  const cut = new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => signal.addEventListener('abort', () => controller.error(signal.reason)),
  })
  return new Response((body as ReadableStream<Uint8Array<ArrayBuffer>>).pipeThrough(cut), { status, headers })
}

/** What became of a promise: settled how often, and how. */
export interface Watched {
  state: 'pending' | 'resolved' | 'rejected'
  times: number
  value: unknown
}

export function watch(promise: Promise<unknown>): Watched {
  const watched: Watched = { state: 'pending', times: 0, value: undefined }
  const end = (state: 'resolved' | 'rejected') => (value: unknown) => {
    watched.state = state
    watched.times += 1
    watched.value = value
  }
  promise.then(end('resolved'), end('rejected'))
  return watched
}
