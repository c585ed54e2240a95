/**
 * What is played on a world, as plain data: scenarios that begin at a time, and what was done by hand. A replay needs
 * nothing else.
 */
import { badOption, checkKeys } from '../../src/core/errors.js'
import { oneOf, plainObject, whole } from '../checks.js'
import { endsByItself } from './buttons.js'
import { standardRepertoire, type Repertoire } from './repertoire.js'

/** One thing that is done, at a time of the world (ms from its beginning). */
export type TimedCommand =
  /** Plays a scenario of the repertoire, in place of all that is in force. */
  | { readonly atMs: number; readonly do: 'run'; readonly what: string }
  /** Does what a button of the repertoire does, until it is ended. */
  | { readonly atMs: number; readonly do: 'begin'; readonly what: string }
  /** Ends what that button has begun. */
  | { readonly atMs: number; readonly do: 'end'; readonly what: string }
  /** All well. */
  | { readonly atMs: number; readonly do: 'calm' }

/** A command without its time. */
export type Command = TimedCommand extends infer C
  ? C extends TimedCommand
    ? Omit<C, 'atMs'>
    : never
  : never

/** All that is played on a world. */
export interface Script {
  /** The luck of its requests, whatever scenarios say of theirs. */
  readonly seed: number
  /** In the order of their times. */
  readonly commands: readonly TimedCommand[]
}

/** Nothing is done, with the luck of the first seed. */
export const EMPTY_SCRIPT: Script = { seed: 1, commands: [] }

/** A playback goes no further (ms): a day. */
export const LONGEST_MS = 24 * 3_600_000

const wholeMs = whole(0, LONGEST_MS)
const wholeSeed = whole(0, Number.MAX_SAFE_INTEGER)

/** The script that was given, in the order of its times; `bad-option` names what is wrong with it. */
export function checkScript(given: unknown, repertoire: Repertoire): Script {
  const script = plainObject('script', given)
  checkKeys('script', script, ['seed', 'commands'])
  checkSeed(script['seed'])
  if (!Array.isArray(script['commands']))
    throw badOption('script.commands', script['commands'], 'a list of commands')
  script['commands'].forEach((command: unknown, at) =>
    checkCommand(command, `script.commands[${at}]`, repertoire),
  )
  const { seed, commands } = given as Script
  return { seed, commands: [...commands].sort((one, other) => one.atMs - other.atMs) }
}

/** A seed: a whole number from 0. */
export function checkSeed(given: unknown): number {
  wholeSeed('seed', given)
  return given as number
}

/** Refuses what is no command of this repertoire. */
export function checkCommand(given: unknown, where: string, { scenarios, buttons }: Repertoire): void {
  const command = plainObject(where, given)
  oneOf('run', 'begin', 'end', 'calm')(`${where}.do`, command['do'])
  wholeMs(`${where}.atMs`, command['atMs'])
  if (command['do'] === 'calm') return checkKeys(where, command, ['atMs', 'do'])
  checkKeys(where, command, ['atMs', 'do', 'what'])
  const known = command['do'] === 'run' ? scenarios : buttons
  const what = command['what']
  if (typeof what !== 'string' || !Object.hasOwn(known, what)) {
    throw badOption(`${where}.what`, what, Object.keys(known).join(', '))
  }
}

/** The script with one more command, behind those of its instant. */
export function withCommand({ seed, commands }: Script, command: TimedCommand): Script {
  const before = commands.filter(({ atMs }) => atMs <= command.atMs)
  return { seed, commands: [...before, command, ...commands.slice(before.length)] }
}

/** The names of the buttons whose commands are in force at a time; what ends by itself is not among them. */
export function heldDown(
  { commands }: Script,
  atMs: number,
  { buttons }: Repertoire = standardRepertoire,
): ReadonlySet<string> {
  const held = new Set<string>()
  for (const command of commands) {
    if (command.atMs > atMs) break
    if (command.do === 'begin') {
      if (!endsByItself(buttons[command.what]!.do)) held.add(command.what)
    } else if (command.do === 'end') held.delete(command.what)
    else held.clear()
  }
  return held
}
