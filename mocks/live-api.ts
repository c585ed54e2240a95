/**
 * The live channel of the demo, as MSW handlers: `/ws`, `/sse`, `/poll` and `POST /send` over one log, on the wire
 * the same as the reference server's (docs/spec/architecture.md, "The wire").
 */
import { http, ws, type AnyHandler } from 'msw'
import type { Clock } from '../src/core/clock.js'
import { badOption, checkKeys, checkNumber } from '../src/core/errors.js'
import type { Stop } from '../src/core/state.js'
import { turnMs } from './edge.js'
import { converse } from './live/conversation.js'
import { createCrowd } from './live/crowd.js'
import { answerPoll, openStream, takeMessage } from './live/doors.js'
import { createFeed, type StoredEvent } from './live/feed.js'
import type { Topic } from './live/frames.js'
import { createSend, tickWhileHeard, type Access, type Guest, type Live } from './live/live.js'
import { concerns } from './service-news.js'
import type { Service } from './service.js'

/** What the live API needs of its network: a network fits. */
export interface LiveNetwork {
  readonly clock: Clock
  readonly service: Pick<Service, 'boot' | 'epoch' | 'closing' | 'onDraining' | 'onEnding' | 'onGone'>
  until<T>(promise: Promise<T>): Promise<T>
}

/** Options of `createLiveApi`. */
export interface LiveApiOptions {
  /** The network that it is served on. A function, because a network is made with its handlers. */
  readonly network: () => LiveNetwork
  /** Where it is; a `*` stands for anything. Default: `*`, every origin. */
  readonly base?: string
  /** The most events kept; what is older is told as a GAP. Default: 10,000. */
  readonly ring?: number
  /** How many sockets, streams and waiting polls there may be. Default: 5,000; more are told when their turn is. */
  readonly mostListeners?: number
  /** How often clients should PING (ms); told in HELLO. Default: 25,000. */
  readonly heartbeatMs?: number
  /** The longest a poll is held (ms). Default: 25,000. */
  readonly pollMs?: number
  /** The most frames taken from one socket in a second. Default: 200; more closes with 1008. */
  readonly framesPerS?: number
  /** The largest frame taken, in bytes. Default: 64 KiB; more closes with 1009. */
  readonly frameBytes?: number
  /** Looks at the token of an AUTH frame. Default: nobody has to show one. Concerns sockets only. */
  readonly check?: (token: string) => Access
}

/** The live API, with the truth that a client's view is compared with. */
export interface LiveApi {
  readonly handlers: readonly AnyHandler[]
  /** What is kept, in order. Survives restarts of the network's service. */
  readonly events: readonly StoredEvent[]
  /** Adds an event of the server's own, and returns its offset. */
  publish(topic: Topic, data: unknown): number
}

const OPTIONS = [
  'network',
  'base',
  'ring',
  'mostListeners',
  'heartbeatMs',
  'pollMs',
  'framesPerS',
  'frameBytes',
  'check',
]

/** Makes an API with an empty log. Bad options throw `bad-option`. */
export function createLiveApi(options: LiveApiOptions): LiveApi {
  checkKeys('createLiveApi', options, OPTIONS)
  const { network, base = '*', ring = 10_000, heartbeatMs = 25_000, pollMs = 25_000 } = options
  const { framesPerS = 200, frameBytes = 64 * 1024, check = null, mostListeners = 5000 } = options
  if (typeof network !== 'function') throw badOption('network', network, 'a function that returns a network')
  for (const [name, value] of Object.entries({
    ring,
    mostListeners,
    heartbeatMs,
    pollMs,
    framesPerS,
    frameBytes,
  }))
    checkNumber(name, value, 1, Number.MAX_SAFE_INTEGER)

  const epochNow = (): string => network().service.epoch.replaceAll(/[^\da-z]/g, '')
  /** Whoever listens, and the instance of the service that it is on. */
  const guests = new Map<Guest, string>()
  /** While the service drains: when it asks clients to come back, and the next place in the row. */
  let row: { readonly retryAfterMs: number; readonly saidAt: number; next: number } | null = null
  let made: Live | null = null

  /** Made when it is first asked for, because the network is made with its handlers. */
  const live = (): Live => {
    made ??= begin()
    if (made.feed.end().epoch !== epochNow()) made.feed.reset(epochNow())
    return made
  }
  const begin = (): Live => {
    const { clock, service } = network()
    const feed = createFeed(ring, epochNow())
    const stopTicking = tickWhileHeard({ feed, clock })
    let crowd = createCrowd(clock)
    const onIt = (news: { readonly of: string | null }): readonly Guest[] =>
      [...guests].flatMap(([guest, boot]) => (concerns(news, boot) ? [guest] : []))
    service.onDraining((draining) => {
      const { retryAfterMs, of } = draining
      const listening = onIt(draining)
      // Where others serve nobody comes to one that drains.
      if (of === null) row = { retryAfterMs, saidAt: clock.now(), next: listening.length }
      listening.forEach((guest, place) => guest.drain(turnMs(retryAfterMs, place)))
    })
    service.onEnding((ending) => {
      onIt(ending).forEach((guest, place) => guest.end(turnMs(ending.retryAfterMs, place)))
    })
    service.onGone((gone) => {
      for (const guest of onIt(gone)) guests.delete(guest)
      // What ticks is one for all instances.
      if (gone.of !== null) return
      row = null
      crowd = createCrowd(clock)
      stopTicking()
    })
    const takeTurn = (): number | null => {
      if (!row || !service.closing()) return null
      row.next += 1
      const passedMs = clock.now() - row.saidAt
      return turnMs(Math.max(0, row.retryAfterMs - passedMs), row.next - 1)
    }
    const join = (guest: Guest): Stop => {
      guests.set(guest, service.boot)
      const turn = guest.isToldLate ? takeTurn() : null
      if (turn !== null) guest.drain(turn)
      return () => void guests.delete(guest)
    }
    /** Of several instances each has room for as many. */
    const isFull = (): boolean =>
      guests.size >= mostListeners &&
      [...guests.values()].filter((boot) => boot === service.boot).length >= mostListeners
    const refusal = (): number | null => (isFull() ? crowd() : null)
    const boot = () => network().service.boot
    const limits = { heartbeatMs, framesPerS, frameBytes }
    return { feed, clock, boot, ...limits, check, send: createSend(feed), takeTurn, refusal, join }
  }

  const handlers: AnyHandler[] = [
    ws.link(`${base.replace(/^http/, 'ws')}/ws`).addEventListener('connection', ({ client }) => {
      const mine = network().service.boot
      const conversation = converse(
        { ...live(), boot: () => mine },
        {
          say: (frame) => client.send(frame),
          close: (code, reason) => client.close(code, reason),
        },
      )
      client.addEventListener('message', ({ data }) => conversation.hear(data))
      client.addEventListener('close', conversation.stop)
    }),
    http.get(`${base}/sse`, ({ request }) => openStream(live(), request)),
    http.post(`${base}/sse`, ({ request }) => openStream(live(), request)),
    http.get(`${base}/poll`, ({ request }) =>
      answerPoll(live(), request, { pollMs, until: (promise) => network().until(promise) }),
    ),
    http.post(`${base}/send`, ({ request }) => takeMessage(live(), request)),
  ]
  return {
    handlers,
    get events() {
      return live().feed.events
    },
    publish: (topic, data) => live().feed.append(topic, data),
  }
}
