/** The tab that leads: one real channel, which all tabs of the browser use as if it were their server. */
import type { Clock, Stop } from '../core/clock.js'
import type { Channel } from './channel-over.js'
import type { Place } from './cursor.js'
import { readFrame, type ServerFrame } from './frames.js'
import type { KeeperNews, KeeperState } from './keeper-state.js'
import type { Verdict } from './line.js'
import { createGathering } from './tab-gathering.js'
import { readSaid } from './tab-said.js'
import { createTabSends } from './tab-sends.js'
import { createTabTopics } from './tab-topics.js'
import type { LeaderNews, MemberWord } from './tab-words.js'

/** What of the real channel is looked at and decided here. */
export interface UpstreamHooks {
  /** Before the channel hears it. */
  before(news: KeeperNews): void
  /** After it has. */
  after(news: KeeperNews): void
  onSessionLost(): void
}

/** What it is made with. */
export interface TabHubPorts {
  readonly clock: Clock
  readonly maxFrameLength: number
  /** Makes the real channel. */
  readonly makeUpstream: (hooks: UpstreamHooks) => Channel
  /** What is known of the log; no epoch: nothing. */
  readonly known: Place
  /** Says something; an event only to these tabs. */
  readonly emit: (news: LeaderNews, tabs?: readonly string[]) => void
}

/** The leader's side. */
export interface TabHub {
  hear(word: MemberWord): void
  /** Ends the one line; what was on its way on it is sent again by its tab, over the next leader. */
  stop(): void
}

interface Member {
  /** Null: none is open. */
  line: number | null
  /** Of the log that it was greeted with. */
  epoch: string
  /** How many rolls have passed without a word of its. */
  silentRolls: number
}

/** How often tabs are asked whether they are there, in ms; one that says nothing so many times is gone. */
const ROLL_MS = 30_000
const MOST_SILENT_ROLLS = 2
/** How long until a tab whose message has come to nothing is given a new line, in ms. */
const AGAIN_MS = 1_000

/** Until the server has told. */
export const UNKNOWN = { boot: '-', epoch: '-' }

type Hello = ServerFrame & { readonly type: 'HELLO' }

/** Opens the one line, and serves whoever joins. */
export function createTabHub({ clock, maxFrameLength, makeUpstream, emit, known }: TabHubPorts): TabHub {
  const members = new Map<string, Member>()
  const timers = new Set<Stop>()
  const gathering = createGathering(clock)
  let state: KeeperState = { name: 'closed' }
  let hello: Hello | null = null
  let greeted = -1
  let isLost = false
  let isOver = false
  let lines = 0

  const upstream = makeUpstream({
    before(news) {
      if (news.type !== 'message' || news.generation === greeted) return
      const frame = readFrame(news.data, maxFrameLength)
      if (typeof frame === 'string' || frame.type !== 'HELLO' || frame.session === 'unknown') return
      greeted = news.generation
      hello = frame
      topics.greeted({ epoch: frame.epoch, offset: frame.offset })
    },
    after(news) {
      if (news.type === 'state' && !isOver) changed(news.state)
    },
    onSessionLost() {
      isLost = true
      endAll('session-lost')
    },
  })
  const topics = createTabTopics({
    known,
    topic: upstream.topic,
    tell,
    tellEvent: (text, tabs) => emit({ say: 'event', to: '*', text }, tabs),
    onOtherLog() {
      topics.lost()
      endAll('again')
      openAll()
    },
  })

  /** A stream or poll is dialled for topics, and requests go without it: tabs say both before it stands. */
  function serving(): 'no' | 'early' | 'live' {
    if (state.name === 'open') return 'live'
    if (state.name !== 'dialling' && state.name !== 'greeting') return 'no'
    return state.transport !== 'websocket' && !isLost ? 'early' : 'no'
  }

  const sends = createTabSends({ send: upstream.send, tell, onNothing: afresh })

  function changed(next: KeeperState): void {
    const before = serving()
    state = next
    if (state.name === 'open') isLost = false
    emit({ say: 'state', to: '*', state })
    const now = serving()
    if (now === before) return
    // What was said early counts, unless the server's log is another one than was thought.
    if (before === 'early' && now === 'live')
      return members.forEach((member, tab) => member.epoch !== topics.end.epoch && reopen(tab, member))
    if (before !== 'no') {
      topics.lost()
      endAll('again')
    }
    if (now !== 'no') openAll()
  }

  function open(tab: string, member: Member): void {
    member.line = ++lines
    emit({ say: 'open', to: tab, line: member.line })
    const { epoch, offset } = topics.end
    const { boot } = hello ?? UNKNOWN
    // A poll that goes on is not greeted: it says if its log is another one than its cursor's.
    member.epoch = epoch || UNKNOWN.epoch
    tell(tab, { type: 'HELLO', boot, epoch: member.epoch, offset, session: 'known' })
  }
  function reopen(tab: string, member: Member): void {
    topics.leave(tab)
    emit({ say: 'end', to: tab, verdict: 'again' })
    open(tab, member)
  }
  const openAll = (): void => members.forEach((member, tab) => open(tab, member))

  function endAll(verdict: Verdict): void {
    for (const member of members.values()) member.line = null
    emit({ say: 'end', to: '*', verdict })
  }

  function tell(tab: string, frame: object): void {
    const line = members.get(tab)?.line ?? null
    if (line !== null) emit({ say: 'told', to: tab, line, text: JSON.stringify(frame) })
  }

  function joined(tab: string): Member {
    const member: Member = { line: null, epoch: '', silentRolls: 0 }
    members.set(tab, member)
    topics.leave(tab)
    emit({ say: 'state', to: '*', state })
    if (serving() !== 'no') open(tab, member)
    else if (isLost) emit({ say: 'end', to: tab, verdict: 'session-lost' })
    return member
  }

  function left(tab: string): void {
    members.delete(tab)
    topics.leave(tab)
    topics.sweep()
  }

  function said(tab: string, line: number, text: string): void {
    if (line !== members.get(tab)?.line) return
    const frame = readSaid(text)
    if (frame?.type === 'SEND')
      return sends.send(tab, frame, state.name === 'open' && state.transport === 'websocket')
    if (serving() === 'early' && gathering.take(() => said(tab, line, text))) return
    if (frame?.type === 'SUBSCRIBE') topics.subscribe(tab, frame.topic, frame.cursor)
    if (frame?.type === 'UNSUBSCRIBE') topics.unsubscribe(tab, frame.topic)
  }

  /** What has come to nothing is sent again by its tab, on a new line. */
  function afresh(tab: string): void {
    const line = members.get(tab)?.line ?? null
    if (isOver || line === null) return
    const cancel = clock.setTimeout(() => {
      timers.delete(cancel)
      const member = members.get(tab)
      if (member?.line === line) reopen(tab, member)
    }, AGAIN_MS)
    timers.add(cancel)
  }

  function roll(): void {
    for (const [tab, member] of members) {
      member.silentRolls += 1
      if (member.silentRolls > MOST_SILENT_ROLLS) left(tab)
    }
    topics.sweep()
    emit({ say: 'lead', to: '*', roll: true })
    stopRoll = clock.setTimeout(roll, ROLL_MS)
  }

  emit({ say: 'lead', to: '*', roll: false })
  let stopRoll = clock.setTimeout(roll, ROLL_MS)
  upstream.open()

  return {
    hear(word) {
      const { say, from } = word
      if (say === 'who') return emit({ say: 'lead', to: '*', roll: false })
      if (say === 'leave') return left(from)
      // One that was not heard of for long, and was taken for gone.
      const member = (say === 'join' ? null : members.get(from)) ?? joined(from)
      member.silentRolls = 0
      if (say === 'retry') upstream.retryNow()
      if (say === 'said') said(from, word.line, word.text)
    },
    stop() {
      isOver = true
      stopRoll()
      gathering.stop()
      for (const cancel of timers) cancel()
      emit({ say: 'gone', to: '*' })
      upstream.close()
    },
  }
}
