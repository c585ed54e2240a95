/** The lives of a playback, one after the other: going back begins another. */
import type { PlaybackOptions } from './playback-options.js'
import type { Repertoire, Script } from './playback-script.js'
import { createWorld, type World } from './playback-world.js'

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
  /** Ends the present one, and one that is about to be. */
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
  let count = 1
  let state: 'good' | 'stale' | 'disposed' = 'good'

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
      const old = world
      world = createWorld(next, repertoire, build)
      count++
      if (state === 'stale') state = 'good'
      mounted = mount(world.network)
      try {
        await mounted
      } finally {
        old.dispose()
        if ((state as string) === 'disposed') world.dispose()
      }
    },
    dispose() {
      state = 'disposed'
      world.dispose()
    },
  }
}
