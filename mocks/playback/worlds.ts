/** The worlds of a playback, one after the other: going back begins another. */
import type { Clock } from '../../src/core/clock.js'
import type { Stop } from '../../src/core/state.js'
import type { PlaybackOptions } from './options.js'
import type { Repertoire } from './repertoire.js'
import type { Script } from './script.js'
import { createWorld, type World } from './world.js'

/** The present world, and how the next one begins. */
export interface Worlds {
  readonly world: World
  /** Which one it is, from 1. */
  readonly count: number
  /** Whether it is not worth going on with: the next time that is gone to lies in another one. */
  readonly isStale: boolean
  outdate(): void
  /** Resolves when the application is there; rejects when it does not come. */
  ready(): Promise<void>
  /** Begins another world; the one before ends when the application has moved, or does not come. */
  begin(script: Script): Promise<void>
  /** Ends the present one, and the one before if it has not ended yet. */
  dispose(): void
}

/** How worlds are made. */
export interface WorldsPorts extends Pick<PlaybackOptions, 'build' | 'mount'> {
  readonly repertoire: Repertoire
  /** How long an application may take to be there (real ms). */
  readonly mountWithinMs: number
  readonly real: Clock
}

/** Begins the first world. */
export function createWorlds(script: Script, ports: WorldsPorts): Worlds {
  const { build, mount = async () => {}, repertoire, mountWithinMs, real } = ports
  let world = createWorld(script, repertoire, build)
  let mounted = mount(world.network)
  // Told by `ready`, to whoever wants it to go on.
  mounted.catch(() => {})
  let count = 1
  let state: 'good' | 'stale' | 'disposed' = 'good'
  /** The world before, while the application moves. */
  let old: World | null = null
  let stopWaiting: Stop = () => {}

  const ready = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const late = () => reject(new Error(`the application has not come within ${mountWithinMs / 1000} s`))
      const stop = real.setTimeout(late, mountWithinMs)
      stopWaiting = stop
      mounted.finally(stop).then(() => resolve(), reject)
    })

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
    ready,
    async begin(next) {
      const before = world
      world = createWorld(next, repertoire, build)
      old = before
      count++
      if (state === 'stale') state = 'good'
      mounted = mount(world.network)
      try {
        await ready()
      } finally {
        before.dispose()
        old = null
      }
    },
    dispose() {
      state = 'disposed'
      stopWaiting()
      // An application that never arrives keeps neither.
      old?.dispose()
      world.dispose()
    },
  }
}
