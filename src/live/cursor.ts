/** Where a topic has been read to, and what each piece of news does to that. Pure. */

/** A place in a log: nothing up to `offset` is missing. */
export interface Place {
  readonly epoch: string
  readonly offset: number
}

/** Longer is no cursor: of an epoch 64 characters are taken, and an offset has 16 digits at most. */
const LONGEST_CURSOR = 81

/** Writes it as text. */
export const cursorText = ({ epoch, offset }: Place): string => `${epoch}:${offset}`

/** Reads a cursor; null: it is none. */
export function readCursor(text: string): Place | null {
  if (text.length > LONGEST_CURSOR) return null
  const [, epoch, digits] = /^([\x21-\x39\x3b-\x7e]{1,64}):(0|[1-9]\d{0,15})$/.exec(text) ?? []
  const offset = Number(digits)
  return epoch !== undefined && Number.isSafeInteger(offset) ? { epoch, offset } : null
}

/** What is known of a topic. */
export interface Cursor {
  /** null: it begins at the present, which has not been told yet. */
  readonly at: Place | null
  /** The line whose RESET began this epoch: an older line does not begin another one. */
  readonly epochOf: number
}

/** What a line says of one topic. `epoch`: as this line sees it. */
export type TopicNews =
  | { readonly type: 'event'; readonly epoch: string; readonly offset: number }
  /** Everything after this offset follows. */
  | { readonly type: 'resumed'; readonly epoch: string; readonly offset: number }
  /** Events were dropped, all of them within these offsets, both included. */
  | { readonly type: 'gap'; readonly epoch: string; readonly from: number; readonly to: number }
  /** Another log, or the same with less in it. `was`: the epoch before, as this line saw it. */
  | {
      readonly type: 'reset'
      readonly epoch: string
      readonly was: string | null
      readonly offset: number
      readonly line: number
    }
  /** The line has read to there; nothing of this topic was on the way. */
  | { readonly type: 'read'; readonly epoch: string; readonly offset: number }

/** What people who listen to the topic are told of it; null: nothing. */
export type TopicTold =
  | { readonly type: 'event' | 'resumed' | 'reset' }
  | { readonly type: 'gap'; readonly from: number; readonly to: number }

/** The next cursor, and what is told. */
export type CursorStep = readonly [Cursor, TopicTold | null]

/**
 * One step. Several lines may speak of a topic at a time: each of them tells everything after the cursor that it was
 * asked with, in order, so that what is above the cursor is new, what is not has been told, and nothing is between.
 */
export function step(cursor: Cursor, news: TopicNews): CursorStep {
  const { at } = cursor
  if (at === null) return begin(cursor, news)
  if (news.type === 'reset') return reset(cursor, at, news)
  // A line that has not heard of the reset yet, or one of another log that is being left.
  if (news.epoch !== at.epoch) return [cursor, null]
  switch (news.type) {
    case 'event':
      return news.offset > at.offset ? [moved(cursor, at, news.offset), EVENT] : [cursor, null]
    case 'read':
      return news.offset > at.offset ? [moved(cursor, at, news.offset), null] : [cursor, null]
    case 'gap':
      // Whatever a server says of its beginning: what was not seen before the end will not come.
      return gap(cursor, at, news.to)
    case 'resumed':
      // It goes on behind what has been seen: whatever lies between will not come.
      return gap(cursor, at, news.offset)
  }
}

const EVENT: TopicTold = { type: 'event' }
const RESUMED: TopicTold = { type: 'resumed' }

const moved = (cursor: Cursor, at: Place, offset: number): Cursor => ({
  ...cursor,
  at: { epoch: at.epoch, offset },
})

/** The first that is heard of it says where the present is; an event alone does not. */
function begin(cursor: Cursor, news: TopicNews): CursorStep {
  const { epoch } = news
  switch (news.type) {
    case 'event':
      return [cursor, null]
    case 'gap':
      return [
        { ...cursor, at: { epoch, offset: news.to } },
        { type: 'gap', from: news.from, to: news.to },
      ]
    case 'reset':
      return [{ at: { epoch, offset: news.offset }, epochOf: news.line }, RESUMED]
    case 'resumed':
      return [{ ...cursor, at: { epoch, offset: news.offset } }, RESUMED]
    case 'read':
      return [{ ...cursor, at: { epoch, offset: news.offset } }, null]
  }
}

function gap(cursor: Cursor, at: Place, to: number): CursorStep {
  // Another line has told what is missing here.
  if (to <= at.offset) return [cursor, RESUMED]
  return [moved(cursor, at, to), { type: 'gap', from: at.offset + 1, to }]
}

function reset(cursor: Cursor, at: Place, news: TopicNews & { type: 'reset' }): CursorStep {
  const { epoch, offset, was, line } = news
  const isOlder = line < cursor.epochOf
  // Another line has told of this reset already.
  if (epoch === at.epoch && (isOlder || was !== epoch)) return gap(cursor, at, offset)
  if (isOlder) return [cursor, null]
  return [{ at: { epoch, offset }, epochOf: line }, { type: 'reset' }]
}
