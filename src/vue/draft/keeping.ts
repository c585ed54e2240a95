/** What of a form may be kept on a device, and what of that comes back into it. Pure. */

/**
 * Paths of fields that are never kept, whatever lies in them: passwords, codes and cards have no business in a
 * store that every script of the page can read (docs/spec/reliability.md, I16).
 */
const SECRET_NAME =
  /pass(?:word|wd|phrase|code)|secret(?!ary)|token$|(?:one.?time|security|verification).?code|(?:^|\.)otp|(?:^|\.)pin$|cvv|cvc|card.?number/i

/** Deeper than any form; what goes round in circles ends here. */
const DEEPEST = 16

/** What is to be kept of a form. */
export interface Keepable {
  readonly values: Readonly<Record<string, unknown>>
  /** Paths of what is left out though it has been filled in, such as `card.number`, in order of appearance. */
  readonly omitted: readonly string[]
}

/**
 * Takes out what is not to be kept: fields of these names and paths, secrets by their name, and whatever JSON cannot
 * hold (files, dates, functions), which would come back as something else.
 */
export function keepable(values: object, except: ReadonlySet<string>): Keepable {
  const omitted: string[] = []

  function keep(value: unknown, path: string, depth: number): unknown {
    if (Array.isArray(value) && depth < DEEPEST) {
      // A place stays a place: what cannot be kept is null there.
      return value.map((one, index) => keep(one, `${path}.${index}`, depth + 1) ?? null)
    }
    if (isPlain(value) && depth < DEEPEST) return keepAll(value, `${path}.`, depth + 1)
    if (isSimple(value)) return value
    if (value !== undefined) omitted.push(path)
    return undefined
  }

  function keepAll(from: object, prefix: string, depth: number): Record<string, unknown> {
    const kept: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(from)) {
      const path = prefix + name
      if (except.has(name) || except.has(path) || SECRET_NAME.test(path)) {
        if (!isEmpty(value)) omitted.push(path)
      } else {
        const one = keep(value, path, depth)
        if (one !== undefined) kept[name] = one
      }
    }
    return kept
  }

  return { values: keepAll(values, '', 0), omitted }
}

/**
 * What comes back: fields that the form has, and of the shape that they have there. What lies in a store may have been
 * written by anybody: it is data, never a prototype.
 */
export function restorable(initial: object, kept: unknown): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  if (!isPlain(kept)) return fields
  for (const [name, value] of Object.entries(initial)) {
    if (Object.hasOwn(kept, name) && fits(value, kept[name])) fields[name] = over(value, kept[name])
  }
  return fields
}

/** A secret that was left out within an object is as it began. */
function over(initial: unknown, kept: unknown): unknown {
  if (!isPlain(initial) || !isPlain(kept)) return kept
  const merged: Record<string, unknown> = { ...initial }
  for (const [name, value] of Object.entries(kept)) {
    merged[name] = over(Object.hasOwn(initial, name) ? initial[name] : undefined, value)
  }
  return merged
}

/** Numbers and texts stand for each other: an emptied field of numbers holds a text. */
function fits(initial: unknown, kept: unknown): boolean {
  if (initial == null) return true
  return sortOf(initial) === sortOf(kept) || (kept === null && sortOf(initial) === 'simple')
}

const sortOf = (value: unknown) => (Array.isArray(value) ? 'list' : isPlain(value) ? 'object' : 'simple')

const isEmpty = (value: unknown) => value == null || value === '' || value === false

function isSimple(value: unknown): boolean {
  return (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  )
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
