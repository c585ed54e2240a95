/** Client frames: from text to fresh objects, with the reference server's limits and words. */

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
  | { readonly name: 'not-json' | 'malformed' | 'unknown-type'; readonly detail: string }

/** In characters. */
const LONGEST = { id: 128, token: 512, topic: 64, cursor: 256 } as const
const DEEPEST = 32

const malformed = (detail: string): Reading => ({ name: 'malformed', detail })
const good = (frame: ClientFrame): Reading => ({ name: 'frame', frame })

/** Reads one frame. Never throws. */
export function readFrame(text: string): Reading {
  if (isTooDeep(text)) return malformed(`a frame is nested at most ${DEEPEST} deep`)
  let hasPrototype = false
  let value: unknown
  try {
    value = JSON.parse(text, (key, member: unknown) => {
      hasPrototype ||= key === '__proto__'
      return member
    })
  } catch {
    return { name: 'not-json', detail: 'a frame is JSON text' }
  }
  if (hasPrototype) return malformed('a frame has no member __proto__')
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return malformed('a frame is a JSON object')
  const members = value as Readonly<Record<string, unknown>>
  const { type } = members
  return typeof type === 'string' ? readMembers(type, members) : malformed('a frame has a type, a string')
}

const isLabel = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length <= most && /^[\x21-\x7e]+$/.test(value)

/** Reads a frame of this type from its members. */
export function readMembers(type: string, members: Readonly<Record<string, unknown>>): Reading {
  const { id, topic, token, cursor, data } = members
  const bad = (member: keyof typeof LONGEST): Reading =>
    malformed(`${type}: ${member} is a string of 1 to ${LONGEST[member]} visible ASCII characters`)
  switch (type) {
    case 'PING':
      return good({ type })
    case 'AUTH':
      return isLabel(token, LONGEST.token) ? good({ type, token }) : bad('token')
    case 'SUBSCRIBE':
      if (!isLabel(topic, LONGEST.topic)) return bad('topic')
      // One that cannot be ours is answered by RESET; only its size is looked at here.
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
        ? malformed('SEND: data is any JSON value, and not missing')
        : good({ type, id, topic, data })
    default:
      return { name: 'unknown-type', detail: `${JSON.stringify(type.slice(0, 40))} is not known here` }
  }
}

/** Whether brackets are nested too deep; those in strings do not count. */
function isTooDeep(text: string): boolean {
  let depth = 0
  for (const [token] of text.matchAll(/"(?:\\.|[^"\\])*"?|[[\]{}]/g)) {
    if (token === '[' || token === '{') depth++
    else if (token === ']' || token === '}') depth--
    if (depth > DEEPEST) return true
  }
  return false
}
