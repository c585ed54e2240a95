/** A better line, opened beside the one in use, which serves on until the new one is proven. */
import type { Clock } from '../core/clock.js'
import type { Dial } from './dial.js'
import { broken } from './ends.js'
import type { KeeperNews } from './keeper-state.js'
import type { Line, LineEnd, LineNews } from './line.js'
import type { Route } from './routes.js'

/** What it asks and tells. */
export interface BesidePorts {
  readonly clock: Clock
  readonly dialTimeoutMs: number
  begin(route: Route): Dial
  tell(news: KeeperNews): void
}

/** The better way. */
export interface Better {
  /** When it is to be tried (epoch ms); Infinity: the line in use is as good. */
  dueAt(): number
  /** It is tried now. */
  take(now: number): Route
}

/** A line that has opened beside another one. */
export interface BetterLine {
  readonly dial: Dial
  readonly line: Line
  /** How long its handshake took. */
  readonly openMs: number
  /** What it was told by `retry:`; 0: nothing. */
  readonly floorMs: number
}

/** The place beside the line in use: empty, or one dial. */
export interface Beside {
  readonly dial: Dial | null
  /** When to look again (epoch ms). */
  readonly lookAt: number
  /** Begins one if it is time, ends one that takes too long. */
  look(): void
  hear(news: LineNews): void
  /** Gives away a line that has opened; null: there is none. */
  take(): BetterLine | null
  drop(reason: string): void
}

/** Makes the place; it is empty. */
export function createBeside({ clock, dialTimeoutMs, begin, tell }: BesidePorts, better: Better): Beside {
  let dial: Dial | null = null
  let opened: BetterLine | null = null
  let until = 0

  function clear(): void {
    dial = opened = null
  }

  function end(given: LineEnd): void {
    const was = opened
    dial?.drop(1000, given.reason)
    clear()
    if (was) tell({ type: 'ended', end: given, generation: was.dial.generation })
  }

  return {
    get dial() {
      return dial
    },
    get lookAt() {
      return dial ? until : better.dueAt()
    },
    look() {
      const now = clock.now()
      if (dial) {
        if (now >= until) end(broken(`no answer within ${dialTimeoutMs} ms`))
      } else if (now >= better.dueAt()) {
        until = now + dialTimeoutMs
        dial = begin(better.take(now))
      }
    },
    hear(news) {
      if (news.type === 'end') return end(news.end)
      if (!dial) return
      const { generation, line } = dial
      if (news.type === 'open' && !opened && line) {
        const now = clock.now()
        opened = { dial, line, openMs: now - dial.openingAt, floorMs: 0 }
        until = now + dialTimeoutMs
        tell({ type: 'opened', line, generation, isProbation: true })
      } else if (news.type === 'retry' && opened) {
        opened = { ...opened, floorMs: news.retryMs }
      } else if (news.type === 'message') {
        tell({ ...news, generation })
      }
    },
    take() {
      const taken = opened
      if (taken) clear()
      return taken
    },
    drop: (reason) => end(broken(reason)),
  }
}
