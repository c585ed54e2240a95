/** A client that listens to the topic `chat` and comes back by its cursor, by one of the three transports. */
import { Agent } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Random } from '../../../src/core/clock.js'
import { type Frame, openSocket, openStream } from '../../support/live-client.js'
import { ask } from './ask.js'

/** The ways to listen. */
export const KINDS = ['socket', 'stream', 'poll'] as const
/** One of them. */
export type Kind = (typeof KINDS)[number]

/** How a connection ended, the client's own leaving not counted. */
export interface Ending {
  /** When it was told to come back, in ms from then; null: it was not told. */
  readonly retryAfterMs: number | null
  /** Sockets only; 0: none. */
  readonly code: number
  readonly wasClean: boolean
}

/** A conversation that is open. */
export interface Visit {
  /** Where to resume when it is over. */
  readonly cursor: () => string | undefined
  readonly frames: readonly Frame[]
  readonly over: Promise<Ending>
  leave(): void
}

/** Opens a conversation; null: it was refused. */
export type Opens = (origin: string, cursor: string | undefined) => Promise<Visit | null>

const TOPICS = ['chat']
const retryOf = (text: string): number | null =>
  (JSON.parse(text || '{}') as { retryAfterMs?: number }).retryAfterMs ?? null

const bySocket: Opens = async (origin, cursor) => {
  const client = await openSocket(origin)
  if (client.raw.readyState !== client.raw.OPEN) return null
  client.say({ type: 'SUBSCRIBE', topic: 'chat', ...(cursor !== undefined && { cursor }) })
  return {
    cursor: () => client.cursors['chat'] ?? cursor,
    frames: client.frames,
    over: client.closed.then(({ code, reason, wasClean }) => ({
      retryAfterMs: code === 1012 ? retryOf(reason) : null,
      code,
      wasClean,
    })),
    leave: () => client.close(1000),
  }
}

const byStream: Opens = async (origin, cursor) => {
  const by = 'header'
  const client = await openStream(origin, { topics: TOPICS, by, ...(cursor !== undefined && { cursor }) })
  if (client.trace[0]?.what !== 'open') return null
  return {
    cursor: () => client.lastEventId() ?? cursor,
    frames: client.frames,
    over: client.closed.then(({ wasClean }) => {
      const last = client.trace.at(-2)
      return { retryAfterMs: last?.what === 'retry' ? last.ms : null, code: 0, wasClean }
    }),
    leave: client.cut,
  }
}

/** A poll is told when to come back twice: while the server drains, when it polls on, and when it goes. */
const byPoll: Opens = async (origin, cursor) => {
  const gone = new AbortController()
  const agent = new Agent({ keepAlive: true })
  const frames: Frame[] = []
  let at = cursor
  let retryAfterMs: number | null = null

  /** The status; null: there was no answer. */
  async function asked(waitMs: string): Promise<number | null> {
    const query = new URLSearchParams({
      topics: 'chat',
      'wait-ms': waitMs,
      ...(at !== undefined && { cursor: at }),
    })
    const asking = { agent, origin, signal: gone.signal }
    const answer = await ask(asking, { path: `/poll?${query}` }).catch(() => null)
    // One that was between two polls when the server went is told so at the door.
    if (answer?.status === 503) retryAfterMs = 1000 * Number(answer.headers['retry-after'])
    if (answer?.status !== 200) return answer?.status ?? null
    const told = JSON.parse(answer.body) as { frames: Frame[]; cursor: string }
    frames.push(...told.frames)
    at = told.cursor
    const drain = told.frames.findLast(({ type }) => type === 'DRAIN')
    if (drain) retryAfterMs = Number(drain['retryAfterMs'])
    return 200
  }
  async function follow(): Promise<Ending> {
    let status: number | null = 200
    while (status === 200) status = await asked('25000')
    agent.destroy()
    return { retryAfterMs, code: 0, wasClean: status !== null }
  }

  // Answered at once: only then it is known whether the conversation can begin.
  if ((await asked('0')) !== 200) {
    agent.destroy()
    return null
  }
  return { cursor: () => at, frames, over: follow(), leave: () => gone.abort() }
}

const OPENS: Readonly<Record<Kind, Opens>> = { socket: bySocket, stream: byStream, poll: byPoll }

/** A client that comes back. */
export interface Guest {
  readonly kind: Kind
  /** When it came, each time, as of `performance.now`. */
  readonly cameAt: readonly number[]
  /** What was said at present and before, in order. */
  readonly frames: () => readonly Frame[]
  /** The last number that it has heard; 0: none. */
  readonly last: () => number
  readonly endings: readonly Ending[]
  /** Resolves when nothing of it is left. */
  leave(): Promise<void>
}

/** Who is not told when to come back does so within so many ms, by chance, and again. */
const AGAIN_MS = 500

/** Lets one come, and come back. */
export function startGuest(origin: string, kind: Kind, random: Random): Guest {
  const heard: Frame[] = []
  const endings: Ending[] = []
  const gone = new AbortController()
  let visit: Visit | null = null
  const cameAt: number[] = []
  const pause = (ms: number) => wait(ms, null, { signal: gone.signal }).catch(() => {})

  async function come() {
    let cursor: string | undefined
    while (!gone.signal.aborted) {
      visit = await OPENS[kind](origin, cursor).catch(() => null)
      if (visit === null) {
        await pause(AGAIN_MS * random.next())
        continue
      }
      if (gone.signal.aborted) visit.leave()
      cameAt.push(performance.now())
      const ending = await visit.over
      cursor = visit.cursor()
      heard.push(...visit.frames)
      visit = null
      if (gone.signal.aborted) return
      endings.push(ending)
      await pause(ending.retryAfterMs ?? AGAIN_MS * random.next())
    }
  }

  const here = come()
  const frames = () => [...heard, ...(visit?.frames ?? [])]
  const lastOf = (all: readonly Frame[]) =>
    Number(all.findLast(({ type }) => type === 'EVENT')?.['data'] ?? 0)
  return {
    kind,
    cameAt,
    frames,
    last: () => lastOf(visit?.frames ?? []) || lastOf(heard),
    endings,
    leave() {
      gone.abort()
      visit?.leave()
      return here
    },
  }
}
