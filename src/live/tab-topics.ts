/**
 * What all tabs follow, over one subscription for each topic: from the lowest cursor of all. Each tab keeps its own
 * cursors and ignores what it has seen, so that nothing is lost or doubled whoever leads.
 */
import type { Stop } from '../core/clock.js'
import type { Channel } from './channel-over.js'
import { cursorText, readCursor, type Place } from './cursor.js'
import type { ChannelEvent } from './topics.js'

/** What one tab wants of a topic. */
interface Wish {
  /** Up to where it has been told; null: from the present on. */
  at: number | null
  /** How it is answered once the server has answered; null: it was. */
  due: 'RESUMED' | 'RESET' | null
}

/** One topic of the one line. */
interface Followed {
  stop: Stop
  /** Of this topic everything up to here was told, or not asked for; null: it begins at the present. */
  at: number | null
  isDue: boolean
  /** By tab. */
  readonly wishes: Map<string, Wish>
}

/** What all tabs follow. */
export interface TabTopics {
  /** What a tab that begins now is greeted with. */
  readonly end: Place
  subscribe(tab: string, topic: string, cursor: string | undefined): void
  unsubscribe(tab: string, topic: string): void
  /** This tab follows nothing any more. */
  leave(tab: string): void
  /** A new line was greeted. */
  greeted(end: Place): void
  /** The line is gone: every tab asks anew, and the server answers anew. */
  lost(): void
  /** Lets go of what no tab wants. */
  sweep(): void
}

/** Where it leads to. */
export interface TabTopicsPorts {
  /** Where the log ended when it was heard of last. */
  readonly known: Place
  readonly topic: Channel['topic']
  /** A frame for one tab. */
  readonly tell: (tab: string, frame: object) => void
  /** An event, and who wants it. */
  readonly tellEvent: (text: string, tabs: readonly string[]) => void
  /** Another log has begun: every tab asks anew. */
  readonly onOtherLog: () => void
}

/** Nothing is followed. */
export function createTabTopics(ports: TabTopicsPorts): TabTopics {
  const { topic: follow, tell, tellEvent, onOtherLog } = ports
  const all = new Map<string, Followed>()
  let end = ports.known

  function start(topic: string, followed: Followed, from: number | null): void {
    followed.stop()
    followed.at = from
    followed.isDue = true
    followed.stop = follow(topic, {
      ...(from === null ? {} : { cursor: cursorText({ epoch: end.epoch, offset: from }) }),
      onEvent: (event) => passOn(topic, followed, event),
      onResumed({ cursor }) {
        answered(followed, cursor)
        settle(topic, followed)
      },
      onGap({ to }) {
        followed.isDue = false
        followed.at = to
        seen(to)
        for (const [tab, wish] of followed.wishes) {
          if (wish.at === null || wish.at >= to) continue
          tell(tab, { type: 'GAP', topic, from: wish.at + 1, to })
          done(wish, to)
        }
        settle(topic, followed)
      },
      onReset({ cursor }) {
        const offset = answered(followed, cursor)
        followed.at = offset
        for (const [tab, wish] of followed.wishes) {
          if (wish.at === null || wish.at <= offset) continue
          tell(tab, { type: 'RESET', topic, epoch: end.epoch, offset })
          done(wish, offset)
        }
        settle(topic, followed)
      },
      onRefused({ code, detail }) {
        for (const tab of followed.wishes.keys()) tell(tab, { type: 'ERROR', code, detail, topic })
        letGo(topic, followed)
      },
    })
  }

  const seen = (offset: number): void => {
    if (offset > end.offset) end = { ...end, offset }
  }
  const done = (wish: Wish, at: number): void => {
    wish.due = null
    wish.at = at
  }

  /** The server has said where it goes on; returns that. */
  function answered(followed: Followed, cursor: string): number {
    const place = readCursor(cursor) ?? end
    if (place.epoch !== end.epoch) {
      began(place)
      onOtherLog()
    }
    followed.isDue = false
    // A stream may have read on, for other topics: what is behind that is not behind this one.
    followed.at ??= place.offset
    seen(place.offset)
    return place.offset
  }

  /** Tells whoever waits: what is asked for begins at the lowest place that is wanted. */
  function settle(topic: string, followed: Followed): void {
    if (followed.isDue) return
    const due = [...followed.wishes].filter(([, wish]) => wish.due !== null)
    for (const [tab, wish] of due) {
      const { epoch, offset } = end
      if (wish.due === 'RESET') tell(tab, { type: 'RESET', topic, epoch, offset })
      else tell(tab, { type: 'RESUMED', topic, offset: wish.at ?? offset })
      done(wish, wish.at ?? offset)
    }
  }

  function passOn(topic: string, followed: Followed, { offset, data }: ChannelEvent): void {
    // A poll answers with events, and says later that it goes on.
    if (followed.isDue) {
      followed.isDue = false
      followed.at ??= offset - 1
      settle(topic, followed)
    }
    followed.at = offset
    seen(offset)
    const tabs: string[] = []
    for (const [tab, wish] of followed.wishes) {
      if (wish.due !== null || (wish.at !== null && wish.at >= offset)) continue
      wish.at = offset
      tabs.push(tab)
    }
    if (tabs.length > 0) tellEvent(JSON.stringify({ type: 'EVENT', topic, offset, data }), tabs)
  }

  function letGo(topic: string, followed: Followed): void {
    followed.stop()
    all.delete(topic)
  }

  /** What was known of places in the log before says nothing of this one. */
  function began(place: Place): void {
    end = place
    for (const followed of all.values()) followed.at = null
  }

  const lost = (): void => {
    for (const followed of all.values()) {
      followed.isDue = true
      followed.wishes.clear()
    }
  }
  const sweep = (): void => {
    for (const [topic, followed] of all) if (followed.wishes.size === 0) letGo(topic, followed)
  }

  return {
    get end() {
      return end
    },
    subscribe(tab, topic, cursor) {
      const place = cursor === undefined ? null : readCursor(cursor)
      // Before the first greeting a tab knows best.
      if (place && end.epoch === '') end = place
      const isOther = place !== null && place.epoch !== end.epoch
      const at = isOther ? null : (place?.offset ?? null)
      const followed = all.get(topic) ?? { stop: () => {}, at: null, isDue: false, wishes: new Map() }
      const isNew = !all.has(topic)
      all.set(topic, followed)
      followed.wishes.set(tab, { at, due: isOther ? 'RESET' : 'RESUMED' })
      // Behind what is on its way already: asked for once more, from there.
      const isBehind = at !== null && (followed.at === null || at < followed.at)
      if (isNew || isBehind) return start(topic, followed, at)
      settle(topic, followed)
    },
    unsubscribe(tab, topic) {
      all.get(topic)?.wishes.delete(tab)
      sweep()
    },
    leave(tab) {
      for (const { wishes } of all.values()) wishes.delete(tab)
    },
    greeted(place) {
      if (place.epoch !== end.epoch) began(place)
      end = place
    },
    lost,
    sweep,
  }
}
