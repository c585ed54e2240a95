/** One long poll: answered as soon as there is something to say, or with nothing when its time is over. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../problem.ts'
import type { Asked } from './asked.ts'
import { type Place, cursorText } from './cursor.ts'
import { drainFrame } from './frames.ts'
import { type Live, hello } from './live.ts'
import { startFrom } from './reader.ts'

/** The most events of one answer. */
const MOST_EVENTS = 100

const bodyOf = (frames: readonly string[], at: Place): string =>
  `{"frames":[${frames.join(',')}],"cursor":${JSON.stringify(cursorText(at))}}`

/**
 * The body of the answer: frames, and the cursor to ask with next. Without a cursor: HELLO, at once. With one
 * that resumes: what there is, or after `waitMs` nothing. RESUMED is not told: no news is that.
 */
export function answerPoll(
  live: Live,
  { topics, cursor }: Asked,
  waitMs: number,
  { accessExpiresAt }: FastifyRequest,
  { raw: response }: FastifyReply,
): Promise<string> | string {
  const { audience, hub, limits, time } = live
  const start = startFrom(hub.log, topics, cursor)
  if (cursor === undefined) return bodyOf([hello(live)], start.at)

  const frames = start.frames.filter((frame) => !frame.startsWith('{"type":"RESUMED"'))
  let bytes = 0
  let answer = () => {}
  const reader = hub.listen(topics, start.at, {
    roomy: () => frames.length < MOST_EVENTS && bytes < limits.outgoingBytes,
    take(frame) {
      frames.push(frame)
      bytes += frame.length
      answer()
    },
  })
  /** While the server drains each answer with events says so: before the next one the port may be closed. */
  const told = () => {
    const turnMs = audience.takeTurn()
    return bodyOf(turnMs === null ? frames : [...frames, drainFrame(turnMs)], reader.at)
  }
  reader.pump()
  if (frames.length > 0) {
    reader.stop()
    return told()
  }

  return new Promise((resolve, reject) => {
    const untilMs = Math.min(waitMs, accessExpiresAt === null ? Infinity : accessExpiresAt - time.now())
    const over = time.after(untilMs, () => answer())
    // What else the same transaction brings comes in the same turn.
    answer = () => queueMicrotask(settle)
    const say = (retryAfterMs: number) => {
      stop()
      resolve(bodyOf([...frames, drainFrame(retryAfterMs)], reader.at))
    }
    let leave = () => {}
    let state: 'waiting' | 'over' = 'waiting'
    function stop() {
      state = 'over'
      over()
      reader.stop()
      leave()
    }
    function settle() {
      // A second event of one transaction, or the end of the answer itself: it would take a second turn.
      if (state === 'over') return
      stop()
      resolve(frames.length > 0 ? told() : bodyOf(frames, reader.at))
    }
    leave = audience.join({
      isToldLate: false,
      drain: say,
      end: say,
      forget() {
        stop()
        reject(new Problem(401, 'session_unknown', 'This session is not known here'))
      },
      destroy: () => response.destroy(),
      beat: () => {},
    })
    response.on('close', settle)
  })
}
