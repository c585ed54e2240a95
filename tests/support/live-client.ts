/**
 * Plain clients of the wire: a socket, an event stream, polls. They neither retry nor think; they write down what
 * happened to them, so that two servers (or a server and a simulator) can be compared line by line.
 *
 *     const socket = await openSocket(origin)
 *     socket.say({ type: 'SUBSCRIBE', topic: 'chat' })
 *     await socket.heard('RESUMED')
 *     socket.trace       // [{ what: 'open' }, { what: 'frame', frame: { type: 'HELLO', ... } }, ...]
 *     socket.cursors     // { chat: 'epoch:7' }: of each topic, where to resume
 */
import { WebSocket } from 'ws'

/** A frame, as it came. */
export type Frame = { readonly type: string } & Readonly<Record<string, unknown>>

/** One thing that happened to a client. */
export type Happening =
  | { readonly what: 'open' }
  | { readonly what: 'frame'; readonly frame: Frame }
  /** SSE: how long to wait before coming back, in ms. */
  | { readonly what: 'retry'; readonly ms: number }
  /** HTTP: an answer that is no stream, or a handshake that was refused. */
  | { readonly what: 'status'; readonly status: number; readonly body: string }
  | { readonly what: 'error' }
  /** Sockets have code and reason; a stream that ended well is clean. */
  | { readonly what: 'close'; readonly code: number; readonly reason: string; readonly wasClean: boolean }

/** What all of them tell. */
export interface Tracing {
  readonly trace: readonly Happening[]
  readonly frames: readonly Frame[]
  /** Of each topic, the cursor behind the last frame that told one. */
  readonly cursors: Readonly<Record<string, string>>
  /** Resolves with the next frame of this type that was not asked for before; rejects when it is over. */
  heard(type: string): Promise<Frame>
  /** Resolves when it is over. */
  readonly closed: Promise<Happening & { what: 'close' }>
}

/** Writes down, and wakes who waits. */
export function createTrace() {
  const trace: Happening[] = []
  const frames: Frame[] = []
  const cursors: Record<string, string> = {}
  const waiting = new Set<() => void>()
  const read = new Map<string, number>()
  let epoch = ''

  function follow({ type, topic, offset, epoch: told, to }: Frame) {
    if (type === 'HELLO' || type === 'RESET') epoch = String(told)
    const at = type === 'GAP' ? to : offset
    if (typeof topic === 'string' && at !== undefined) cursors[topic] = `${epoch}:${String(at)}`
  }

  type Close = Happening & { what: 'close' }
  let end: (happening: Close) => void
  const closed = new Promise<Close>((resolve) => (end = resolve))
  function add(happening: Happening) {
    trace.push(happening)
    if (happening.what === 'frame') {
      frames.push(happening.frame)
      follow(happening.frame)
    }
    if (happening.what === 'close') end(happening)
    for (const wake of [...waiting]) wake()
  }

  const heard = (type: string): Promise<Frame> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const skip = read.get(type) ?? 0
        const frame = frames.filter((each) => each.type === type)[skip]
        if (!frame && trace.at(-1)?.what !== 'close') return
        waiting.delete(look)
        if (!frame) return reject(new Error(`No ${type} was heard: ${JSON.stringify(trace).slice(0, 2000)}`))
        read.set(type, skip + 1)
        resolve(frame)
      }
      waiting.add(look)
      look()
    })
  const tracing: Tracing = { trace, frames, cursors, heard, closed }
  return { add, tracing }
}

/** An open socket. */
export interface SocketClient extends Tracing {
  /** Says a frame; a text or bytes go as they are. */
  say(frame: object | string | Uint8Array): void
  close(code?: number): void
  /** Cuts it, without a word. */
  cut(): void
  readonly raw: WebSocket
}

/** What a socket is opened with. */
export interface SocketClientOptions {
  /** The page's; default: none, as of a client that is no page. */
  readonly origin?: string
  /** Said as AUTH at once. */
  readonly token?: string
}

/** Opens one; resolves when it is open, or when it has been refused. */
export async function openSocket(
  origin: string,
  { origin: page, token }: SocketClientOptions = {},
): Promise<SocketClient> {
  const { add, tracing } = createTrace()
  const raw = new WebSocket(`${origin.replace(/^http/, 'ws')}/ws`, {
    perMessageDeflate: false,
    ...(page !== undefined && { origin: page }),
  })
  const ready = new Promise<void>((resolve) => {
    raw.once('open', () => resolve())
    raw.once('close', () => resolve())
  })
  raw.on('open', () => {
    add({ what: 'open' })
    if (token !== undefined) raw.send(JSON.stringify({ type: 'AUTH', token }))
  })
  raw.on('message', (data) => add({ what: 'frame', frame: JSON.parse(String(data)) as Frame }))
  raw.on('unexpected-response', (_request, response) => {
    add({ what: 'status', status: response.statusCode ?? 0, body: '' })
    raw.terminate()
  })
  raw.on('error', () => add({ what: 'error' }))
  raw.addEventListener('close', ({ code, reason, wasClean }) => {
    add({ what: 'close', code, reason, wasClean })
  })
  await ready
  return {
    ...tracing,
    raw,
    say: (frame) =>
      raw.send(typeof frame === 'string' || frame instanceof Uint8Array ? frame : JSON.stringify(frame)),
    close: (code) => raw.close(code),
    cut: () => raw.terminate(),
  }
}

/** What streams and polls ask for. */
export interface Asking {
  readonly topics: readonly string[]
  readonly cursor?: string
  readonly token?: string
  /** Ends it. */
  readonly signal?: AbortSignal
}

const headersOf = ({ token }: Asking): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` }

/** An open event stream. */
export interface StreamClient extends Tracing {
  /** The last `id:`. */
  readonly lastEventId: () => string | undefined
  /** Lines that say nothing: signs of life. */
  readonly comments: () => number
  cut(): void
}

/** Opens one: with `by: 'header'` the cursor goes as Last-Event-ID, as of a browser that reconnects by itself. */
export async function openStream(
  origin: string,
  asking: Asking & { readonly by?: 'query' | 'header' | 'post' },
): Promise<StreamClient> {
  const { add, tracing } = createTrace()
  const { topics, cursor, by = 'query' } = asking
  const stop = new AbortController()
  const query = new URLSearchParams({ topics: topics.join(','), ...(by === 'query' && cursor && { cursor }) })
  const signal = asking.signal ? AbortSignal.any([stop.signal, asking.signal]) : stop.signal
  const answer = await fetch(`${origin}/sse${by === 'post' ? '' : `?${query}`}`, {
    signal,
    headers: {
      ...headersOf(asking),
      ...(by === 'header' && cursor && { 'last-event-id': cursor }),
      ...(by === 'post' && { 'content-type': 'application/json' }),
    },
    ...(by === 'post' && { method: 'POST', body: JSON.stringify({ topics, cursor }) }),
  })
  let lastEventId: string | undefined
  let comments = 0

  function take(block: string) {
    for (const line of block.split('\n')) {
      if (line.startsWith('id: ')) lastEventId = line.slice(4)
      else if (line.startsWith('retry: ')) add({ what: 'retry', ms: Number(line.slice(7)) })
      else if (line.startsWith('data: ')) add({ what: 'frame', frame: JSON.parse(line.slice(6)) as Frame })
      else if (line.startsWith(':')) comments += 1
    }
  }
  async function follow(body: ReadableStream<Uint8Array>) {
    let rest = ''
    const decoder = new TextDecoder()
    for await (const bytes of body) {
      const blocks = (rest + decoder.decode(bytes, { stream: true })).split('\n\n')
      rest = blocks.pop() ?? ''
      blocks.forEach(take)
    }
  }
  const over = (wasClean: boolean) => add({ what: 'close', code: 0, reason: '', wasClean })

  if (answer.status === 200 && answer.body) {
    add({ what: 'open' })
    void follow(answer.body).then(
      () => over(true),
      () => over(false),
    )
  } else {
    add({ what: 'status', status: answer.status, body: await answer.text() })
    over(true)
  }
  return { ...tracing, lastEventId: () => lastEventId, comments: () => comments, cut: () => stop.abort() }
}

/** What a poll was answered with. */
export interface PollAnswer {
  readonly status: number
  readonly frames: readonly Frame[]
  /** To ask with next. */
  readonly cursor: string
  /** Of an answer that was no success. */
  readonly body: string
}

/** Polls once. */
export async function poll(
  origin: string,
  asking: Asking & { readonly waitMs?: number },
): Promise<PollAnswer> {
  const { topics, cursor, waitMs, signal } = asking
  const query = new URLSearchParams({
    topics: topics.join(','),
    ...(cursor !== undefined && { cursor }),
    ...(waitMs !== undefined && { 'wait-ms': String(waitMs) }),
  })
  const answer = await fetch(`${origin}/poll?${query}`, {
    headers: headersOf(asking),
    ...(signal && { signal }),
  })
  const body = await answer.text()
  if (answer.status !== 200) return { status: answer.status, frames: [], cursor: '', body }
  const { frames, cursor: next } = JSON.parse(body) as { frames: Frame[]; cursor: string }
  return { status: 200, frames, cursor: next, body: '' }
}

/** Sends by HTTP, as a client of streams or polls does. */
export async function sendMessage(
  origin: string,
  message: { readonly id: string; readonly topic: string; readonly data: unknown },
  token?: string,
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  const answer = await fetch(`${origin}/send`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...headersOf({ topics: [], ...(token !== undefined && { token }) }),
    },
    body: JSON.stringify(message),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
