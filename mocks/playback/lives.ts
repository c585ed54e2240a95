/** The lives of a playback, one after the other: going back begins another. */
import type { PlaybackOptions } from './options.js'
import type { Repertoire, Script } from './script.js'
import { createWorld, type World } from './world.js'

/** The present life, and how the next one begins. */
export interface Lives {
  readonly world: World
  /** Which one it is, from 1. */
  readonly count: number
  /** Whether it is not worth going on with: the next time that is gone to lies in another one. */
  readonly isStale: boolean
  outdate(): void
  /** Resolves when the application is there. */
  ready(): Promise<unknown>
  /** Begins another life; the one before ends when the application has moved. */
  begin(script: Script): Promise<void>
  /** Ends the present one, and the one before if it has not ended yet. */
  dispose(): void
}

/** Begins the first life. */
export function createLives(
  { build, mount = async () => {} }: Pick<PlaybackOptions, 'build' | 'mount'>,
  script: Script,
  repertoire: Repertoire,
): Lives {
  let world = createWorld(script, repertoire, build)
  let mounted: Promise<unknown> = mount(world.network)
  // Told by `ready`, to whoever wants it to go on.
  mounted.catch(() => {})
  let count = 1
  let state: 'good' | 'stale' | 'disposed' = 'good'
  /** The life before, while the application moves. */
  let old: World | null = null

  return {
    get world() {
      return world
    },
    get count() {
      return count
    },
    get isStale() {
      return state === 'stale'
    },
    outdate() {
      if (state !== 'disposed') state = 'stale'
    },
    ready: () => mounted,
    async begin(next) {
      const before = world
      world = createWorld(next, repertoire, build)
      old = before
      count++
      if (state === 'stale') state = 'good'
      mounted = mount(world.network)
      try {
        await mounted
      } finally {
        before.dispose()
        old = null
      }
    },
    dispose() {
      state = 'disposed'
      // An application that never arrives keeps neither.
      old?.dispose()
      world.dispose()
    },
  }
}
