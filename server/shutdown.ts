/**
 * Ends a process in order. Signals, the deadline, the second signal and errors nobody caught are
 * close-with-grace's; the order of the steps, and that each leaves one line in the log, is ours.
 *
 * It takes any server of `node:http`, and is made to be copied: shutdown.ts, drain.ts, in-flight.ts, ticket.ts,
 * time.ts and the two types of log.ts, with close-with-grace as the only package. With Express:
 *
 *     const server = createServer(app)
 *     let draining = false
 *     app.get('/health', (_, answer) => answer.set('Retry-After', '5').sendStatus(draining ? 503 : 204))
 *     gracefulShutdown(server, {
 *       onDraining: () => (draining = true),
 *       handles: [{ name: 'database', close: () => pool.end() }],
 *       log: (line) => console.log(JSON.stringify(line)),
 *     })
 *     server.listen(8080)
 *
 * Kubernetes: `terminationGracePeriodSeconds` above `shutdownTimeoutMs`, readiness on `/health`, and no
 * `preStop` hook: `preStopMs` is that pause.
 */
import type { Server } from 'node:http'
import closeWithGrace from 'close-with-grace'
import { type Drain, createDrain } from './drain.ts'
import type { Log } from './log.ts'
import { RETURN_CAPACITY, ticketMs } from './ticket.ts'

/**
 * What the exit code tells. A process that SIGKILL ended has none, and one that SIGTERM meets before it has arranged
 * for it ends by that signal.
 */
export const EXIT = {
  /** Everything was finished. */
  finished: 0,
  /** Something was left at the deadline, and cut. */
  deadline: 1,
  /** Something was left at a second signal, and cut. */
  secondSignal: 2,
  /** An error that nobody caught, before or while ending. */
  error: 3,
  /** It has not begun: a setting, the database, a log file or the port cannot be used. One line of the log says which. */
  notStarted: 4,
} as const

/** Streams and sockets: what does not end by itself, so that it must be told. */
export interface Streams {
  /**
   * Draining: those who listen are told, each with its own estimate of when it is worth coming back, by its
   * place (from 0) in the row: a poll that is answered with it leaves, and would come back with all others.
   * Must not throw.
   */
  announce(retryAfterMs: (place: number) => number): void
  /**
   * The listener has closed: each stream, poll and socket is told its own estimate, by its place, and ends. Resolves when they have ended; sockets that are open then are cut.
   */
  end(retryAfterMs: (place: number) => number): Promise<void>
}

/** Something to give back before the process ends. */
export interface Handle {
  /** For the log. */
  readonly name: string
  /** A promise is awaited, unless the end is forced: then what is not synchronous may not happen. May be called twice. */
  close(): unknown
  /** How much of it is still open, for the log: connections of a pool. Default: not told. */
  open?(): number
}

/** Options of a graceful shutdown. */
export interface GracefulShutdownOptions {
  /**
   * How long, in ms, connections are still taken after health has turned 503: a balancer learns of it a few
   * seconds late. Without one 0 will do. Skipped where the server did not listen. Default 5,000.
   */
  readonly preStopMs?: number
  /** Counted from the signal, in ms: whatever is left then is cut, and the exit code is 1. Default 30,000. */
  readonly shutdownTimeoutMs?: number
  /** The first step: health says 503 from now on. Must not throw. */
  readonly onDraining?: () => void
  /** In how many ms it is worth coming back, asked when somebody is told. Default: 5,000. */
  readonly estimateMs?: () => number
  /** How many clients a second can come back: what a place in the row adds to the estimate. Default 200. */
  readonly returnCapacity?: number
  /** Streams, polls and sockets. Default: there are none; upgraded connections are cut. */
  readonly streams?: Streams
  /** Waits for work that outlives its request. Default: there is none. */
  readonly workersLeft?: () => Promise<void>
  /** The last step before exit, in this order: the database, agents, files. Default: nothing. */
  readonly handles?: readonly Handle[]
  /** Gets one line a step. Default: nobody. */
  readonly log?: Log
}

/** Signals at whose arrival no JavaScript can run safely; and SIGUSR2, which is the debugger's and profiler's. */
const NOT_OURS = ['SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV', 'SIGUSR2'] as const

/**
 * Arranges that SIGTERM and SIGINT end the process in this order, one line in the log a step: health 503 and
 * `Connection: close` (`draining`) · `preStopMs` · the listener closes (`no new requests`) · streams are told
 * and end (`streams ended`) · requests and workers finish (`all workers left`) · each handle is `closed` ·
 * `handles released` · `exit`.
 *
 * A second signal or the deadline cuts what is left (`forced`). The exit code tells which: see `EXIT`.
 * SIGKILL cannot be caught. Call it before the server listens.
 */
export function gracefulShutdown(
  server: Server,
  options: GracefulShutdownOptions = {},
): { stop(): void; drain: Drain } {
  const { preStopMs = 5_000, shutdownTimeoutMs = 30_000, handles = [], log = () => {} } = options
  const drain = createDrain(server)
  let signalledAt = 0
  const left = () => ({ requests: drain.requests.count, connections: drain.connections })
  const tookMs = () => Math.round(performance.now() - signalledAt)

  const told = ({ name, open }: Handle) =>
    log({ step: 'closed', handle: name, ...(open && { open: open() }) })

  function exit(code: number): never {
    log({ step: 'exit', code, tookMs: tookMs() })
    process.exit(code)
  }

  function force(why: string, code: number): never {
    log({ step: 'forced', why, tookMs: tookMs(), ...left() }, 'warn')
    drain.destroy()
    for (const handle of handles) {
      try {
        void handle.close()
        told(handle)
      } catch (error) {
        log({ step: 'failed', handle: handle.name, error: stackOf(error) }, 'error')
      }
    }
    exit(code)
  }

  const grace = closeWithGrace(
    {
      delay: shutdownTimeoutMs,
      logger: false,
      skip: [...NOT_OURS],
      onTimeout: () => force('deadline', EXIT.deadline),
      onSecondSignal: (signal) => force(`second signal ${signal}`, EXIT.secondSignal),
      onSecondError: (error) => force(`error while ending: ${stackOf(error)}`, EXIT.error),
    },
    async ({ signal, err }) => {
      signalledAt = performance.now()
      if (err) log({ step: 'uncaught', error: stackOf(err), ...left() }, 'error')
      else log({ step: 'signal', signal, ...left() })
      try {
        await drainInOrder(drain, { ...options, preStopMs: server.listening ? preStopMs : 0, log })
        for (const handle of handles) {
          await handle.close()
          told(handle)
        }
      } catch (error) {
        force(`error while ending: ${stackOf(error)}`, EXIT.error)
      }
      log({ step: 'handles released', ...left() })
      exit(err ? EXIT.error : EXIT.finished)
    },
  )
  return { stop: grace.uninstall, drain }
}

async function drainInOrder(
  drain: Drain,
  options: GracefulShutdownOptions & { preStopMs: number; log: Log },
): Promise<void> {
  const { preStopMs, onDraining, estimateMs = () => 5_000, streams, workersLeft, log } = options
  const { returnCapacity = RETURN_CAPACITY } = options
  const estimateOf = (place: number) => ticketMs(estimateMs(), place, returnCapacity)
  onDraining?.()
  drain.announce()
  streams?.announce(estimateOf)
  log({ step: 'draining', preStopMs })
  if (preStopMs > 0) await new Promise((resolve) => setTimeout(resolve, preStopMs))

  await drain.shut()
  log({ step: 'no new requests', requests: drain.requests.count, connections: drain.connections })
  const closed = drain.close()
  if (streams) {
    await streams.end(estimateOf)
    log({ step: 'streams ended', requests: drain.requests.count, connections: drain.connections })
  }
  drain.cutUpgraded()
  await closed
  await drain.requests.idle()
  await workersLeft?.()
  log({ step: 'all workers left', requests: drain.requests.count, connections: drain.connections })
}

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? String(error)) : String(error)
