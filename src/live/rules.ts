/** What an option may be: one table for each set of options, and one check for all of them. */
import { badOption, checkKeys, checkNumber } from '../core/errors.js'
import { known } from '../core/known.js'

/**
 * A number between two; or an object or a function, known by a function that it has; null: it is looked at elsewhere.
 */
export type Rule = readonly [min: number, max: number] | KnownBy | null

/** The function, what is allowed in words, and what may stand in its place. */
export type KnownBy = readonly [method: string, allowed: string, ...orElse: (null | undefined)[]]

/** By the name of the option; there are no others. */
export type Rules<Options> = Readonly<Record<keyof Options, Rule>>

/** Made by `createConnection`. */
export const CONNECTION: KnownBy = ['subscribe', 'a connection, made by createConnection']
/** Undefined: its owner's default. */
export const SCHEDULE: KnownBy = ['delay', 'a schedule', undefined]
/** How a line is asked for a sign of life; null: never. */
export const HEARTBEAT: KnownBy = ['isPong', 'a heartbeat, such as adaptive(), or null', undefined, null]
/** Where the use of the page is heard; null: nowhere. */
export const WINDOW: KnownBy = ['addEventListener', 'a window, or null', undefined, null]
/** A function of the application's. */
export const FUNCTION: KnownBy = ['call', 'a function', undefined]
/** Decides in place of a table. */
export const JUDGE: KnownBy = ['call', 'a function of an end that returns a verdict or undefined', undefined]
/** Undefined: the global one. */
export const FETCH: KnownBy = ['call', 'a fetch', undefined]

/** Refuses, by name, what cannot be; a number that is not given has a default. @throws `bad-option` */
export function checkOptions<Options extends object>(
  where: string,
  options: Options,
  rules: Rules<Options>,
): void {
  checkKeys(where, options, Object.keys(rules))
  for (const [name, rule] of Object.entries<Rule>(rules)) {
    const given = (options as Readonly<Record<string, unknown>>)[name]
    if (!rule) continue
    const [first, second, ...orElse] = rule
    if (typeof second === 'number') {
      if (given !== undefined) checkNumber(`${where}.${name}`, given, first as number, second)
    } else if (
      typeof (given as Readonly<Record<string, unknown>> | null | undefined)?.[first] !== 'function' &&
      !orElse.some((other) => other === given)
    )
      throw badOption(`${where}.${name}`, given, second)
  }
}

/** What is undefined is not given: it has its default. */
export const givenOf = <Options extends object>(options: Options): Options => known(options) as Options
