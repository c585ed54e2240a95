/** What a socket is wanted for: read whole, so that Vue sees each part of it change, and compared part by part. */
import { toRaw } from 'vue'

/** By the names of the options, and `url`. Of what says the same although it is made anew: its words. */
export type Wish = Readonly<Record<string, unknown>>

/** A function is not the same as another one; where both are written alike they are taken for the same. */
const wordsOf = (value: unknown): string | undefined =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'function' ? String(part) : part))

/** What is made where it is written, often anew each time; everything else is itself and nothing else. */
const READ: Readonly<Record<string, (value: unknown) => unknown>> = {
  // A function is asked at each dial.
  url: (value) => (typeof value === 'function' ? value : String(value)),
  protocols: String,
  heartbeat: wordsOf,
  schedule: wordsOf,
  signals: wordsOf,
  // The newest one decides, whichever it is.
  judge: (value) => typeof value,
}

/** Reads it. */
export const wishFor = (options: object): Wish =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, (READ[name] ?? toRaw)(value as unknown)]),
  )

/** Whether both are for the same; what is undefined is not given. */
export const isSameWish = (one: Wish, other: Wish): boolean =>
  Object.keys({ ...one, ...other }).every((name) => Object.is(one[name], other[name]))
