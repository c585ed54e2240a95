/** Options as tables: one line for each says what it may be, and what it is when it is left out. */
import { badOption, checkKeys, checkNumber } from './errors.js'

/** Gives the option as it is to be used, its default if it was left out; refuses what cannot be meant: `bad-option`. */
export type Reader<Value> = (option: string, given: unknown) => Value

/** A reader for each option by its name: there are no others. */
export type Table = Readonly<Record<string, Reader<unknown>>>

/** What a table makes of the options that were given. */
export type Read<Readers extends Table> = { readonly [Name in keyof Readers]: ReturnType<Readers[Name]> }

/** Reads them all. `where`: the function that they were given to. @throws `bad-option` */
export function readOptions<Readers extends Table>(
  where: string,
  given: unknown,
  readers: Readers,
): Read<Readers> {
  if (typeof given !== 'object' || given === null) throw badOption(`${where}.options`, given, 'an object')
  checkKeys(where, given, Object.keys(readers))
  const options = given as Readonly<Record<string, unknown>>
  const read = Object.entries(readers).map(([name, reader]) => [
    name,
    reader(`${where}.${name}`, options[name]),
  ])
  return Object.fromEntries(read) as Read<Readers>
}

/** Whatever `fits`; `allowed` says in words what that is. Without a default it must be given. */
export function thatIs<Value>(
  allowed: string,
  fits: (given: unknown) => boolean,
  byDefault?: Value,
): Reader<Value> {
  return (option, given = byDefault) => {
    if (!fits(given)) throw badOption(option, given, allowed)
    return given as Value
  }
}

/** A finite number in [min, max]. */
export const number =
  (min: number, max: number, byDefault?: number): Reader<number> =>
  (option, given = byDefault) =>
    checkNumber(option, given, min, max)

/** A whole number in [min, max]. */
export const whole = (min: number, max: number, byDefault?: number): Reader<number> =>
  thatIs(
    `a whole number from ${min} to ${max}`,
    (given) => Number.isInteger(given) && Number(given) >= min && Number(given) <= max,
    byDefault,
  )

/** One of these texts. */
export const oneOf = <const Text extends string>(allowed: readonly Text[], byDefault?: Text): Reader<Text> =>
  thatIs(allowed.map((text) => `"${text}"`).join(', '), (given) => allowed.includes(given as Text), byDefault)

/** A text that says something. */
export const text = (byDefault?: string): Reader<string> =>
  thatIs('a text that is not empty', (given) => typeof given === 'string' && given !== '', byDefault)

/** True or false. */
export const flag = (byDefault?: boolean): Reader<boolean> =>
  thatIs('true or false', (given) => typeof given === 'boolean', byDefault)

/** A function. */
export const func = <Func>(allowed = 'a function', byDefault?: Func): Reader<Func> =>
  thatIs(allowed, (given) => typeof given === 'function', byDefault)

/** Something that is known by one of its methods. */
export const having = <Port>(method: keyof Port & string, allowed: string, byDefault?: Port): Reader<Port> =>
  thatIs(allowed, (given) => typeof (given as Port | null | undefined)?.[method] === 'function', byDefault)

/** Whether it is an object with names, and no list. */
export const isObject = (given: unknown): given is Readonly<Record<string, unknown>> =>
  typeof given === 'object' && given !== null && !Array.isArray(given)

/** A list, each item by the same reader, which is told its place. */
export const listOf =
  <Item>(reader: Reader<Item>, byDefault?: readonly Item[]): Reader<readonly Item[]> =>
  (option, given = byDefault) => {
    if (!Array.isArray(given)) throw badOption(option, given, 'a list')
    return given.map((item, index) => reader(`${option}[${index}]`, item))
  }

/** Options within an option; left out: all their defaults. */
export const group =
  <Readers extends Table>(readers: Readers): Reader<Read<Readers>> =>
  (option, given = {}) =>
    readOptions(option, given, readers)

/** May be left out. */
export const optional =
  <Value>(reader: Reader<Value>): Reader<Value | undefined> =>
  (option, given) =>
    given === undefined ? undefined : reader(option, given)

/** May be null: that means none. `byDefault` is called when it is left out. */
export const orNull =
  <Value>(reader: Reader<Value>, byDefault: () => Value | null): Reader<Value | null> =>
  (option, given = byDefault()) =>
    given === null ? null : reader(option, given)
