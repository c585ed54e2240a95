/** What the panel and the story say to each other over Storybook's channel: all of it. */
import type { LogEntry } from '../log.js'
import type { PlaybackState } from '../playback/options.js'
import type { Command, Script } from '../playback/script.js'
import type { Scenario } from '../scenario.js'
import type { UnderWay } from '../under-way.js'

/** The addon, and its panel in Storybook's URL (`addonPanel`). */
export const ADDON_ID = 'holdfast/simulator'
/** The panel in Storybook's URL. */
export const PANEL_ID = `${ADDON_ID}/panel`
/** The event with which a story tells what there is. Its payload: `Told`. */
export const TOLD = `${ADDON_ID}/told`
/** The event with which the panel asks for something. Its payload: `Asked`. */
export const ASKED = `${ADDON_ID}/asked`

/** From one value to the next: what a watched part of the application became, and when. */
export interface Mark {
  readonly lane: 'connection' | 'phase'
  /** From the beginning of the world (ms). */
  readonly atMs: number
  readonly value: string
}

/** How a story stands. Lists are told from where the last message ended; another world begins them anew. */
export interface Told {
  /** The id of the story. */
  readonly story: string
  /** Whether the panel has said that it is open; until then it is told once and no more. */
  readonly isHeard: boolean
  /** Which world of it: another one after each way back. */
  readonly world: number
  /** When that began (epoch ms), as the log counts. */
  readonly startAt: number
  readonly nowMs: number
  readonly state: PlaybackState
  readonly speed: number
  readonly script: Script
  /** The scenarios of the project's own, by name; left out: they are as they were told before. */
  readonly scenarios?: Readonly<Record<string, Scenario>>
  /** How much of the lists below was told before. */
  readonly from: { readonly log: number; readonly marks: number }
  readonly log: readonly LogEntry[]
  readonly marks: readonly Mark[]
  readonly underWay: readonly UnderWay[]
}

/** What can be asked. */
export type Ask =
  /** The panel is open: it wants to be told everything, and each change. */
  | { readonly type: 'hello' }
  /** The panel is closed. */
  | { readonly type: 'bye' }
  | { readonly type: 'play' }
  | { readonly type: 'pause' }
  | { readonly type: 'step' }
  | { readonly type: 'seek'; readonly toMs: number }
  | { readonly type: 'do'; readonly command: Command }
  /** Nothing was ever done. */
  | { readonly type: 'clear' }

/** Something is asked of one story. */
export interface Asked {
  /** The id of the story. */
  readonly story: string
  readonly ask: Ask
}
