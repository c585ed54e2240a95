/** `/sse`, `/poll` and `POST /send`: the same log over plain HTTP. */
import { HttpResponse } from 'msw'
import { problem } from '../order-api.js'
import { cursorText, drainFrame, isTopic, type Place, type Topic } from './frames.js'
import { hello, type Live } from './live.js'
import { readMembers } from './read-frame.js'

/** What a stream or a poll asks for. */
interface Asked {
  readonly topics: readonly Topic[]
  readonly cursor: string | undefined
}

/** What `retry:` says while nothing is wrong (ms). */
const RETRY_MS = 3000
/** The most events of one poll. */
const MOST_EVENTS = 100
const MOST_TOPICS = 16

/** Of several cursors the first that is there counts: a browser that reconnects repeats the URL. */
function readAsked(topics: unknown, ...cursors: readonly unknown[]): Asked | Response {
  const names = Array.isArray(topics) ? topics : typeof topics === 'string' && topics ? topics.split(',') : []
  if (names.length === 0 || names.length > MOST_TOPICS)
    return problem(400, 'malformed', `topics names 1 to ${MOST_TOPICS} topics`)
  const stranger: unknown = names.find((name) => !isTopic(name))
  if (stranger !== undefined)
    return problem(400, 'unknown-topic', `There is no topic ${JSON.stringify(stranger).slice(0, 64)}`)
  const cursor = cursors.find((each) => typeof each === 'string' && each !== '') as string | undefined
  return { topics: [...new Set(names as Topic[])], cursor }
}

/** Where nobody more is let in; null: there is room. */
function refuseCrowd({ refusal }: Live): Response | null {
  const retryAfterS = refusal()
  if (retryAfterS === null) return null
  return problem(503, 'overloaded', 'No more may listen', {}, { 'Retry-After': String(retryAfterS) })
}

/** A parameter that is there twice is none. */
const once = (query: URLSearchParams, name: string): string | null =>
  query.getAll(name).length === 1 ? query.get(name) : null

/** A JSON body; null: it is none. */
async function bodyOf(request: Request): Promise<Record<string, unknown> | null> {
  const body: unknown = await request.json().catch(() => null)
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : null
}

/** Answers `GET /sse` and `POST /sse`: a stream that begins with `retry:` and HELLO. */
export async function openStream(live: Live, request: Request): Promise<Response> {
  const refused = refuseCrowd(live)
  if (refused) return refused
  const query = new URL(request.url).searchParams
  const body = request.method === 'POST' ? ((await bodyOf(request)) ?? {}) : null
  const lastEventId = request.headers.get('Last-Event-ID')
  const asked = body
    ? readAsked(body['topics'], lastEventId, body['cursor'])
    : readAsked(once(query, 'topics'), lastEventId, query.get('cursor'))
  if (asked instanceof Response) return asked

  const encoder = new TextEncoder()
  const stops: (() => void)[] = []
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      let quiet = () => {}
      const write = (text: string): void => {
        controller.enqueue(encoder.encode(text))
        quiet()
        quiet = live.clock.setTimeout(() => write(':\n\n'), live.heartbeatMs)
      }
      const say = (frame: string, id?: Place): void =>
        write(`${id ? `id: ${cursorText(id)}\n` : ''}data: ${frame}\n\n`)
      const { at, frames } = live.feed.startFrom(asked.topics, asked.cursor)
      write(`retry: ${RETRY_MS}\n\n`)
      say(hello(live))
      // Of what is told at the start only the last frame has an id: who is cut in between asks again for all of it.
      frames.forEach((frame, place) => say(frame, place === frames.length - 1 ? at : undefined))
      stops.push(() => quiet())
      const end = (): void => {
        for (const stop of stops.splice(0)) stop()
        controller.close()
      }
      const guest = {
        isToldLate: true,
        drain: (retryAfterMs: number) => say(drainFrame(retryAfterMs)),
        end(retryAfterMs: number) {
          write(`retry: ${retryAfterMs}\n\n`)
          end()
        },
      }
      stops.push(live.join(guest))
      stops.push(live.feed.listen(asked.topics, at, say))
    },
    cancel() {
      for (const stop of stops.splice(0)) stop()
    },
  })
  const headers = { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' }
  return new HttpResponse(stream, { headers })
}

/** What a poll waits with. */
export interface PollPorts {
  /** The longest that it is held (ms). */
  readonly pollMs: number
  /** Lets the network's time pass meanwhile: `network.until`. */
  readonly until: <T>(promise: Promise<T>) => Promise<T>
}

/** Answers `GET /poll`: as soon as there is something to say, or with nothing when its time is over. */
export async function answerPoll(live: Live, request: Request, ports: PollPorts): Promise<Response> {
  const refused = refuseCrowd(live)
  if (refused) return refused
  const query = new URL(request.url).searchParams
  const wait = query.get('wait-ms')
  if (wait !== null && !/^\d{1,9}$/.test(wait))
    return problem(400, 'malformed', `wait-ms is a whole number from 0 to ${ports.pollMs}`)
  const asked = readAsked(once(query, 'topics'), query.get('cursor'))
  if (asked instanceof Response) return asked

  const answer = (frames: readonly string[], at: Place): Response =>
    new HttpResponse(`{"frames":[${frames.join(',')}],"cursor":${JSON.stringify(cursorText(at))}}`, {
      headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' },
    })
  const { at: start, frames: told } = live.feed.startFrom(asked.topics, asked.cursor)
  if (asked.cursor === undefined) return answer([hello(live)], start)

  // RESUMED is not told: no news is that.
  const frames = told.filter((frame) => !frame.startsWith('{"type":"RESUMED"'))
  let at = start
  let settle = (): void => {}
  const stops = [
    live.feed.listen(asked.topics, start, (frame, place) => {
      if (frames.length >= MOST_EVENTS) return
      frames.push(frame)
      at = place
      settle()
    }),
  ]
  /** While the service drains each answer with events says so: before the next one the port may be closed. */
  const withDrain = (): Response => {
    const turn = frames.length > 0 ? live.takeTurn() : null
    return answer(turn === null ? frames : [...frames, drainFrame(turn)], at)
  }
  try {
    if (frames.length === 0) {
      let told: string | null = null
      const waitMs = Math.min(ports.pollMs, wait === null ? Infinity : Number(wait))
      const news = new Promise<void>((resolve) => (settle = resolve))
      stops.push(live.clock.setTimeout(settle, waitMs))
      const say = (retryAfterMs: number): void => {
        told = drainFrame(retryAfterMs)
        settle()
      }
      stops.push(live.join({ isToldLate: false, drain: say, end: say }))
      await ports.until(news)
      if (told !== null) return answer([...frames, told], at)
    }
    return withDrain()
  } finally {
    for (const stop of stops) stop()
  }
}

/** Answers `POST /send`. */
export async function takeMessage(live: Live, request: Request): Promise<Response> {
  const reading = readMembers('SEND', (await bodyOf(request)) ?? {})
  if (reading.name !== 'frame') return problem(400, 'malformed', reading.detail)
  const { frame } = reading
  if (frame.type !== 'SEND') return problem(400, 'malformed', 'not a message')
  const sent = live.send('anyone', frame)
  if (sent.name === 'sent') return HttpResponse.json({ offset: sent.offset })
  if (sent.code === 'id-reused') return problem(422, 'key-reused', sent.detail)
  return problem(400, sent.code === 'unknown-topic' ? 'unknown-topic' : 'malformed', sent.detail)
}
