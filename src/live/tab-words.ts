/**
 * What the tabs that share a channel say to each other: strictly read, into fresh objects. Every page of the origin
 * may write to their bus. Frames travel as text and are checked where they are read; tokens never travel.
 */
import type { KeeperState } from './keeper-state.js'
import type { Transport, Verdict } from './line.js'
import { isOffset, isText, type Members } from './members.js'

/** To the tab that leads. `from`: which tab. */
export type MemberWord =
  /** Who leads? `term`: the newest that is known. */
  | { readonly say: 'who'; readonly from: string; readonly term: number }
  /** A line is wanted: the first, or a new one. */
  | { readonly say: 'join'; readonly from: string; readonly to: string }
  | { readonly say: 'here'; readonly from: string; readonly to: string }
  | { readonly say: 'leave'; readonly from: string; readonly to: string }
  /** A person asks for an attempt. */
  | { readonly say: 'retry'; readonly from: string; readonly to: string }
  /** A frame for the server, on this line. */
  | {
      readonly say: 'said'
      readonly from: string
      readonly to: string
      readonly line: number
      readonly text: string
    }

/** What the leader says; the bus adds who he is. `to`: one tab, by its id; `*`: all. */
export type LeaderNews =
  /** It leads. `roll`: whoever is there says so. */
  | { readonly say: 'lead'; readonly to: '*'; readonly roll: boolean }
  /** It gives up. */
  | { readonly say: 'gone'; readonly to: '*' }
  /** How the one line of all is. */
  | { readonly say: 'state'; readonly to: '*'; readonly state: KeeperState }
  /** A line is open for this tab. */
  | { readonly say: 'open'; readonly to: string; readonly line: number }
  | { readonly say: 'end'; readonly to: string; readonly verdict: Verdict }
  /** A frame of the server's for one line. */
  | { readonly say: 'told'; readonly to: string; readonly line: number; readonly text: string }
  /** An event: whoever follows its topic takes it. */
  | { readonly say: 'event'; readonly to: '*'; readonly text: string }

/** Who leads, since when, and the how-manieth word of his this is: whoever misses one joins anew. */
export interface LeaderStamp {
  readonly from: string
  /** Grows with each leader. */
  readonly term: number
  readonly seq: number
}

/** A word of the leader's. */
export type LeaderWord = LeaderNews & LeaderStamp

/** A word of ours. */
export type TabWord = MemberWord | LeaderWord

const LONGEST_ID = 64
const LONGEST_REASON = 200
const TRANSPORTS: readonly unknown[] = ['websocket', 'event-stream', 'long-poll'] satisfies Transport[]
const VERDICTS: readonly unknown[] = ['again', 'session-lost'] satisfies Verdict[]

const isId = (value: unknown): value is string => isText(value, LONGEST_ID)
const isInstant = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value < Infinity

/**
 * Reads a word; null: it is none of ours. Never throws.
 *
 * @param maxLength of a frame, in characters
 */
export function readWord(data: unknown, maxLength: number): TabWord | null {
  if (typeof data !== 'object' || data === null || !isId((data as Members)['from'])) return null
  const members = data as Members & { readonly from: string }
  const { from, term, seq } = members
  if (seq === undefined) return readMember(members, maxLength)
  if (!isOffset(term) || !isOffset(seq)) return null
  const news = readNews(members, maxLength)
  return news && { ...news, from, term, seq }
}

function readMember(members: Members & { readonly from: string }, maxLength: number): MemberWord | null {
  const { say, from, to, term, line, text } = members
  if (say === 'who') return isOffset(term) ? { say, from, term } : null
  if (!isId(to)) return null
  if (say === 'join' || say === 'here' || say === 'leave' || say === 'retry') return { say, from, to }
  if (say !== 'said' || !isOffset(line) || !isText(text, maxLength)) return null
  return { say, from, to, line, text }
}

function readNews({ say, to, roll, state, line, verdict, text }: Members, max: number): LeaderNews | null {
  if (!isId(to)) return null
  switch (say) {
    case 'open':
      return isOffset(line) ? { say, to, line } : null
    case 'told':
      return isOffset(line) && isText(text, max) ? { say, to, line, text } : null
    case 'end':
      return VERDICTS.includes(verdict) ? { say, to, verdict: verdict as Verdict } : null
  }
  if (to !== '*') return null
  switch (say) {
    case 'lead':
      return { say, to, roll: roll === true }
    case 'gone':
      return { say, to }
    case 'event':
      return isText(text, max) ? { say, to, text } : null
    case 'state': {
      const read = typeof state === 'object' && state !== null ? readState(state as Members) : null
      return read && { say, to, state: read }
    }
    default:
      return null
  }
}

function readState(members: Members): KeeperState | null {
  const { name, since, attempt, transport: given, nextAttemptAt, end } = members
  const transport = TRANSPORTS.includes(given) ? (given as Transport) : null
  switch (name) {
    case 'closed':
    case 'waiting-link':
    case 'auth':
      return { name }
    case 'dialling':
    case 'greeting':
      return transport && isInstant(since) && isOffset(attempt) ? { name, since, attempt, transport } : null
    case 'open':
      return transport && isInstant(since) ? { name, since, transport } : null
    case 'backoff':
      if (!isOffset(attempt) || !(nextAttemptAt === null || isInstant(nextAttemptAt))) return null
      return { name, nextAttemptAt, attempt }
    case 'fatal': {
      const { code, reason } = (end ?? {}) as Members
      if (!isOffset(code) || typeof reason !== 'string' || reason.length > LONGEST_REASON) return null
      return { name, end: { verdict: 'fatal', code, reason, wasClean: false } }
    }
    default:
      return null
  }
}
