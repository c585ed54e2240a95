/**
 * Ends a process in order. Signals, the deadline, the second signal and errors nobody caught are
 * close-with-grace's; the order of the steps, and that each leaves one line in the log, is ours.
 */
import type { Server } from 'node:http'
import closeWithGrace from 'close-with-grace'
import { type Drain, createDrain } from './drain.ts'
import type { Log } from './log.ts'

/** Options of a graceful shutdown. */
export interface GracefulShutdownOptions {
  /**
   * How long, in ms, connections are still taken after health has turned 503. A balancer learns of it a few
   * seconds late; without one 0 will do. Default 0.
   */
  readonly preStopMs?: number
  /** Counted from the signal, in ms: whatever is left then is cut, and the exit code is 1. Default 30 000. */
  readonly shutdownTimeoutMs?: number
  /** The first step: health says 503 from now on. Must not throw. */
  readonly onDraining?: () => void
  /** Waits for work that outlives its request. Default: there is none. */
  readonly workersLeft?: () => Promise<void>
  /** The last step before exit: give back the database and other handles. Synchronous, so that it also runs when forced. */
  readonly release?: () => void
  /** Gets one line a step. Default: nobody. */
  readonly log?: Log
}

/** Signals at whose arrival no JavaScript can run safely; and SIGUSR2, which is the debugger's and profiler's. */
const NOT_OURS = ['SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV', 'SIGUSR2'] as const

/**
 * Arranges that SIGTERM and SIGINT end the process in this order: health 503 and `Connection: close` ·
 * `preStopMs` · no new connections · requests and workers finish · handles released · exit.
 *
 * Exit code 0: everything finished. 1: forced, by the deadline or by a second signal, or an error; the last
 * line of the log tells which. SIGKILL cannot be caught. Call it before the server listens.
 */
export function gracefulShutdown(
  server: Server,
  options: GracefulShutdownOptions = {},
): { stop(): void; drain: Drain } {
  const { preStopMs = 0, shutdownTimeoutMs = 30_000, release, log = () => {} } = options
  const drain = createDrain(server)
  let signalledAt = 0
  const left = () => ({ requests: drain.requests.count, connections: drain.connections })
  const tookMs = () => Math.round(performance.now() - signalledAt)

  function force(why: string) {
    log({ step: 'forced', why, tookMs: tookMs(), ...left() })
    drain.destroy()
    release?.()
    log({ step: 'exit', code: 1 })
  }

  const grace = closeWithGrace(
    {
      delay: shutdownTimeoutMs,
      logger: false,
      skip: [...NOT_OURS],
      onTimeout: () => force('deadline'),
      onSecondSignal: (signal) => force(`second signal ${signal}`),
      onSecondError: (error) => force(`error while ending: ${String(error)}`),
    },
    async ({ signal, err }) => {
      signalledAt = performance.now()
      log(
        err
          ? { step: 'uncaught', error: String(err.stack), ...left() }
          : { step: 'signal', signal, ...left() },
      )
      await drainInOrder(drain, { ...options, preStopMs, log })
      release?.()
      log({ step: 'handles released' })
      log({ step: 'exit', code: err ? 1 : 0, tookMs: tookMs() })
    },
  )
  return { stop: grace.uninstall, drain }
}

async function drainInOrder(
  drain: Drain,
  { preStopMs, onDraining, workersLeft, log }: GracefulShutdownOptions & { preStopMs: number; log: Log },
): Promise<void> {
  onDraining?.()
  drain.announce()
  log({ step: 'draining', preStopMs })
  if (preStopMs > 0) await new Promise((resolve) => setTimeout(resolve, preStopMs))

  const closed = drain.close()
  log({ step: 'no new requests', requests: drain.requests.count, connections: drain.connections })
  await closed
  await drain.requests.idle()
  await workersLeft?.()
  log({ step: 'all workers left' })
}
