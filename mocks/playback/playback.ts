/**
 * `createPlayback`: plays a world on a virtual clock as one plays a film. Play, pause, step to the next event, faster
 * and slower, and back: that is a new world of the same seed, in which the same is done at the same times.
 *
 * What a person does in the application itself is not part of the script, and not there after going back.
 */
import { systemClock } from '../../src/core/clock.js'
import { badOption, checkKeys, checkNumber } from '../../src/core/errors.js'
import { oneOf, optional } from '../checks.js'
import { createDriver, type Wishes } from './driver.js'
import { createLives } from './lives.js'
import type { Playback, PlaybackOptions } from './options.js'
import {
  checkDeed,
  checkScript,
  checkSeed,
  EMPTY_SCRIPT,
  LONGEST_MS,
  standardRepertoire,
  withDeed,
  type Script,
} from './script.js'

export type { Playback, PlaybackOptions, PlaybackState } from './options.js'
export type { Setting } from './world.js'

const OPTIONS = ['build', 'mount', 'script', 'repertoire', 'atMs', 'plays', 'speed', 'real']

const checkSpeed = (given: number): number => checkNumber('speed', given, 0.1, 100)

/** A time of the world, rounded to its milliseconds. */
const checkTime = (option: string, given: number): number =>
  Math.round(checkNumber(option, given, 0, LONGEST_MS))

function checkOptions(options: PlaybackOptions): void {
  checkKeys('createPlayback', options, OPTIONS)
  const { build, mount, plays } = options
  if (typeof build !== 'function') throw badOption('build', build, 'a function that makes a network')
  if (mount !== undefined && typeof mount !== 'function') throw badOption('mount', mount, 'a function')
  optional(oneOf(true, false))('plays', plays)
}

/** Makes a playback and its first world. Bad options throw `bad-option`. */
export function createPlayback(options: PlaybackOptions): Playback {
  checkOptions(options)
  const { repertoire = standardRepertoire, real = systemClock } = options
  const wishes: Wishes = {
    script: checkScript(options.script ?? EMPTY_SCRIPT, repertoire),
    speed: checkSpeed(options.speed ?? 1),
    plays: options.plays ?? true,
    target: checkTime('atMs', options.atMs ?? 0) || null,
    steps: 0,
  }
  const lives = createLives(options, wishes.script, repertoire)
  const listeners = new Set<() => void>()
  const driver = createDriver({
    ...{ wishes, lives, repertoire, real },
    onChange() {
      for (const listener of [...listeners]) listener()
    },
  })
  const { go, tell, become } = driver
  const anew = (changed: Script): void => {
    wishes.script = changed
    lives.outdate()
    wishes.target = 0
    tell()
    go()
  }
  /** Where it will stand when it has done what it is about: in this life or in the next. */
  const arrivalMs = (): number => {
    const { world, isStale } = lives
    const { state } = driver
    if (wishes.target !== null && (isStale || wishes.target < world.nowMs)) return wishes.target
    const aheadMs = wishes.target ?? (state.name === 'seeking' ? state.toMs : 0)
    return Math.max(world.headingMs, aheadMs)
  }
  if (wishes.plays || wishes.target !== null) go()

  return {
    get state() {
      return driver.state
    },
    get nowMs() {
      return lives.world.nowMs
    },
    get speed() {
      return wishes.speed
    },
    get script() {
      return wishes.script
    },
    repertoire,
    get world() {
      return lives.count
    },
    get startAt() {
      return lives.world.startAt
    },
    get network() {
      return lives.world.network
    },
    play() {
      wishes.plays = true
      go()
    },
    pause() {
      wishes.plays = false
      if (driver.state.name === 'playing') become({ name: 'paused' })
    },
    step() {
      wishes.plays = false
      wishes.steps++
      go()
    },
    seek(toMs) {
      wishes.target = checkTime('seek', toMs)
      go()
    },
    setSpeed(given) {
      wishes.speed = checkSpeed(given)
      tell()
    },
    setSeed(given) {
      const seed = checkSeed(given)
      if (seed !== wishes.script.seed) anew({ ...wishes.script, seed })
    },
    do(doing) {
      const deed = { ...doing, atMs: arrivalMs() + 1 }
      checkDeed(deed, 'do', repertoire)
      wishes.script = withDeed(wishes.script, deed)
      // It takes force at once, also while time stands still.
      if (!wishes.plays) wishes.target = deed.atMs
      tell()
      go()
    },
    clear: () => anew({ ...wishes.script, deeds: [] }),
    note: () => lives.world.note(),
    settled: driver.settled,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    dispose() {
      if (driver.state.name === 'disposed') return
      become({ name: 'disposed' })
      listeners.clear()
      lives.dispose()
    },
  }
}
