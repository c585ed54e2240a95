/**
 * `createPlayback`: plays a world on a virtual clock as one plays a film. Play, pause, step to the next event, faster
 * and slower, and back: that is a new world of the same seed, in which the same is done at the same times.
 *
 * What a person does in the application itself is not part of the script, and not there after going back.
 */
import { systemClock } from '../../src/core/clock.js'
import { badOption, checkKeys, checkNumber } from '../../src/core/errors.js'
import { oneOf, optional, whole } from '../checks.js'
import { createDriver, type Desired } from './driver.js'
import type { Playback, PlaybackOptions } from './options.js'
import { checkRepertoire, standardRepertoire } from './repertoire.js'
import {
  checkCommand,
  checkScript,
  checkSeed,
  EMPTY_SCRIPT,
  LONGEST_MS,
  withCommand,
  type Script,
} from './script.js'
import { createWorlds } from './worlds.js'

export type { Playback, PlaybackOptions, PlaybackState } from './options.js'
export type { Setting } from './world.js'

const OPTIONS = ['build', 'mount', 'mountWithinMs', 'script', 'repertoire', 'atMs', 'plays', 'speed', 'real']

const checkSpeed = (given: number): number => checkNumber('speed', given, 0.1, 100)

/** A time of the world, rounded to its milliseconds. */
const checkTime = (option: string, given: number): number =>
  Math.round(checkNumber(option, given, 0, LONGEST_MS))

function checkOptions(options: PlaybackOptions): void {
  checkKeys('createPlayback', options, OPTIONS)
  const { build, mount, mountWithinMs, plays, repertoire } = options
  if (typeof build !== 'function') throw badOption('build', build, 'a function that makes a network')
  if (mount !== undefined && typeof mount !== 'function') throw badOption('mount', mount, 'a function')
  optional(oneOf(true, false))('plays', plays)
  optional(whole(1, 600_000))('mountWithinMs', mountWithinMs)
  if (repertoire !== undefined) checkRepertoire(repertoire)
}

/** Makes a playback and its first world. Bad options throw `bad-option`. */
export function createPlayback(options: PlaybackOptions): Playback {
  checkOptions(options)
  const { build, mount, mountWithinMs = 10_000 } = options
  const { repertoire = standardRepertoire, real = systemClock } = options
  const desired: Desired = {
    script: checkScript(options.script ?? EMPTY_SCRIPT, repertoire),
    speed: checkSpeed(options.speed ?? 1),
    plays: options.plays ?? true,
    target: checkTime('atMs', options.atMs ?? 0) || null,
    steps: 0,
  }
  const worlds = createWorlds(desired.script, {
    ...{ build, repertoire, mountWithinMs, real },
    ...(mount && { mount }),
  })
  const listeners = new Set<() => void>()
  const driver = createDriver({
    ...{ desired, worlds, repertoire, real },
    onChange() {
      for (const listener of [...listeners]) listener()
    },
  })
  const { go, tell, become } = driver
  const anew = (changed: Script): void => {
    desired.script = changed
    worlds.outdate()
    desired.target = 0
    tell()
    go()
  }
  /** Where it will stand when it has done what it is about: in this world or in the next. */
  const arrivalMs = (): number => {
    const { world, isStale } = worlds
    const { state } = driver
    if (desired.target !== null && (isStale || desired.target < world.nowMs)) return desired.target
    const aheadMs = desired.target ?? (state.name === 'seeking' ? state.toMs : 0)
    return Math.max(world.headingMs, aheadMs)
  }
  if (desired.plays || desired.target !== null) go()

  return {
    get state() {
      return driver.state
    },
    get nowMs() {
      return worlds.world.nowMs
    },
    get speed() {
      return desired.speed
    },
    get script() {
      return desired.script
    },
    repertoire,
    get world() {
      return worlds.count
    },
    get startAt() {
      return worlds.world.startAt
    },
    get network() {
      return worlds.world.network
    },
    play() {
      desired.plays = true
      go()
    },
    pause() {
      desired.plays = false
      if (driver.state.name === 'playing') become({ name: 'paused' })
    },
    step() {
      desired.plays = false
      desired.steps++
      go()
    },
    seek(toMs) {
      desired.target = checkTime('seek', toMs)
      go()
    },
    setSpeed(given) {
      desired.speed = checkSpeed(given)
      tell()
    },
    setSeed(given) {
      const seed = checkSeed(given)
      if (seed !== desired.script.seed) anew({ ...desired.script, seed })
    },
    do(given) {
      const command = { ...given, atMs: arrivalMs() + 1 }
      checkCommand(command, 'do', repertoire)
      desired.script = withCommand(desired.script, command)
      // It takes force at once, also while time stands still.
      if (!desired.plays) desired.target = command.atMs
      tell()
      go()
    },
    clear: () => anew({ ...desired.script, commands: [] }),
    note: () => worlds.world.note(),
    settled: driver.settled,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    dispose() {
      if (driver.state.name === 'disposed') return
      become({ name: 'disposed' })
      listeners.clear()
      worlds.dispose()
    },
  }
}
