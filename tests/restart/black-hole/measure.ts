/** When requests that were sent into a black hole are answered. Runs in the test, and in a namespace of its own. */
import { Agent, createServer, get } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

/** A hole in the way to a port. */
export interface Hole {
  readonly port: number
  begin(): unknown
  end(): unknown
}

/** Milliseconds from the end of the hole to the answer. */
export interface Answered {
  /** Of a request whose connection was dialled in the hole. */
  readonly onNewMs: number
  /** Of one on a connection that was there before. */
  readonly onKeptMs: number
}

/** Both are sent so long after the hole has begun. */
const SENT_AFTER_MS = 250

/** Sends both into the hole and waits for their answers. */
export async function measure(hole: Hole, holeMs: number): Promise<Answered> {
  const kept = new Agent({ keepAlive: true, maxSockets: 1 })
  try {
    await answered(hole.port, kept)
    await hole.begin()
    const begunAt = performance.now()
    await wait(SENT_AFTER_MS)
    const answers = Promise.all([answered(hole.port, false), answered(hole.port, kept)])
    // Told below; one that is lost in the hole must not be told of before.
    answers.catch(() => {})
    await wait(begunAt + holeMs - performance.now())
    await hole.end()
    const endedAt = performance.now()
    const [onNewAt, onKeptAt] = await answers
    return { onNewMs: Math.round(onNewAt - endedAt), onKeptMs: Math.round(onKeptAt - endedAt) }
  } finally {
    kept.destroy()
  }
}

/** A service that answers at once. */
export async function serveOk(): Promise<{ port: number; stop(): void }> {
  // Node's own 5 s would close a kept connection in the hole.
  const server = createServer({ keepAliveTimeout: 60_000 }, (_request, response) => response.end('ok'))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    port: (server.address() as { port: number }).port,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** The instant of the whole answer. */
function answered(port: number, agent: Agent | false): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', agent }, (answer) => {
      answer.resume().on('end', () => resolve(performance.now()))
    }).on('error', reject)
  })
}
