/** What is in use: one dial or the line that it has become, and the heart of that line. */
import type { Around } from './around.js'
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
  /** This dial has been begun; with a line: it takes the place of another one. */
  seat(dial: Dial, opened?: Line): void
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

  const portsOf = ({ idleAfterMs }: Heartbeat): HeartPorts => ({
    clock,
    isWanted: around.isWanted,
    isQuick: () => around.use.isQuick(around.isHidden(), idleAfterMs),
    dead: (reason) => ended(broken(reason), true),
    alive: () => tell({ type: 'alive', generation }),
  })

  function open(own: Dial, opened: Line): void {
    line = opened
    heart = heartbeat ? createHeart(opened, clock.now() - own.openingAt, heartbeat, portsOf(heartbeat)) : null
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
    seat(own, opened) {
      dial = own
      generation = own.generation
      if (opened) open(own, opened)
    },
    hear(news) {
      switch (news.type) {
        case 'open':
          if (line || !dial?.line) return
          open(dial, dial.line)
          return send({ type: 'OPENED' })
        case 'alive':
          return heart?.live()
        case 'message':
          if (!heart?.hear(news.data)) tell({ ...news, generation })
          return
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
