/** Of the tabs that share a queue one sends: the port that says which, and the one on Web Locks. */
import { createAlarm } from '../core/alarm.js'
import type { Clock } from '../core/clock.js'
import type { Stop } from '../core/state.js'
import { onPresence, thisPage, type PageLike } from './pages.js'

/** How long to wait before locks that were refused (a page that is not allowed any) are asked for again. */
const AGAIN_MS = 1_000

/** Something that one holder can have at a time. */
export interface LockPort {
  /** Asks for it, and for it again when it was taken away; says when it is held and when no longer. */
  hold(name: string, onChange: (held: boolean) => void): Stop
}

/** For a store that nobody else can see: held at once. */
export const noRivals: LockPort = {
  hold(_name, onChange) {
    onChange(true)
    return () => {}
  },
}

/** The part of `navigator.locks` that is used. */
export interface LockManagerLike {
  request(name: string, options: { signal: AbortSignal }, hold: () => Promise<void>): Promise<unknown>
  query(): Promise<unknown>
}

/** Where there are no locks the store's lease decides, and only a page that is there takes part. */
export function presence(pages: readonly PageLike[] = thisPage()): LockPort {
  return {
    hold(_name, onChange) {
      onChange(true)
      return onPresence(pages, { go: () => onChange(false), come: () => onChange(true) })
    },
  }
}

/**
 * Web Locks. A frozen tab keeps its lock (docs/spec/reliability.md 1.8), so it is let go on `freeze` and
 * `pagehide` and asked for again on `resume` and `pageshow`. null where there are none: plain-http pages.
 */
export function webLocks(
  clock: Clock,
  locks: LockManagerLike | undefined = globalThis.navigator?.locks,
  pages: readonly PageLike[] = thisPage(),
): LockPort | null {
  if (!locks) return null
  return {
    hold(name, onChange) {
      let asked: AbortController | null = null
      const alarm = createAlarm(clock, () => ask())
      const ask = () => {
        alarm.set(Infinity)
        if (asked) return
        const own = (asked = new AbortController())
        let wasGranted = false
        const keep = () =>
          new Promise<void>((letGo) => {
            if (own.signal.aborted) return letGo()
            own.signal.addEventListener('abort', () => letGo(), { once: true })
            wasGranted = true
            onChange(true)
          })
        const over = () => {
          if (asked !== own) return
          letGo()
          // Not given back by us: stolen, and whoever did it may be gone soon. Or refused: that may pass.
          if (wasGranted) ask()
          else alarm.set(clock.now() + AGAIN_MS)
        }
        locks.request(name, { signal: own.signal }, keep).then(over, over)
        void clock.track(locks.query().catch(() => {}))
      }
      const letGo = () => {
        alarm.set(Infinity)
        if (!asked) return
        const own = asked
        asked = null
        own.abort()
        onChange(false)
      }
      ask()
      const stop = onPresence(pages, { go: letGo, come: ask })
      return () => {
        stop()
        letGo()
      }
    },
  }
}
