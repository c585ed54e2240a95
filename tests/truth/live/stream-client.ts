/** A stream of events over fetch, without the kit: `Last-Event-ID`, a fixed time to come back, a limit to silence. */
import type { ClientPorts, RawClient } from './clients.js'
import type { Diary, Frame } from './diary.js'
import { createWatch } from './watch.js'

/** Asks at once. */
export function followStream({ world, diary, retryMs, topic, tokens }: ClientPorts): RawClient {
  const { baseURL, clock, fetch } = world
  let number = 0
  let leaving = new AbortController()
  let lastEventId: string | undefined

  const ask = async (): Promise<void> => {
    const on = ++number
    leaving = new AbortController()
    const { signal } = leaving
    diary.leaves('sse')
    watch.heard()
    const headers = {
      Accept: 'text/event-stream',
      Authorization: `Bearer ${tokens.current()}`,
      ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }),
    }
    const end = (what: string) => {
      diary.note(on, signal.aborted ? 'given up' : what)
      if (on === number) watch.again(retryMs)
    }
    let isOpen = false
    try {
      const answer = await fetch(`${baseURL}/sse?topics=${topic}`, { headers, signal, cache: 'no-store' })
      diary.note(on, `answered ${answer.status} ${answer.headers.get('Content-Type') ?? ''}`)
      watch.heard()
      if (answer.status === 401) tokens.renew()
      isOpen = answer.ok
      if (!answer.ok || !answer.body) return end('no stream')
      const take = createParser((event) => (lastEventId = tellEvent(diary, on, event) ?? lastEventId))
      for (const reader = answer.body.getReader(); ;) {
        const { done, value } = await reader.read()
        if (done) return end('ended')
        watch.heard()
        take(value)
      }
    } catch {
      end(isOpen ? 'broken' : 'failed')
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

/** What an event said, field by field. */
type Event = Readonly<Record<string, string>>

/** Notes an event; returns its id. */
function tellEvent(diary: Diary, on: number, { id, data, retry }: Event): string | undefined {
  // Any other than the first says when a server that goes is back.
  if (retry !== undefined) diary.note(on, retry === '3000' ? 'retry 3000' : 'retry', Number(retry))
  if (data !== undefined) diary.frames(on, [parsed(data)], id)
  return id
}

function parsed(data: string): Frame {
  try {
    return JSON.parse(data) as Frame
  } catch {
    return { type: data }
  }
}

/** Cuts what comes into events. */
function createParser(tell: (event: Event) => void): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder()
  let rest = ''
  return (bytes) => {
    const blocks = (rest + decoder.decode(bytes, { stream: true })).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = block.split('\n').map((line) => line.split(/: ?(.*)/s).slice(0, 2))
      tell(Object.fromEntries(fields) as Event)
    }
  }
}
