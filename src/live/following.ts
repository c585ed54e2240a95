/** Following topics: who listens, since when, and what of what lines tell reaches whom. */
import type { Clock, Stop } from '../core/clock.js'
import { badOption } from '../core/errors.js'
import { cursorText, readCursor, type TopicTold } from './cursor.js'
import { isTopic, type TopicFrame } from './frames.js'
import { isolated } from './isolated.js'
import type { Resync } from './resync.js'
import type { Subscriptions } from './subscriptions.js'
import { createListeners, type TopicListener } from './topics.js'

/** How to follow a topic, and what to do about it. */
export interface TopicOptions extends TopicListener {
  /**
   * Where to go on, as an event told it on an earlier visit. Default: at the present. Only the first who follows a
   * topic decides: who comes later begins at the present.
   */
  cursor?: string
}

/** Topics that are followed. */
export interface Following {
  topic(name: string, options: TopicOptions): Stop
  tell(topic: string, told: TopicTold, frame?: TopicFrame): void
  refuse(topic: string, code: string, detail: string): void
  stop(): void
}

/** What it is made with. */
export interface FollowingPorts {
  readonly clock: Clock
  readonly subscriptions: Subscriptions
  readonly resync: Resync
  /** Topics have been added or removed: once for all of one turn. */
  readonly onChange: () => void
}

/** Nothing is followed. */
export function createFollowing({ clock, subscriptions, resync, onChange }: FollowingPorts): Following {
  const listeners = createListeners()
  /** Who joined what is followed already, and is to be told where it stands. */
  let joined: (() => void)[] = []
  let soon: Stop | null = null

  function changed(): void {
    soon ??= clock.setTimeout(() => {
      soon = null
      const late = joined
      joined = []
      for (const tellLate of late) tellLate()
      onChange()
    }, 0)
  }
  const cursorOf = (topic: string): string | null => {
    const place = subscriptions.placeOf(topic)
    return place && cursorText(place)
  }

  return {
    topic(name, options) {
      const at = options.cursor === undefined ? null : readCursor(options.cursor)
      if (!isTopic(name))
        throw badOption('topic.name', name, '1 to 64 visible ASCII characters without a comma')
      if (options.cursor !== undefined && !at)
        throw badOption('topic.cursor', options.cursor, 'a cursor that an event told')
      const { isFirst, stop } = listeners.add(name, options)
      let isOver = false
      if (isFirst) subscriptions.add(name, at)
      else
        joined.push(() => {
          const cursor = cursorOf(name)
          if (cursor !== null && !isOver) isolated(() => options.onResumed?.({ topic: name, cursor }))
        })
      changed()
      return () => {
        isOver = true
        if (!stop()) return
        subscriptions.remove(name)
        changed()
      }
    },
    tell(topic, told, frame) {
      const cursor = cursorOf(topic)
      if (cursor === null) return
      if (told.type === 'gap') resync.owe({ type: 'gap', topic, from: told.from, to: told.to })
      if (told.type === 'reset') resync.owe({ type: 'reset', topic })
      listeners.tell(topic, told, cursor, frame?.type === 'EVENT' ? frame : undefined)
    },
    refuse: listeners.refuse,
    stop() {
      soon?.()
      soon = null
      joined = []
    },
  }
}
