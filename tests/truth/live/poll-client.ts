/** Long polls over fetch, without the kit. */
import type { ClientPorts, RawClient } from './clients.js'
import type { Frame } from './diary.js'
import { createWatch } from './watch.js'

/** The longest that a poll is to be held. */
const WAIT_MS = 2_000
/** After an answer it asks again so much later. */
const PAUSE_MS = 50

/** Asks at once. */
export function followPolls({ world, diary, retryMs, topic, tokens }: ClientPorts): RawClient {
  const { baseURL, clock, fetch } = world
  let number = 0
  let leaving = new AbortController()

  const ask = async (): Promise<void> => {
    const on = ++number
    leaving = new AbortController()
    const { signal } = leaving
    const query = new URLSearchParams({ topics: topic, 'wait-ms': String(WAIT_MS) })
    if (diary.cursor !== undefined) query.set('cursor', diary.cursor)
    const headers = { Authorization: `Bearer ${tokens.current()}` }
    diary.leaves('poll')
    watch.heard()
    try {
      const answer = await fetch(`${baseURL}/poll?${query}`, { headers, signal, cache: 'no-store' })
      const text = await answer.text()
      const body = bodyOf(text)
      if (body) diary.frames(on, body.frames, body.cursor)
      else diary.note(on, `answered ${answer.status} ${answer.headers.get('Content-Type') ?? ''}`)
      if (answer.status === 401) tokens.renew()
      // A server that goes has said so: at once it would be asked again and again.
      const isGoing = body?.frames.some(({ type }) => type === 'DRAIN') ?? true
      watch.again(isGoing ? retryMs : PAUSE_MS)
    } catch {
      diary.note(on, signal.aborted ? 'given up' : 'failed')
      watch.again(retryMs)
    }
  }
  const watch = createWatch(clock, {
    silent: () => leaving.abort(),
    begin: () => void ask(),
  })
  void ask()
  return {
    ping() {},
    stop() {
      watch.stop()
      leaving.abort()
    },
  }
}

/** What a poll is answered with; null: this is none. */
function bodyOf(text: string): { readonly frames: readonly Frame[]; readonly cursor: string } | null {
  try {
    const body = JSON.parse(text) as { frames?: readonly Frame[]; cursor?: string }
    return body.frames && body.cursor !== undefined ? { frames: body.frames, cursor: body.cursor } : null
  } catch {
    return null
  }
}
