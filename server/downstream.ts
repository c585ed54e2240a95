/**
 * Asks another service on behalf of a request: in its name, within what is left of its deadline, and no longer
 * than somebody waits for it (R10, R11, R22).
 */
import { Agent, type IncomingMessage, request as ask } from 'node:http'
import type { Deadline } from './deadline.ts'
import { Problem } from './problem.ts'

/** How many connections are kept although idle: the article's MaxIdleConns. */
export const MOST_IDLE = 10
/** For how long, in ms: its IdleConnTimeout. */
export const IDLE_MS = 30_000

/** An answer beyond this many bytes is not taken. */
const MOST_BYTES = 64 * 1024

/** For whom it is asked. */
export interface AskedFor {
  readonly id: string
  readonly traceparent: string | null
  readonly deadline: Deadline
}

/** A service behind this one. */
export interface Downstream {
  /**
   * GET, as JSON. Rejects with the deadline's own problem when that has ended; with a 502 `downstream` when the
   * service cannot be reached, answers other than 2xx, with more than 64 KiB or with what is no JSON.
   */
  get(path: string, request: AskedFor): Promise<unknown>
  /** Open connections, idle ones included. */
  connections(): number
  /** Closes them all. Calling it twice does no harm. */
  close(): void
}

/** Talks to the service at this URL (http). */
export function createDownstream(base: string): Downstream {
  // An agent's `timeout` ends connections that are idle; one in use only hears of it.
  const agent = new Agent({ keepAlive: true, maxFreeSockets: MOST_IDLE, timeout: IDLE_MS })

  async function get(path: string, { id, traceparent, deadline }: AskedFor): Promise<unknown> {
    const { signal } = deadline
    signal.throwIfAborted()
    const remainingMs = deadline.remainingMs()
    try {
      const answer = await new Promise<IncomingMessage>((resolve, reject) =>
        ask(new URL(path, base), {
          agent,
          signal,
          headers: {
            Accept: 'application/json',
            'X-Request-ID': id,
            ...(traceparent && { traceparent }),
            ...(remainingMs !== null && { 'X-Request-Deadline-Ms': Math.max(1, Math.floor(remainingMs)) }),
          },
        })
          .once('response', resolve)
          .once('error', reject)
          .end(),
      )
      const text = await read(answer)
      const status = answer.statusCode ?? 0
      if (status < 200 || status > 299) throw new Error(`it answered ${status}`)
      return JSON.parse(text)
    } catch (error) {
      signal.throwIfAborted()
      throw new Problem(502, 'downstream', `The service behind this one failed: ${reasonOf(error)}`)
    }
  }

  const socketsOf = (sockets: Agent['sockets']) =>
    Object.values(sockets)
      .flatMap((list) => list ?? [])
      .filter((socket) => !socket.destroyed)

  return {
    get,
    connections: () =>
      socketsOf(agent.sockets).length + socketsOf(agent.freeSockets as Agent['sockets']).length,
    close: () => agent.destroy(),
  }
}

async function read(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // Leaving the loop destroys the answer and its connection.
    if (bytes > MOST_BYTES) throw new Error(`its answer is larger than ${MOST_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Codes and our own words; never what the other service said. */
function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'its answer is no JSON'
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}
