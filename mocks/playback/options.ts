/** What a playback is made with, and what can be asked of it. */
import type { Clock } from '../../src/core/clock.js'
import type { Stop } from '../../src/core/state.js'
import type { Network } from '../network.js'
import type { Repertoire } from './repertoire.js'
import type { Command, Script } from './script.js'
import type { Setting } from './world.js'

/** Options of `createPlayback`. */
export interface PlaybackOptions {
  /** Makes the network of a world, on the clock that is given; called again for each world. */
  readonly build: (setting: Setting) => Network
  /**
   * Resolves when the application is there that uses the network; until then the time of its world stands still. Of a
   * later world it has to take the application of the one before away. Default: it is there at once.
   */
  readonly mount?: (network: Network) => Promise<unknown>
  /**
   * How long `mount` may take (real ms, whole). What takes longer is given up: the state is `failed` and says so, and
   * going to a time tries it with another world. Default: 10,000.
   */
  readonly mountWithinMs?: number
  /** What is played. Default: nothing, with seed 1. */
  readonly script?: Script
  /** What the names in the script stand for. Default: the catalogue, and a button for each fault. */
  readonly repertoire?: Repertoire
  /** Where it begins (ms), at most a day. Default: 0. */
  readonly atMs?: number
  /** Whether it plays by itself. Default: true. */
  readonly plays?: boolean
  /** Virtual seconds a second, 0.1 to 100. Default: 1. */
  readonly speed?: number
  /** The real time, by which it plays. Default: the system's. */
  readonly real?: Clock
}

/** What a playback is doing. */
export type PlaybackState =
  | { readonly name: 'paused' }
  | { readonly name: 'playing' }
  /** On the way to a time; of a time that is over, with a new world. */
  | { readonly name: 'seeking'; readonly toMs: number }
  /** The world does not go on: `why`. Going to another time tries it with a new one. */
  | { readonly name: 'failed'; readonly why: string }
  | { readonly name: 'disposed' }

/** A world that can be played. Times are in ms from its beginning. */
export interface Playback {
  readonly state: PlaybackState
  /** How far its world is. */
  readonly nowMs: number
  /** Virtual seconds a second. */
  readonly speed: number
  /** All that is played on it: for another playback, or a file. */
  readonly script: Script
  /** What the names in the script stand for. */
  readonly repertoire: Repertoire
  /** Which world it is, from 1: another one after each way back. */
  readonly world: number
  /** When the world began, on its own clock (epoch ms). */
  readonly startAt: number
  /** The network of the present world. */
  readonly network: Network
  /** Goes on by the real time; after a failure with a new world. */
  play(): void
  /** Stands still. A time that it is on its way to is gone to all the same. */
  pause(): void
  /** Goes on to the next event, at most a virtual minute, and pauses there. */
  step(): void
  /**
   * Goes to a time, at most a day; from there it plays on if it did. Of several that are asked for at once the last
   * counts. What is out of bounds throws `bad-option`.
   */
  seek(toMs: number): void
  /** Refuses what is not within 0.1 and 100. */
  setSpeed(speed: number): void
  /** Another luck: from the beginning. */
  setSeed(seed: number): void
  /** Does something in the next millisecond, and keeps it in the script. A bad name throws `bad-option`. */
  do(command: Command): void
  /** Nothing was ever done: from the beginning. */
  clear(): void
  /** Says that something happened that a step should stop at. */
  note(): void
  /** Resolves when it rests: it neither seeks nor steps nor plays. */
  settled(): Promise<void>
  /** Calls after each change of any of the above. */
  subscribe(listener: () => void): Stop
  /** Ends it and takes the network down. */
  dispose(): void
}
