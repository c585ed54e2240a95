/** One tab of those that share a channel: who leads, and what is to be done when he says nothing any more. */
import type { Clock, Random, Stop } from '../core/clock.js'
import { createKey } from '../core/key.js'
import type { TabHub, TabHubPorts } from './tab-hub.js'
import { readWord, type LeaderNews, type LeaderStamp, type LeaderWord, type MemberWord } from './tab-words.js'
import type { TabsPort } from './tabs-port.js'

/** What concerns this tab of what the leader says. */
export type TabNews = Exclude<WithoutReceiver<LeaderNews>, { readonly say: 'lead' | 'gone' }>

type WithoutReceiver<News> = News extends unknown ? Omit<News, 'to'> : never

/** One tab. */
export interface Tab {
  start(hear: (news: TabNews) => void): void
  /** Leaves; if it leads, another one does from now on. */
  stop(): void
  /** Wants a new line. */
  join(): void
  /** Says something to the server, on this line. */
  say(line: number, text: string): void
  retry(): void
}

/** What it is made with. */
export interface TabOptions {
  /** For patience with a leader. */
  readonly clock: Clock
  /** For its own id. */
  readonly random: Random
  /** Who leads, and the way to the others. */
  readonly port: TabsPort
  /** Tabs of one name share. */
  readonly name: string
  /** Of a frame, in characters. */
  readonly maxLength: number
  /** Makes the leader's side, when this tab leads. */
  readonly createHub: (emit: TabHubPorts['emit']) => TabHub
}

/**
 * A leader of whom nothing is heard is asked twice, and replaced after 15 s in all (as the queue's lease, ux-56).
 * Words are answered by hidden pages, too, whose timers may be a minute late.
 */
const PATIENCE_MS = [10_000, 4_000, 1_000]
/** A leader that was heard of within this time gives way only to one of a later term. */
const TRUSTED_MS = 5_000

const isNewer = (one: LeaderStamp, other: LeaderStamp): boolean =>
  one.term > other.term || (one.term === other.term && one.from > other.from)

/** Makes it; it does nothing until `start`. */
export function createTab({ clock, random, port, name, maxLength, createHub }: TabOptions): Tab {
  const me = createKey(clock, random)
  let on: { readonly hear: (news: TabNews) => void; readonly stops: readonly Stop[] } | null = null
  let post: (word: MemberWord | LeaderWord) => void = () => {}
  let seize = (): void => {}
  let hub: TabHub | null = null
  let leader: LeaderStamp | null = null
  let isTrusted = false
  let heardAt = 0
  let stopWatch: Stop = () => {}

  /** Never within the call that caused it, and in order. */
  function soon(run: () => void): void {
    const own = on
    void Promise.resolve().then(() => {
      if (on === own) run()
    })
  }

  function watch(patience = 0): void {
    stopWatch()
    const from = patience === 0 ? heardAt : clock.now()
    // Each word of a leader is another stamp: an answer may come within the millisecond of its question.
    const before = leader
    const dueAt = from + (PATIENCE_MS[patience] ?? 0)
    stopWatch = clock.setTimeout(() => {
      if (hub || !on) return
      if (leader !== before) return watch()
      if (patience < PATIENCE_MS.length - 1) {
        ask()
        return watch(patience + 1)
      }
      seize()
      heardAt = clock.now()
      watch()
    }, dueAt - clock.now())
  }

  const ask = (): void => post({ say: 'who', from: me, term: leader?.term ?? 0 })

  function tellHub(word: MemberWord): void {
    if (hub) soon(() => hub?.hear(word))
    else post(word)
  }
  const join = (): void => {
    if (leader) tellHub({ say: 'join', from: me, to: leader.from })
  }

  function lead(leads: boolean): void {
    if (!on || leads === (hub !== null)) return
    if (leads) {
      leader = { from: me, term: Math.max((leader?.term ?? 0) + 1, clock.now()), seq: 0 }
      on.hear({ say: 'end', verdict: 'again' })
      hub = createHub(emit)
      return join()
    }
    giveUp()
    on.hear({ say: 'end', verdict: 'again' })
    ask()
    heardAt = clock.now()
    watch()
  }

  function giveUp(): void {
    const own = hub
    hub = null
    isTrusted = false
    own?.stop()
  }

  /** As the leader: to those whom it concerns, this tab among them. */
  function emit(news: LeaderNews, tabs?: readonly string[]): void {
    const isOwn = tabs ? tabs.includes(me) : news.to === me || news.to === '*'
    const isOthers = tabs ? tabs.some((tab) => tab !== me) : news.to !== me
    if (isOwn) soon(() => take(news))
    if (!isOthers || leader?.from !== me) return
    leader = { ...leader, seq: leader.seq + 1 }
    post({ ...news, ...leader })
  }

  function take(news: LeaderNews): void {
    // Also the tab that leads: one that only listens says nothing else, and is no longer served as if it were gone.
    if (news.say === 'lead' && news.roll && leader) tellHub({ say: 'here', from: me, to: leader.from })
    if (news.say === 'lead' || news.say === 'gone') return
    on?.hear(news)
  }

  function hear(data: unknown): void {
    const word = readWord(data, maxLength)
    if (!on || !word || word.from === me) return
    if ('seq' in word) return heardLeader(word)
    if (hub && (word.say === 'who' || word.to === me)) hub.hear(word)
  }

  function heardLeader(word: LeaderWord): void {
    if (hub || !on) return
    const { from, term, seq } = word
    const isSame = leader?.from === from && leader.term === term
    const isHeard = isTrusted && clock.now() - heardAt < TRUSTED_MS
    if (leader && !isSame && isHeard && !isNewer(word, leader)) return
    const isMissing = !isSame || !isTrusted || seq !== (leader?.seq ?? 0) + 1
    leader = { from, term, seq }
    heardAt = clock.now()
    isTrusted = word.say !== 'gone'
    if (isMissing || word.say === 'gone') on.hear({ say: 'end', verdict: 'again' })
    if (isMissing && isTrusted) join()
    if (word.to !== '*' && word.to !== me) return
    take(word)
  }

  return {
    start(tell) {
      const way = port.join(name, hear)
      post = way.post
      const wish = port.lead(name, lead)
      seize = wish.seize
      on = { hear: tell, stops: [way.stop, wish.stop] }
      heardAt = clock.now()
      ask()
      watch()
    },
    stop() {
      if (!on) return
      if (!hub && leader) post({ say: 'leave', from: me, to: leader.from })
      const { stops } = on
      giveUp()
      on = null
      stopWatch()
      for (const stop of [...stops].reverse()) stop()
      leader = null
    },
    join,
    say(line, text) {
      if (leader) tellHub({ say: 'said', from: me, to: leader.from, line, text })
    },
    retry() {
      if (leader) tellHub({ say: 'retry', from: me, to: leader.from })
    },
  }
}
