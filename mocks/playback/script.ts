/**
 * What is played on a world, as plain data: scenarios that begin at a time, and what was done by hand. A replay needs
 * nothing else.
 */
import { badOption, checkKeys } from '../../src/core/errors.js'
import { oneOf, plainObject, whole } from '../checks.js'
import { buttons, endsByItself, type Button } from './buttons.js'
import type { Scenario } from '../scenario.js'
import { scenarios } from '../scenarios/index.js'

/** One thing that is done, at a time of the world (ms from its beginning). */
export type ScriptDeed =
  /** Plays a scenario of the repertoire, in place of all that is in force. */
  | { readonly atMs: number; readonly do: 'run'; readonly what: string }
  /** Does what a button of the repertoire does, until it is ended. */
  | { readonly atMs: number; readonly do: 'begin'; readonly what: string }
  /** Ends what that button has begun. */
  | { readonly atMs: number; readonly do: 'end'; readonly what: string }
  /** All well. */
  | { readonly atMs: number; readonly do: 'calm' }

/** A deed without its time. */
export type Doing = ScriptDeed extends infer D ? (D extends ScriptDeed ? Omit<D, 'atMs'> : never) : never

/** All that is played on a world. */
export interface Script {
  /** The luck of its requests, whatever scenarios say of theirs. */
  readonly seed: number
  /** In the order of their times. */
  readonly deeds: readonly ScriptDeed[]
}

/** What the names in a script stand for. */
export interface Repertoire {
  readonly scenarios: Readonly<Record<string, Scenario>>
  readonly buttons: Readonly<Record<string, Button>>
}

/** The catalogue of scenarios, and a button for everything. */
export const standardRepertoire: Repertoire = { scenarios, buttons }

/** Nothing is done, with the luck of the first seed. */
export const EMPTY_SCRIPT: Script = { seed: 1, deeds: [] }

/** A playback goes no further (ms): a day. */
export const LONGEST_MS = 24 * 3_600_000

const wholeMs = whole(0, LONGEST_MS)
const wholeSeed = whole(0, Number.MAX_SAFE_INTEGER)

/** The script that was given, in the order of its times; `bad-option` names what is wrong with it. */
export function checkScript(given: unknown, repertoire: Repertoire): Script {
  const script = plainObject('script', given)
  checkKeys('script', script, ['seed', 'deeds'])
  checkSeed(script['seed'])
  if (!Array.isArray(script['deeds'])) throw badOption('script.deeds', script['deeds'], 'a list of deeds')
  script['deeds'].forEach((deed: unknown, at) => checkDeed(deed, `script.deeds[${at}]`, repertoire))
  const { seed, deeds } = given as Script
  return { seed, deeds: [...deeds].sort((one, other) => one.atMs - other.atMs) }
}

/** A seed: a whole number from 0. */
export function checkSeed(given: unknown): number {
  wholeSeed('seed', given)
  return given as number
}

/** Refuses what is no deed of this repertoire. */
export function checkDeed(given: unknown, where: string, { scenarios, buttons }: Repertoire): void {
  const deed = plainObject(where, given)
  oneOf('run', 'begin', 'end', 'calm')(`${where}.do`, deed['do'])
  wholeMs(`${where}.atMs`, deed['atMs'])
  if (deed['do'] === 'calm') return checkKeys(where, deed, ['atMs', 'do'])
  checkKeys(where, deed, ['atMs', 'do', 'what'])
  const known = deed['do'] === 'run' ? scenarios : buttons
  const what = deed['what']
  if (typeof what !== 'string' || !Object.hasOwn(known, what)) {
    throw badOption(`${where}.what`, what, Object.keys(known).join(', '))
  }
}

/** The script with one more deed, behind those of its instant. */
export function withDeed({ seed, deeds }: Script, deed: ScriptDeed): Script {
  const before = deeds.filter(({ atMs }) => atMs <= deed.atMs)
  return { seed, deeds: [...before, deed, ...deeds.slice(before.length)] }
}

/** The names of the buttons whose deeds are in force at a time; what ends by itself is not among them. */
export function heldDown(
  { deeds }: Script,
  atMs: number,
  { buttons }: Repertoire = standardRepertoire,
): ReadonlySet<string> {
  const held = new Set<string>()
  for (const deed of deeds) {
    if (deed.atMs > atMs) break
    if (deed.do === 'begin') {
      if (!endsByItself(buttons[deed.what]!.do)) held.add(deed.what)
    } else if (deed.do === 'end') held.delete(deed.what)
    else held.clear()
  }
  return held
}
