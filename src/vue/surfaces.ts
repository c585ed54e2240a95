/**
 * What of ours is on the page. A text is spoken once however many bars there are, and by the one that
 * assistive technology can hear: an open modal dialog makes everything outside it inert (docs/spec/ux.md, 2.1).
 */
import type { Stop } from '../core/state.js'
import type { Announcement, Status } from '../status/view.js'

/** A mounted pair of live regions. */
export interface Voice {
  /** Whether it lives in a modal dialog; then it speaks while that is open. */
  readonly where: 'page' | 'dialog'
  speak(announcement: Announcement): void
  /** Takes the focus that has nowhere to go back to. */
  focus?(): void
}

/** Who speaks, and where focus falls back to. */
export interface Surfaces {
  /** The newest voice in a dialog speaks, else the oldest on the page. */
  add(voice: Voice): Stop
  /** Gives the focus to the oldest voice on the page that takes it. */
  focusFallback(): void
}

/** Listens to the announcements only while there is a voice. */
export function createSurfaces(status: Status): Surfaces {
  const voices = new Set<Voice>()
  const speaker = () => [...voices].findLast((voice) => voice.where === 'dialog') ?? [...voices][0]

  return {
    add(voice) {
      voices.add(voice)
      const stop = status.onAnnounce((announcement) => {
        if (voice === speaker()) voice.speak(announcement)
      })
      return () => {
        voices.delete(voice)
        stop()
      }
    },
    focusFallback: () => [...voices].find((voice) => voice.where === 'page' && voice.focus)?.focus?.(),
  }
}
