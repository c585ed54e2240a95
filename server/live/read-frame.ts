/** Client frames: from text to fresh objects. Size and depth are looked at before anything is parsed. */
import { DEEPEST, isTooDeep } from '../nesting.ts'

/** What a client may say. */
export type ClientFrame =
  | { readonly type: 'AUTH'; readonly token: string }
  | { readonly type: 'SUBSCRIBE'; readonly topic: string; readonly cursor?: string }
  | { readonly type: 'UNSUBSCRIBE'; readonly topic: string }
  | { readonly type: 'SEND'; readonly id: string; readonly topic: string; readonly data: unknown }
  | { readonly type: 'PING' }

/** A frame, or why it is none. */
export type Reading =
  | { readonly name: 'frame'; readonly frame: ClientFrame }
  /** Not JSON. */
  | { readonly name: 'not-json'; readonly detail: string }
  /** JSON, but not of the form that its type asks for. */
  | { readonly name: 'malformed'; readonly detail: string }
  /** Well-formed, of a type that is not known here. */
  | { readonly name: 'unknown-type'; readonly detail: string }

/** The longest id, token and topic, in characters. */
const LONGEST = { id: 128, token: 512, topic: 64, cursor: 256 } as const

class PrototypeKey extends Error {}

/** JSON without prototypes in it. Throws SyntaxError, or PrototypeKey. */
function parse(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) => {
    if (key === '__proto__') throw new PrototypeKey()
    return value
  })
}

/** Reads one frame. Never throws. */
export function readFrame(text: string): Reading {
  const malformed = (detail: string): Reading => ({ name: 'malformed', detail })
  if (isTooDeep(text)) return malformed(`a frame is nested at most ${DEEPEST} deep`)
  let value: unknown
  try {
    value = parse(text)
  } catch (error) {
    if (error instanceof PrototypeKey) return malformed('a frame has no member __proto__')
    return { name: 'not-json', detail: 'a frame is JSON text' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return malformed('a frame is a JSON object')
  const { type } = value as { type?: unknown }
  if (typeof type !== 'string') return malformed('a frame has a type, a string')
  return readMembers(type, value as Readonly<Record<string, unknown>>)
}

/** Is a printable text of 1 to so many characters. */
const isLabel = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length <= most && /^[\x21-\x7e]+$/.test(value)

/** Reads a frame of this type from its members, into a fresh object. */
export function readMembers(
  type: string,
  { id, topic, token, cursor, data }: Readonly<Record<string, unknown>>,
): Reading {
  const good = (frame: ClientFrame): Reading => ({ name: 'frame', frame })
  const bad = (member: keyof typeof LONGEST): Reading => ({
    name: 'malformed',
    detail: `${type}: ${member} is a string of 1 to ${LONGEST[member]} visible ASCII characters`,
  })
  switch (type) {
    case 'PING':
      return good({ type })
    case 'AUTH':
      return isLabel(token, LONGEST.token) ? good({ type, token }) : bad('token')
    case 'SUBSCRIBE':
      if (!isLabel(topic, LONGEST.topic)) return bad('topic')
      // A cursor is opaque: one that cannot be ours is answered by RESET. Only its size is looked at here.
      if (cursor === undefined) return good({ type, topic })
      return typeof cursor === 'string' && cursor.length <= LONGEST.cursor
        ? good({ type, topic, cursor })
        : bad('cursor')
    case 'UNSUBSCRIBE':
      return isLabel(topic, LONGEST.topic) ? good({ type, topic }) : bad('topic')
    case 'SEND':
      if (!isLabel(id, LONGEST.id)) return bad('id')
      if (!isLabel(topic, LONGEST.topic)) return bad('topic')
      return data === undefined
        ? { name: 'malformed', detail: 'SEND: data is any JSON value, and not missing' }
        : good({ type, id, topic, data })
    default:
      return { name: 'unknown-type', detail: `${JSON.stringify(type.slice(0, 40))} is not known here` }
  }
}
