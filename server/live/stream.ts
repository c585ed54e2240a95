/** One event stream (SSE): how frames travel, and how it ends. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Asked } from './asked.ts'
import { BEATS, PATIENCE_BEATS } from './beats.ts'
import { type Place, cursorText } from './cursor.ts'
import { drainFrame } from './frames.ts'
import { type Live, hello } from './live.ts'
import { startFrom } from './reader.ts'

/** What `retry:` says while nothing is wrong: browsers then come back after so many ms. */
const RETRY_MS = 3000
/** Whoever does not take the end is cut after so many ms. */
const END_WITHIN_MS = 1000

/**
 * Serves it until it ends. The `id` of an event is the cursor behind it; HELLO has none, and of what is
 * told at the start only the last frame has one, so that whoever is cut in between asks again for all of it.
 */
export function serveStream(
  live: Live,
  { topics, cursor }: Asked,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { audience, hub, limits, time } = live
  const { at, frames } = startFrom(hub.log, topics, cursor)
  reply.hijack()
  const response = reply.raw
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) response.setHeader(name, value)
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  })
  /** Beats since there was room; null: there is. */
  let full: number | null = null
  /** Beats since anything was written. */
  let quiet = 0

  function write(text: string) {
    if (response.writableEnded || response.destroyed) return
    quiet = 0
    response.write(text)
  }
  const say = (frame: string, id?: Place) => write(`${id ? `id: ${cursorText(id)}\n` : ''}data: ${frame}\n\n`)

  write(`retry: ${RETRY_MS}\n\n`)
  say(hello(live))
  frames.forEach((frame, index) => say(frame, index === frames.length - 1 ? at : undefined))

  const reader = hub.listen(topics, at, {
    roomy() {
      const has = !response.writableEnded && response.writableLength < limits.outgoingBytes
      if (!has) full ??= 0
      return has
    },
    take: say,
  })
  response.on('drain', () => {
    full = null
    reader.pump()
  })

  function end() {
    reader.stop()
    response.end()
    late()
    late = time.after(END_WITHIN_MS, () => response.destroy())
  }
  let late = () => {}
  const { accessExpiresAt } = request
  const expiry = accessExpiresAt === null ? () => {} : time.after(accessExpiresAt - time.now(), end)
  const leave = audience.join({
    isToldLate: true,
    drain: (retryAfterMs) => say(drainFrame(retryAfterMs)),
    end(retryAfterMs) {
      write(`retry: ${Math.round(retryAfterMs)}\n\n`)
      end()
    },
    forget: end,
    destroy: () => response.destroy(),
    beat() {
      quiet += 1
      if (full !== null && (full += 1) > PATIENCE_BEATS) response.destroy()
      else if (quiet >= BEATS) write(':\n\n')
    },
  })
  response.on('error', () => {})
  response.on('close', () => {
    reader.stop()
    expiry()
    late()
    leave()
  })
  reader.pump()
}
