/** Reads answers piece by piece and notes when what came; and makes handlers that send piece by piece. */
import { http, HttpResponse, type RequestHandler } from 'msw'
import type { createDesk } from './desk.js'
import { BASE } from './desk.js'

type Desk = ReturnType<typeof createDesk>

/** What a reader saw. */
export interface Heard {
  status: number | null
  /** `at text`, in ms after the start; the last one `at end` or `at` and an error. */
  readonly lines: string[]
  readonly text: () => string
  abort(reason?: unknown): void
}

const EVENTS = { Accept: 'text/event-stream' }

/** Asks, and reads what comes until its end. */
export function listen({ network, sinceStart }: Desk, path: string, headers: HeadersInit = EVENTS): Heard {
  const controller = new AbortController()
  let text = ''
  const heard: Heard = {
    status: null,
    lines: [],
    text: () => text,
    abort: (reason) => controller.abort(reason),
  }
  const note = (what: string) => heard.lines.push(`${sinceStart()} ${what}`)
  const read = async () => {
    const answer = await network.fetch(new URL(path, BASE), { headers, signal: controller.signal })
    heard.status = answer.status
    note('open')
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true }
      if (done) return 'end'
      text += value
      note(String(value).trim())
    }
  }
  read().then(note, (error: unknown) => note(String(error)))
  return heard
}

/** A body of so many pieces, one each `everyMs`; the first at once. */
export function ticking(
  { network }: Desk,
  everyMs: number,
  times: number,
  text = (n: number) => `data: ${n}\n\n`,
) {
  let cancelled = false
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const encoder = new TextEncoder()
      for (let n = 1; n <= times && !cancelled; n++) {
        if (n > 1) await network.delay(everyMs)
        if (!cancelled) controller.enqueue(encoder.encode(text(n)))
      }
      if (!cancelled) controller.close()
    },
    cancel: () => void (cancelled = true),
  })
  return { body, isCancelled: () => cancelled }
}

/** A handler that sends `times` events, one each `everyMs`. */
export function ticker(desk: Desk, everyMs: number, times: number, path = '/sse'): RequestHandler {
  return http.get(`${BASE}${path}`, () => {
    const headers = { 'Content-Type': 'text/event-stream' }
    return new HttpResponse(ticking(desk, everyMs, times).body, { headers })
  })
}
