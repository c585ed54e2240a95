/** Which tab of a browser leads: the one that holds a lock (Web Locks). */
import type { Clock, Stop } from '../core/clock.js'

/** One tab's wish to lead. */
export interface Lead {
  /** Takes the lead from whoever has it and says nothing any more. */
  seize(): void
  /** Gives it back, and asks no more. */
  stop: Stop
}

/** The part of `navigator.locks` that is used. */
export interface LeaderLocks {
  request(
    name: string,
    options: { readonly signal: AbortSignal } | { readonly steal: true },
    hold: () => Promise<void>,
  ): Promise<unknown>
}

/** What tells that a page is put aside or shown again. */
export type LeaderPage = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>

const GOES = ['freeze', 'pagehide']
const COMES = ['resume', 'pageshow']
/** Before a lock that was refused (a page that is not allowed any) is asked for again, in ms. */
const AGAIN_MS = 1_000

/**
 * Asks to lead, and asks again when it was taken away. The browser gives the lock of a tab that is closed or has
 * crashed to the next one at once. A frozen page would keep it (docs/spec/reliability.md 1.8): it is let go on
 * `freeze` and `pagehide`, and asked for again on `resume` and `pageshow`.
 *
 * @param onChange whether it leads now; never called within this call
 */
export function lead(
  clock: Clock,
  name: string,
  onChange: (leads: boolean) => void,
  locks: LeaderLocks = navigator.locks,
  pages: readonly LeaderPage[] = [document, window],
): Lead {
  let asked: AbortController | null = null
  let leads = false
  let soon: Stop = () => {}

  function ask(isSeizing = false): void {
    soon()
    if (asked) return
    const own = (asked = new AbortController())
    const { signal } = own
    const hold = (): Promise<void> =>
      new Promise((letGo) => {
        if (signal.aborted) return letGo()
        signal.addEventListener('abort', () => letGo(), { once: true })
        leads = true
        onChange(true)
      })
    const over = (): void => {
      if (asked !== own) return
      const wasLeading = leads
      giveUp()
      // Taken away by another tab, which may be gone soon; or refused, which may pass.
      if (wasLeading) ask()
      else soon = clock.setTimeout(() => ask(), AGAIN_MS)
    }
    // The two options exclude each other; a steal is granted at once.
    locks.request(name, isSeizing ? { steal: true } : { signal }, hold).then(over, over)
  }

  function giveUp(): void {
    soon()
    asked?.abort()
    asked = null
    if (!leads) return
    leads = false
    onChange(false)
  }

  const come = (): void => ask()
  const listen = (change: 'addEventListener' | 'removeEventListener'): void => {
    for (const page of pages) {
      for (const type of GOES) page[change](type, giveUp)
      for (const type of COMES) page[change](type, come)
    }
  }
  listen('addEventListener')
  ask()
  return {
    seize() {
      if (leads) return
      giveUp()
      ask(true)
    },
    stop() {
      listen('removeEventListener')
      giveUp()
    },
  }
}
