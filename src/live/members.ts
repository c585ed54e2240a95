/** What others wrote, read without trust: members of an object, and what each of them may be. */

/** The members of an object; what each of them is, is not known. */
export type Members = Readonly<Record<string, unknown>>

/** The members of a JSON object; of anything else none. Never throws. */
export function membersOf(text: string): Members {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Members) : {}
  } catch {
    return {}
  }
}

/** A count, or a place in a log: above 2^53 two of them would be one. */
export const isOffset = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0

/** A text with something in it, of so many characters at most. */
export const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= most
