/** What a tab says to the server by way of the tab that leads: the frames of a client, strictly read. */
import { isTopic } from './frames.js'

/** A frame that is passed on. Others (tokens, signs of life) are the leader's own. */
export type Said =
  | { readonly type: 'SUBSCRIBE'; readonly topic: string; readonly cursor: string | undefined }
  | { readonly type: 'UNSUBSCRIBE'; readonly topic: string }
  | { readonly type: 'SEND'; readonly id: string; readonly topic: string; readonly data: unknown }

/** Ids of the kit are shorter. */
const LONGEST_ID = 128

/** Reads a frame of a tab; null: none that is passed on. Never throws. */
export function readSaid(text: string): Said | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const { type, topic, cursor, id, data } = (value ?? {}) as Readonly<Record<string, unknown>>
  if (!isTopic(topic)) return null
  if (type === 'SUBSCRIBE') return { type, topic, cursor: typeof cursor === 'string' ? cursor : undefined }
  if (type === 'UNSUBSCRIBE') return { type, topic }
  if (type !== 'SEND' || typeof id !== 'string' || id === '' || id.length > LONGEST_ID) return null
  return data === undefined ? null : { type, id, topic, data }
}
