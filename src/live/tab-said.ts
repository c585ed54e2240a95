/** What a tab says to the server by way of the tab that leads: the frames of a client, strictly read. */
import { isTopic } from './frames.js'
import { isText, membersOf } from './members.js'

/** A frame that is passed on. Others (tokens, signs of life) are the leader's own. */
export type Said =
  | { readonly type: 'SUBSCRIBE'; readonly topic: string; readonly cursor: string | undefined }
  | { readonly type: 'UNSUBSCRIBE'; readonly topic: string }
  | { readonly type: 'SEND'; readonly id: string; readonly topic: string; readonly data: unknown }

/** Ids of the kit are shorter. */
const LONGEST_ID = 128

/** Reads a frame of a tab; null: none that is passed on. Never throws. */
export function readSaid(text: string): Said | null {
  const { type, topic, cursor, id, data } = membersOf(text)
  if (!isTopic(topic)) return null
  if (type === 'SUBSCRIBE') return { type, topic, cursor: typeof cursor === 'string' ? cursor : undefined }
  if (type === 'UNSUBSCRIBE') return { type, topic }
  return type === 'SEND' && isText(id, LONGEST_ID) && data !== undefined ? { type, id, topic, data } : null
}
