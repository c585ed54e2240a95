/** What is in use: one dial or the line that it has become, and the heart of that line. */
import type { Around } from './around.js'
import type { BetterLine } from './beside.js'
import type { Dial } from './dial.js'
import type { DialEvent } from './dialling-state.js'
import { broken } from './ends.js'
import { createHeart, type Heart, type HeartPorts } from './heart.js'
import type { Heartbeat } from './heartbeat.js'
import type { KeeperNews, KeeperOptions } from './keeper-state.js'
import type { Line, LineEnd, LineNews } from './line.js'

/** What it asks and tells. */
export interface InUsePorts {
  readonly around: Around
  send(event: DialEvent): void
  tell(news: KeeperNews): void
  /** It is over; silent: nobody said so. */
  ended(end: LineEnd, isSilent: boolean): void
}

/** The place of the one dial or line. */
export interface InUse {
  /** Null: the place is empty. */
  readonly dial: Dial | null
  /** Null: it has not opened. */
  readonly line: Line | null
  /** Null: there is no line, or it is never asked for a sign of life. */
  readonly heart: Heart | null
  /** Of what is, or was the last, in use. */
  readonly generation: number
  /** When it last gave a sign of life, if it cannot be asked for one; Infinity: it can. */
  readonly livedAt: number
  /** This dial has been begun; with a better line: that takes the place of another one. */
  seat(dial: Dial, better?: BetterLine): void
  hear(news: LineNews): void
  /** The place is empty again, at once. */
  letGo(code?: number, reason?: string): void
}

/** Makes the place; it is empty. */
export function createInUse(
  { connection: { clock }, heartbeat }: Pick<KeeperOptions, 'connection' | 'heartbeat'>,
  { around, send, tell, ended }: InUsePorts,
): InUse {
  let dial: Dial | null = null
  let line: Line | null = null
  let heart: Heart | null = null
  let generation = 0
  let livedAt = 0

  const portsOf = ({ idleAfterMs }: Heartbeat): HeartPorts => ({
    clock,
    isWanted: around.isWanted,
    isQuick: () => around.use.isQuick(around.isHidden(), idleAfterMs),
    dead: (reason) => ended(broken(reason), true),
    alive: () => tell({ type: 'alive', generation }),
  })

  function open(opened: Line, openMs: number): void {
    line = opened
    livedAt = opened.transport === 'websocket' ? Infinity : clock.now()
    heart = heartbeat ? createHeart(opened, openMs, heartbeat, portsOf(heartbeat)) : null
  }

  return {
    get dial() {
      return dial
    },
    get line() {
      return line
    },
    get heart() {
      return heart
    },
    get generation() {
      return generation
    },
    get livedAt() {
      return livedAt
    },
    seat(own, better) {
      dial = own
      generation = own.generation
      if (better) open(better.line, better.openMs)
    },
    hear(news) {
      livedAt = Math.max(livedAt, clock.now())
      switch (news.type) {
        case 'open':
          if (line || !dial?.line) return
          open(dial.line, clock.now() - dial.openingAt)
          return send({ type: 'OPENED' })
        case 'alive':
          return heart?.live()
        case 'message': {
          const own = dial
          const isPong = heart?.hear(news.data) ?? false
          // Whoever was told that it is alive may have stopped it.
          if (!isPong && dial === own) tell({ ...news, generation })
          return
        }
        case 'retry':
          return send({ type: 'FLOOR', retryMs: news.retryMs })
        case 'end':
          return ended(news.end, false)
      }
    },
    letGo(code, reason) {
      dial?.drop(code, reason)
      dial = line = heart = null
    },
  }
}
