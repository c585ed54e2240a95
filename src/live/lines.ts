/** The lines of a channel: how each is greeted, which is in use, and how one takes over from another. */
import type { Stop } from '../core/clock.js'
import type { Connection } from '../core/state.js'
import type { TopicFrame } from './frames.js'
import type { DialRequest, Keeper, KeeperNews } from './keeper-state.js'
import type { LineEnd, Transport } from './line.js'
import { BY_REQUEST, type Sender } from './sender.js'
import type { LineView, Told } from './line-view.js'
import { createRequests } from './requests.js'
import type { Subscriptions } from './subscriptions.js'
import { createTalk, type Talk, type TalkNews } from './talk.js'

/** What lines are made with. */
export interface LinesPorts {
  readonly connection: Connection
  readonly keeper: () => Keeper
  readonly subscriptions: Subscriptions
  readonly sender: Sender
  readonly framesPerS: number
  readonly maxFrameLength: number
  /** A frame about a wanted topic. */
  readonly onTopic: (view: LineView, frame: TopicFrame, length: number) => void
  readonly onTold: (told: readonly Told[]) => void
  /** `known`: a greeting said so, or `lost`. */
  readonly onSession: (session: 'known' | 'lost') => void
  /** The server does not serve this topic. */
  readonly onRefused: (topic: string, code: string, detail: string) => void
  /** Another line is in use: what waits may go. */
  readonly onUse: () => void
  /** All that is wanted was asked for and answered. */
  readonly onRestored: () => void
  readonly onIgnored: (why: 'unknown' | 'malformed') => void
}

/** The lines. */
export interface Lines {
  /** Whether the line in use has been asked for all that is wanted, and has answered. */
  readonly isRestored: boolean
  readonly isLive: boolean
  request(transport: Transport, signal: AbortSignal): Promise<DialRequest>
  hear(news: Exclude<KeeperNews, { type: 'state' | 'alive' }>): void
  /** Topics or messages have been added or removed. */
  pump(): void
  /** Opens the line anew. */
  reopen(reason: string): void
  /** The person's token is another one. */
  renew(isSamePerson: boolean): void
  /** Forgets all lines. */
  drop(): void
}

interface Open {
  readonly talk: Talk
  readonly generation: number
  readonly transport: Transport
  proof: { readonly heartbeatMs?: number; readonly boot?: string }
}

/** An answer to SUBSCRIBE that is missing for so long does not come; doubles with each that is missed in a row. */
const ANSWER_WITHIN_MS = 10_000
const MOST_DOUBLINGS = 5
/** Beside a line in use a better one is asked for everything first, if that takes no longer than this. */
const BESIDE_S = 3

/** No line is open. */
export function createLines(ports: LinesPorts): Lines {
  const { connection, keeper, subscriptions, sender, framesPerS } = ports
  const { clock, auth } = connection
  const all = new Map<number, Open>()
  const requests = createRequests(ports)
  let current: Open | null = null
  let unanswered = 0
  let reopening: Stop | null = null

  function opened({ line, generation, isProbation }: KeeperNews & { type: 'opened' }): void {
    const { transport } = line
    const { asking, token } = requests.of(transport)
    const view =
      transport === 'websocket' ? subscriptions.socket(generation) : subscriptions.shared(generation, asking)
    const talk = createTalk({
      ...{ clock, line, view, framesPerS, token, maxFrameLength: ports.maxFrameLength },
      resumesAt: transport === 'long-poll' ? asking.latest : null,
      answerWithinMs: ANSWER_WITHIN_MS * 2 ** Math.min(unanswered, MOST_DOUBLINGS),
      outgoing: {
        peek: () => sender.peek(generation),
        take: () => sender.take(generation)?.body ?? null,
      },
      tell: (news) => heard(open, isProbation, news),
    })
    const open: Open = { talk, generation, transport, proof: {} }
    all.set(generation, open)
    talk.pump()
  }

  function heard(open: Open, isProbation: boolean, news: TalkNews): void {
    if (all.get(open.generation) !== open) return
    switch (news.type) {
      case 'greeted': {
        const { boot, heartbeatMs } = news.hello ?? {}
        // A poll is silent for as long as it is held, and its driver knows for how long that is.
        const isBeating = heartbeatMs && open.transport !== 'long-poll'
        open.proof = { ...(boot && { boot }), ...(isBeating && { heartbeatMs }) }
        // Beside another one it serves first: until it has told what it was asked for, both do.
        if (!isProbation || subscriptions.size > BESIDE_S * framesPerS) use(open)
        return ports.onSession('known')
      }
      case 'session-unknown':
        return ports.onSession('lost')
      case 'told':
        return ports.onTold(news.told)
      case 'topic':
        return ports.onTopic(open.talk.view, news.frame, news.length)
      case 'frame':
        return take(news.frame)
      case 'restored':
        unanswered = 0
        use(open)
        return ports.onRestored()
      case 'outdated':
        return reopenSoon('other topics')
      case 'unanswered':
        // The line in use serves on; one beside it has its own deadline.
        if (isProbation && current !== open) return
        unanswered += 1
        return reopen('an answer is missing')
      case 'ignored':
        return ports.onIgnored(news.why)
    }
  }

  function take(frame: (TalkNews & { type: 'frame' })['frame']): void {
    if (frame.type === 'DRAIN') return keeper().noticed(frame.retryAfterMs)
    if (frame.type === 'ACK') return sender.tell({ type: 'acknowledged', id: frame.id, offset: frame.offset })
    const { id, topic, code, detail } = frame
    if (id !== undefined) sender.tell({ type: 'refused', id, code: 'rejected', detail: `${code} ${detail}` })
    if (topic !== undefined) ports.onRefused(topic, code, detail)
  }

  /** From now on this one is the line: those before it have said what they had to say. */
  function use(open: Open): void {
    if (current === open) return
    if (current) leave(current)
    current = open
    for (const [generation, { talk }] of all) {
      if (generation >= open.generation) continue
      talk.stop()
      all.delete(generation)
    }
    keeper().proven(open.proof)
    // Whoever heard of that may have closed the channel.
    if (current !== open) return
    const isSocket = open.transport === 'websocket'
    sender.setDoor({ line: isSocket ? open.generation : BY_REQUEST, isSocket })
    ports.onUse()
  }

  function ended(generation: number, end: LineEnd): void {
    const open = all.get(generation)
    open?.talk.stop()
    all.delete(generation)
    if (open && open === current) leave(open)
    if (end.verdict === 'session-lost') ports.onSession('lost')
  }

  /** Requests go on without their stream; what was said on a socket and not acknowledged waits. */
  function leave({ generation, transport }: Open): void {
    current = null
    if (transport !== 'websocket') return
    sender.setDoor(null)
    sender.tell({ type: 'lost', on: generation })
  }

  function drop(): void {
    reopening?.()
    reopening = null
    for (const { talk } of all.values()) talk.stop()
    all.clear()
    if (current) leave(current)
  }

  function reopen(reason: string): void {
    if (all.size === 0) return
    drop()
    keeper().reopen(reason)
  }

  /** What is asked for in one turn is one reason. */
  function reopenSoon(reason: string): void {
    reopening ??= clock.setTimeout(() => {
      reopening = null
      const { ask = [], leave: left = [] } = current?.talk.view.pending() ?? {}
      // Left and joined again in the same turn; or nobody listens any more, and nothing need be asked.
      if (ask.length + left.length > 0 && subscriptions.size > 0) reopen(reason)
    }, 0)
  }

  return {
    get isRestored() {
      return current?.talk.view.isRestored ?? false
    },
    get isLive() {
      return current !== null
    },
    request: requests.request,
    hear(news) {
      if (news.type === 'opened') return opened(news)
      if (news.type === 'ended') return ended(news.generation, news.end)
      const open = all.get(news.generation)
      open?.talk.hear(news.data, open.transport === 'long-poll' && news.id !== undefined)
    },
    pump() {
      for (const { talk } of [...all.values()]) talk.pump()
      requests.look()
    },
    reopen,
    renew(isSamePerson) {
      if (!isSamePerson) return reopen('signed in')
      const open = current
      if (!auth || open?.transport !== 'websocket') return
      void Promise.resolve(auth.token()).then(
        (token) => token !== null && open === current && open.talk.renew(token),
        // The socket ends when its token does; the next attempt asks anew.
        () => {},
      )
    },
    drop,
  }
}
