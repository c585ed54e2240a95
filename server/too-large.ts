/**
 * A refusal that can be read although more of the body is on its way. To close with bytes unread is a reset, and a
 * reset takes the answer with it: so the answer goes out at once, and the rest of the body is thrown away, up to a
 * point, before the connection ends.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'

/** More than so many bytes are not thrown away: whoever sends them is cut, and may not see why. */
export const MOST_THROWN_AWAY = 8 * 1024 * 1024
/** For how long, in ms, they are waited for. */
const PATIENCE_MS = 5_000

/** Answers with this body, whose status and type are set, and ends the connection when the request has been read. */
export function answerBeforeTheEnd(
  { raw: request }: FastifyRequest,
  reply: FastifyReply,
  body: string,
): void {
  const { raw: response } = reply
  reply.header('Connection', 'close').header('Content-Length', Buffer.byteLength(body))
  reply.hijack()
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) response.setHeader(name, value)
  response.writeHead(reply.statusCode)
  // Not its end: behind that Node would close.
  response.write(body)

  let bytes = 0
  const over = () => {
    clearTimeout(timer)
    response.end()
  }
  const timer = setTimeout(over, PATIENCE_MS).unref()
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MOST_THROWN_AWAY) over()
  })
  request.once('end', over)
  response.once('close', over)
  request.resume()
}
