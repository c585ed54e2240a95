/** One WebSocket: how frames travel, whether the other side is alive and reads, and how it ends. */
import type { RawData, WebSocket } from 'ws'
import type { Problem } from '../problem.ts'
import { BEATS, PATIENCE_BEATS } from './beats.ts'
import { CLOSE, type Conversation, type Line, converse, sendAway } from './conversation.ts'
import { drainFrame } from './frames.ts'
import type { Live } from './live.ts'

/** A close frame holds so many bytes of reason. */
const LONGEST_REASON = 123

/** Cuts a text to so many bytes of UTF-8, at a character. */
function cut(text: string, bytes: number): string {
  let short = text
  while (Buffer.byteLength(short) > bytes) short = short.slice(0, -1)
  return short
}

/** Closes it at once, with its turn as the reason; what it says meanwhile nobody hears. */
export function turnAway(ws: WebSocket, busy: Problem): void {
  ws.on('error', () => {})
  sendAway((code, reason) => ws.close(code, reason), busy)
}

/** Serves it until it closes. */
export function serveSocket(ws: WebSocket, live: Live): void {
  const { audience, limits } = live
  /** Beats since the other side showed life. Beats, not ms: a process that was stopped must not blame its peers. */
  let silent = 0
  /** Beats since there was room; null: there is. */
  let full: number | null = null
  let conversation: Conversation | null = null
  const isOpen = () => ws.readyState === ws.OPEN

  const line: Line = {
    say(frame) {
      if (!isOpen()) return
      ws.send(frame, afterSend)
      // Events wait in the log; what is answered to frames cannot, and whoever asks has to read.
      if (ws.bufferedAmount > 2 * limits.outgoingBytes + limits.frameBytes) stalled()
    },
    close(code, reason) {
      conversation?.stop()
      // The socket cuts itself a second later if the other side does not answer: `closeTimeout`.
      if (isOpen()) ws.close(code, cut(reason, LONGEST_REASON))
    },
    roomy() {
      const has = isOpen() && ws.bufferedAmount < limits.outgoingBytes
      if (!has) full ??= 0
      return has
    },
  }

  function afterSend() {
    if (full === null || ws.bufferedAmount > limits.outgoingBytes / 2) return
    full = null
    conversation?.pump()
  }

  const stalled = () => line.close(CLOSE.tryAgain, 'reads too slowly')

  function hear(data: RawData, isBinary: boolean) {
    silent = 0
    if (!isOpen()) return
    if (isBinary) line.close(CLOSE.notText, 'a frame is JSON text')
    else conversation?.hear(String(data))
  }

  conversation = converse(live, line)
  const leave = audience.join({
    isToldLate: true,
    drain: (retryAfterMs) => line.say(drainFrame(retryAfterMs)),
    end: (retryAfterMs) => line.close(CLOSE.restart, JSON.stringify({ retryAfterMs })),
    forget: () => line.close(CLOSE.sessionUnknown, 'session_unknown'),
    destroy: () => ws.terminate(),
    beat() {
      silent += 1
      if (silent > PATIENCE_BEATS) return ws.terminate()
      if (full !== null && (full += 1) > PATIENCE_BEATS) return stalled()
      if (silent % BEATS === 0 && isOpen()) ws.ping()
    },
  })

  ws.on('message', hear)
  for (const sign of ['ping', 'pong'] as const) ws.on(sign, () => (silent = 0))
  // What is wrong with bytes that are no frame the socket answers itself: 1002, 1007, 1009.
  ws.on('error', () => {})
  ws.on('close', () => {
    conversation?.stop()
    leave()
  })
}
