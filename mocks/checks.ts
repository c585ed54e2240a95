/** Small checks that options are made of: each throws a `bad-option` that names option, value and what is allowed. */
import { badOption, checkKeys, checkNumber } from '../src/core/errors.js'

/** Looks at one option. */
export type Check = (option: string, given: unknown) => void

/** What each key of an object must be; a key that is not named is refused. */
export type Rules = Readonly<Record<string, Check>>

/** Whole numbers only: fractions of a millisecond make two runs differ. */
export const whole =
  (min: number, max: number): Check =>
  (option, given) => {
    checkNumber(option, given, min, max)
    if (!Number.isInteger(given)) throw badOption(option, given, 'a whole number')
  }

/** One of these values. */
export const oneOf =
  (...allowed: readonly unknown[]): Check =>
  (option, given) => {
    if (!allowed.includes(given)) throw badOption(option, given, allowed.join(', '))
  }

/** May be left out. */
export const optional =
  (check: Check): Check =>
  (option, given) => {
    if (given !== undefined) check(option, given)
  }

/** A text that says something. */
export const text: Check = (option, given) => {
  if (typeof given !== 'string' || given === '') throw badOption(option, given, 'a text')
}

/** Plain data: what JSON can say, and says again as it was. */
export const json: Check = (option, given) => {
  if (!isJson(given, [])) throw badOption(option, given, 'what JSON can say')
}

function isJson(given: unknown, within: readonly unknown[]): boolean {
  if (given === null || typeof given === 'string' || typeof given === 'boolean') return true
  if (typeof given === 'number') return Number.isFinite(given)
  if (typeof given !== 'object' || within.includes(given)) return false
  const isPlain = Array.isArray(given) || Object.getPrototypeOf(given) === Object.prototype
  return isPlain && Object.values(given).every((value) => isJson(value, [...within, given]))
}

/** An object with keys, or a `bad-option`, which says what would be one. */
export function plainObject(option: string, given: unknown, allowed = 'an object'): Record<string, unknown> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw badOption(option, given, allowed)
  }
  return given as Record<string, unknown>
}

/** An object whose keys keep their rules, or a `bad-option`; `but` names keys that others look at. */
export function checkRules(where: string, given: unknown, rules: Rules, ...but: readonly string[]): void {
  const object = plainObject(where, given)
  checkKeys(where, object, [...but, ...Object.keys(rules)])
  for (const [key, check] of Object.entries(rules)) check(`${where}.${key}`, object[key])
}
