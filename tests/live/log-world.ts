/** A server's log, lines to it that lose and delay what they carry, and what a client makes of that. */
import { expect } from 'vitest'
import { createFeed } from '../../mocks/live/feed.js'
import { cursorText as placeText, helloFrame, TOPICS, type Topic } from '../../mocks/live/frames.js'
import { cursorText, type Place, type TopicTold } from '../../src/live/cursor.js'
import { readFrame } from '../../src/live/frames.js'
import type { LineView } from '../../src/live/line-view.js'
import { createSubscriptions } from '../../src/live/subscriptions.js'

export { TOPICS, type Topic }

/** What a line carries, in both directions, in order. */
interface Line {
  readonly view: LineView
  readonly isSocket: boolean
  readonly number: number
  /** To the server. */
  readonly up: (() => void)[]
  /** To the client. */
  readonly down: string[]
  readonly stops: (() => void)[]
  /** What listens on it, by topic. */
  readonly readers: Map<string, () => void>
}

/** What a subscription was told, held against what was published. */
interface Diary {
  /** Up to where nothing is missing; null: it has not begun. */
  at: Place | null
  /** Whoever is told of a reset reads everything anew: so far nothing can be missing. */
  readAnew: Place
}

export function createLogWorld(ring: number) {
  let epochs = 1
  const feed = createFeed(ring, 'e1')
  /** Everything that was ever published. */
  const published: { readonly epoch: string; readonly topic: string; readonly offset: number }[] = []
  const subscriptions = createSubscriptions()
  const diaries = new Map<string, Diary>()
  let lines: Line[] = []
  let numbers = 0
  const seen = { events: 0, gaps: 0, resets: 0 }

  /** No event of this topic lies within; both excluded. */
  const nothingBetween = (topic: string, { epoch, offset }: Place, to: number, why: string): void => {
    const { readAnew } = diaries.get(topic)!
    if (Number(readAnew.epoch.slice(1)) > Number(epoch.slice(1))) return
    const from = Math.max(offset, readAnew.epoch === epoch ? readAnew.offset : 0)
    const missed = published.filter(
      (one) => one.epoch === epoch && one.topic === topic && one.offset > from && one.offset < to,
    )
    if (missed.length > 0) expect.fail(`${why}: ${topic} ${JSON.stringify(missed)} after ${epoch}:${offset}`)
  }

  function record(topic: string, told: TopicTold): void {
    const diary = diaries.get(topic)
    const place = subscriptions.placeOf(topic)
    if (!diary || !place) return
    const { at } = diary
    switch (told.type) {
      case 'event':
        expect(at, 'told before it began').not.toBeNull()
        expect(place.epoch).toBe(at!.epoch)
        expect(place.offset, 'doubled, or out of order').toBeGreaterThan(at!.offset)
        expect(
          published.some(
            (one) => one.topic === topic && one.epoch === place.epoch && one.offset === place.offset,
          ),
          'made up',
        ).toBe(true)
        nothingBetween(topic, at!, place.offset, 'lost')
        seen.events += 1
        break
      case 'gap':
        expect(told.to).toBe(place.offset)
        expect(told.from).toBeLessThanOrEqual(told.to)
        if (at) {
          expect(told.from, 'a gap of what was told').toBeGreaterThan(at.offset)
          nothingBetween(topic, at, told.from, 'lost before a gap')
        }
        seen.gaps += 1
        break
      case 'reset':
        diary.readAnew = feed.end()
        seen.resets += 1
        break
      case 'resumed':
        // A stream has read on meanwhile, and there was nothing for this topic.
        if (at && place.epoch === at.epoch)
          nothingBetween(topic, at, place.offset + 1, 'lost before it resumed')
        else if (at) expect(place).toEqual(at)
    }
    diary.at = place
  }

  const hello = (line: Line): void =>
    void line.down.push(helloFrame({ boot: 'b', ...feed.end(), heartbeatMs: 25_000, session: 'known' }))

  /** As a server reads for a listener: topics that share a reader, from a cursor on. */
  function read(line: Line, topics: readonly Topic[], cursor: string | undefined): () => void {
    const { at, frames } = feed.startFrom(topics, cursor)
    line.down.push(...frames)
    return feed.listen(topics, at, (frame) => void line.down.push(frame))
  }

  function pump(line: Line): void {
    if (!line.isSocket) return
    const { ask, leave } = line.view.pending()
    for (const topic of leave) {
      line.view.leave(topic)
      line.up.push(() => {
        line.readers.get(topic)?.()
        line.readers.delete(topic)
      })
    }
    for (const topic of ask) {
      const cursor = line.view.ask(topic)
      line.up.push(() => {
        line.readers.get(topic)?.()
        line.readers.set(topic, read(line, [topic as Topic], cursor))
      })
    }
  }

  function open(isSocket: boolean): Line {
    numbers += 1
    const asking = subscriptions.asking()
    const view = isSocket ? subscriptions.socket(numbers) : subscriptions.shared(numbers, asking)
    const line: Line = { view, isSocket, number: numbers, up: [], down: [], stops: [], readers: new Map() }
    lines.push(line)
    hello(line)
    if (!isSocket) {
      const cursor = asking.cursor ? placeText(asking.cursor) : undefined
      line.stops.push(read(line, asking.topics as Topic[], cursor))
    }
    return line
  }

  function deliver(line: Line): void {
    const text = line.down.shift()
    if (text === undefined) return
    const frame = readFrame(text, 10_000)
    if (typeof frame === 'string') throw new Error(`${frame}: ${text}`)
    if (frame.type === 'HELLO') {
      for (const { topic, ...told } of line.view.greeted(frame)) record(topic, told)
      pump(line)
    } else if ('topic' in frame && frame.type !== 'ERROR' && line.view.take(frame)) {
      const told = line.view.apply(frame)
      if (told) record(frame.topic, told)
    }
  }

  const close = (line: Line): void => {
    for (const stop of [...line.stops, ...line.readers.values()]) stop()
    lines = lines.filter((one) => one !== line)
  }
  const settle = (line: Line): void => {
    while (line.up.length + line.down.length > 0) {
      line.up.shift()?.()
      deliver(line)
    }
  }
  const lineAt = (which: number): Line | undefined => lines[which % Math.max(1, lines.length)]

  return {
    subscriptions,
    diaries,
    /** How often what was told. */
    seen,
    get lines() {
      return lines
    },
    publish(topic: Topic) {
      const offset = feed.append(topic, 0)
      published.push({ epoch: feed.end().epoch, topic, offset })
    },
    follow(topic: Topic, place: Place | null) {
      if (diaries.has(topic)) return
      subscriptions.add(topic, place)
      diaries.set(topic, { at: place, readAnew: { epoch: 'e0', offset: 0 } })
      for (const line of lines) if (line.view.isRestored || line.isSocket) pump(line)
    },
    unfollow(topic: Topic) {
      subscriptions.remove(topic)
      diaries.delete(topic)
      for (const line of lines) pump(line)
    },
    /** At most two: one in use, and a better one beside it. */
    open(isSocket: boolean) {
      if (lines.length < 2 && (isSocket || diaries.size > 0)) open(isSocket)
    },
    serve: (which: number) => lineAt(which)?.up.shift()?.(),
    deliver: (which: number) => {
      const line = lineAt(which)
      if (line) deliver(line)
    },
    cut: (which: number) => {
      const line = lineAt(which)
      if (line) close(line)
    },
    /**
     * Whoever follows nothing at that moment is not told, and takes what he asks for later for the old log: as a
     * server's restart does, it ends his line. (The next line would say RESET: safe, but not what was published.)
     */
    reset() {
      for (const line of [...lines]) if (line.isSocket && line.readers.size === 0) close(line)
      feed.reset(`e${++epochs}`)
    },
    /** Everything is well again: all that is under way arrives, on one line that is new. */
    heal(isSocket: boolean) {
      for (const line of [...lines]) {
        settle(line)
        close(line)
      }
      if (diaries.size === 0) return
      const line = open(isSocket)
      settle(line)
      if (isSocket) expect(line.view.isRestored).toBe(true)
      for (const [topic, { at }] of diaries) {
        expect(at, `${topic} has begun`).not.toBeNull()
        expect(at!.epoch).toBe(feed.end().epoch)
        nothingBetween(topic, at!, Infinity, `lost at the end, on ${cursorText(at!)}`)
      }
    },
  }
}
