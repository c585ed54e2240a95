/** A line over long polls: one request after the other, each answered when there is something to tell. */
import { sleep, type Stop } from '../core/clock.js'
import {
  ASKING_RULES,
  bodyOf,
  checkAsking,
  checkCursor,
  createInit,
  endOfError,
  findFetch,
  withQuery,
  type AskingOptions,
} from './asking.js'
import { createAttempt } from './attempt.js'
import { isCursor, MESSAGE_BYTES, MOST_BYTES, readText } from './bounds.js'
import { broken, tooLarge } from './ends.js'
import type { Driver, Line, LineEnd, LinePorts, LineRequest } from './line.js'
import { checkOptions, type Rules } from './rules.js'

/** Options of `longPoll`. */
export interface LongPollOptions extends AskingOptions {
  /**
   * How long the server is asked to hold a poll, in ms; it may answer sooner. Default: 25,000, as the reference server
   * does at most; allowed: 0 to 300,000. The first poll of a line is not held: its answer opens the line.
   */
  waitMs?: number
  /**
   * The largest answer taken, in bytes. Default: 1 MiB (1,048,576); allowed: 1 to 1 GiB. A larger one ends the line as
   * `fatal`, code 1009; no more of it is read.
   */
  maxAnswerBytes?: number
}

const RULES: Rules<LongPollOptions> = {
  ...ASKING_RULES,
  waitMs: [0, 300_000],
  maxAnswerBytes: [1, MOST_BYTES],
}

/**
 * A poll that brings nothing new is not followed by the next one before so many ms since it began. A server that holds
 * polls is not slowed down by it; one that answers at once is asked once a second, and not as fast as it answers.
 */
const SPACING_MS = 1000

/**
 * An answer that has not begun so long after `waitMs`, or of which nothing has come for so long, does not come: the
 * sixth retransmission of a kernel would come after more than 10 s (about 1, 2, 3, 4, 5 s, and then doubling).
 */
const SILENCE_MS = 10_000

/**
 * A driver for long polls. The frames of an answer are told one by one, as text, the last one with the cursor as its
 * id. Redirects are not followed.
 *
 * @throws `bad-option` for an unknown or impossible option
 */
export function longPoll(options: LongPollOptions = {}): Driver {
  checkOptions('longPoll', options, RULES)
  checkAsking('longPoll', options)
  const { waitMs = 25_000, maxAnswerBytes = MESSAGE_BYTES } = options
  return {
    transport: 'long-poll',
    open(request, ports) {
      const fetch = findFetch('longPoll', options.fetch)
      return follow(request, ports, { ...options, fetch, waitMs: Math.round(waitMs), maxAnswerBytes })
    },
  }
}

type Settings = LongPollOptions & Required<Pick<LongPollOptions, 'fetch' | 'waitMs' | 'maxAnswerBytes'>>

/** What is no answer of a poll ends the line with this. */
const SHAPELESS: LineEnd = {
  ...broken('an answer that is none of a poll'),
  verdict: 'unsuitable',
  status: 200,
}

function follow(request: LineRequest, ports: LinePorts, settings: Settings): Line {
  const { clock } = ports
  const { maxAnswerBytes, waitMs } = settings
  const leaving = new AbortController()
  let unwatch: Stop = () => {}
  const attempt = createAttempt(ports, settings.judge, () => {
    unwatch()
    leaving.abort()
  })
  const watch = (silentMs: number): void => {
    unwatch()
    if (!attempt.isOver) unwatch = clock.setTimeout(() => attempt.end(broken('no answer in time')), silentMs)
  }
  /** The text of an answer; null: the line has ended. */
  const poll = async (cursor: string | null, holdMs: number, isFirst: boolean): Promise<string | null> => {
    watch(holdMs + SILENCE_MS)
    const answer = await ask(request, settings, cursor, holdMs, leaving.signal)
    watch(SILENCE_MS)
    const body = await bodyOf(answer, 'application/json', attempt)
    if (!body) return null
    if (isFirst) attempt.tell({ type: 'open' })
    const text = await readText(body, maxAnswerBytes, leaving.signal, () => watch(SILENCE_MS))
    unwatch()
    if (text === null) attempt.end(tooLarge('An answer', maxAnswerBytes))
    return text
  }
  const run = async (): Promise<void> => {
    let cursor = checkCursor(request)
    for (let polls = 0; !attempt.isOver; polls++) {
      const beganAt = clock.now()
      const text = await poll(cursor, polls === 0 ? 0 : waitMs, polls === 0)
      if (text === null) return
      const read = readPoll(text)
      if (!read) return attempt.end(SHAPELESS)
      read.frames.forEach((data, index) =>
        attempt.tell({
          type: 'message',
          data,
          ...(index === read.frames.length - 1 ? { id: read.cursor } : {}),
        }),
      )
      if (read.frames.length === 0) attempt.tell({ type: 'alive' })
      const isProgress = read.frames.length > 0 && read.cursor !== cursor
      cursor = read.cursor
      const earlyMs = beganAt + SPACING_MS - clock.now()
      if (polls > 0 && !isProgress && earlyMs > 0) await sleep(clock, earlyMs, leaving.signal)
    }
  }
  run().catch((error: unknown) => attempt.end(endOfError(error, 'no answer')))
  return { transport: 'long-poll', bufferedAmount: 0, send: () => false, drop: attempt.drop }
}

async function ask(
  request: LineRequest,
  settings: Settings,
  cursor: string | null,
  holdMs: number,
  signal: AbortSignal,
): Promise<Response> {
  const { topics, url } = request
  const target = withQuery(url, {
    ...(topics.length ? { topics: topics.join(',') } : {}),
    ...(cursor === null ? {} : { cursor }),
    'wait-ms': String(holdMs),
  })
  return settings.fetch(target, { ...createInit(settings, request, { Accept: 'application/json' }), signal })
}

/** Reads `{frames, cursor}`, each frame as text again; null: it is something else. */
function readPoll(text: string): { readonly frames: readonly string[]; readonly cursor: string } | null {
  try {
    const { frames, cursor } = JSON.parse(text) as { readonly frames?: unknown; readonly cursor?: unknown }
    if (typeof cursor !== 'string' || !cursor || !isCursor(cursor) || !Array.isArray(frames)) return null
    if (!frames.every((frame) => typeof frame === 'object' && frame !== null && !Array.isArray(frame)))
      return null
    // One that is nested too deep for the engine throws.
    return { frames: frames.map((frame) => JSON.stringify(frame)), cursor }
  } catch {
    return null
  }
}
