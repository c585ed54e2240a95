/**
 * `holdfast/chunks`: parts of the application that are loaded when they are needed (B21). One that cannot be loaded is a
 * suspicion like any other; its import is held and tried again, and what the server no longer has means that there is a
 * new version, which is offered and never forced on anybody.
 */
import { sleep, systemClock, systemRandom, type Clock, type Random } from '../core/clock.js'
import { checkKeys, checkNumber } from '../core/errors.js'
import { exponential, type Schedule } from '../core/schedule.js'
import type { Connection, ConnectionState, Facts, FactSource, Signal, Stop } from '../core/state.js'
import { failedChunk, type FailedChunk } from './chunk-error.js'
import { lookAt, watchStyles, type BrokenStyles, type ChunkLook } from './chunk-look.js'

/** Options of `chunkSignal`. */
export interface ChunkSignalOptions {
  /**
   * An import is held and tried again for so long at most, in ms, from 0 to 10 minutes; then it rejects with the
   * browser's own error. Default: 30,000: who has gone on to something else meanwhile shall not be taken away from it.
   */
  holdMs?: number
  /** The waits between tries while the link is up. Default: 1, 2, 4, 8 s, the jitter full. */
  schedule?: Schedule
  /**
   * Whether there is a new version, where the browser does not say what could not be loaded (Safari) or the answer is
   * not to be had from there. Default: the failed file is looked at, or else the page's own first script: 404, 410 or a
   * page in its place means yes.
   */
  look?: (url: string | null) => Promise<ChunkLook>
  /** Default: the global one, looked up at each use. */
  fetch?: typeof globalThis.fetch
}

/** The signal, the wrapper of imports, and what the status is told. */
export interface ChunkSignal extends Signal, FactSource {
  /**
   * Wraps an import: `component: chunks.lazy(() => import('./Reports.vue'))`, for routes and async components.
   * Each call imports; it resolves with the module, or rejects with the browser's error as soon as the server is known
   * not to have it, or after `holdMs`.
   */
  lazy<T>(importer: () => Promise<T>): () => Promise<T>
  /**
   * An import that nobody has wrapped has failed: for `router.onError(chunks.failed)`. What Vite's loader meets is heard
   * without it. Says whether it was one.
   */
  failed(error: unknown): boolean
}

/** A first answer that takes longer is a suspicion: a hanging import says nothing by itself (ms). */
const SILENT_MS = 3_000
const LONGEST_HOLD_MS = 600_000

/**
 * Makes the signal. Hand it to `createConnection({ signals })` and to `createStatus({ sources })`; it works on the
 * connection that it listens for, and without one it only tries again.
 *
 * @throws `bad-option` for an unknown or impossible option
 */
export function chunkSignal(options: ChunkSignalOptions = {}): ChunkSignal {
  checkKeys('chunkSignal', options, ['holdMs', 'schedule', 'look', 'fetch'])
  const { holdMs = 30_000 } = options
  checkNumber('chunkSignal.holdMs', holdMs, 0, LONGEST_HOLD_MS)
  const schedule = options.schedule ?? exponential({ baseMs: 1_000, capMs: 8_000, jitter: 'full' })
  const look = options.look ?? lookAtPage
  const page = () => globalThis.document
  const listeners = new Set<(facts: Partial<Facts>) => void>()
  let connection: Connection | null = null
  let styles: BrokenStyles | null = null
  let newVersionAt: number | null = null
  /** Imports under way that are wrapped, and errors of those that have failed: what others say of them is no news. */
  let wrapped = 0
  const known = new WeakSet<object>()

  const clock = (): Clock => connection?.clock ?? systemClock
  const random = (): Random => connection?.random ?? systemRandom
  const suspect = (cause: 'server' | 'timeout') => connection?.send({ type: 'SUSPICION', cause })

  function lookAtPage(url: string | null): Promise<ChunkLook> {
    const target = url ?? page()?.querySelector<HTMLScriptElement>('script[type=module][src]')?.src
    return target ? lookAt(target, clock(), options.fetch ?? globalThis.fetch) : Promise.resolve('unwell')
  }

  /** What the server has of it; a new version is told. */
  async function seek(chunk: FailedChunk): Promise<ChunkLook> {
    const seen = await look(chunk.url)
    if (seen === 'gone') {
      newVersionAt = clock().now()
      for (const listener of [...listeners]) listener({ newVersionAt })
    }
    return seen
  }

  async function load<T>(importer: () => Promise<T>): Promise<T> {
    const cancel = clock().setTimeout(() => suspect('timeout'), SILENT_MS)
    wrapped++
    try {
      return await importer()
    } catch (error) {
      const chunk = failedChunk(error, page()?.baseURI)
      if (!chunk) throw error
      cancel()
      known.add(error as Error)
      suspect('server')
      return await again(importer, chunk, error)
    } finally {
      cancel()
      wrapped--
    }
  }

  /** Holds it, and tries again whenever somebody can answer; at the end the first error is the caller's. */
  async function again<T>(importer: () => Promise<T>, chunk: FailedChunk, first: unknown): Promise<T> {
    const timeIsUp = new AbortController()
    const cancel = clock().setTimeout(() => timeIsUp.abort(first), holdMs)
    const unwant = connection?.want()
    try {
      for (let step = 0; ; step++) {
        await answered(connection, timeIsUp.signal)
        if (connection?.state.intent === 'offline') throw first
        const seen = await seek(chunk)
        if (seen === 'gone') throw first
        if (seen === 'there' && ((await styles?.mend()) ?? true)) {
          try {
            return await importer()
          } catch (error) {
            if (!failedChunk(error, page()?.baseURI)) throw error
          }
        }
        await sleep(clock(), schedule.delay(step, random().next(), 0), timeIsUp.signal)
      }
    } finally {
      cancel()
      unwant?.()
    }
  }

  /** Nobody waits for it any more: only whether there is a new version is still to be found out. */
  function failed(error: unknown): boolean {
    const chunk = failedChunk(error, page()?.baseURI)
    if (!chunk || wrapped > 0 || known.has(error as Error)) return chunk !== null
    suspect('server')
    const timeIsUp = new AbortController()
    const cancel = clock().setTimeout(() => timeIsUp.abort(error), holdMs)
    void answered(connection, timeIsUp.signal)
      .then(() => seek(chunk))
      .catch(() => {})
      .finally(cancel)
    return true
  }

  const signal: Signal = (_send, ports) => {
    connection = ports.connection ?? null
    const own = (styles = watchStyles(page(), () => wrapped > 0))
    const heard = (event: Event) => failed('payload' in event ? event.payload : null)
    globalThis.addEventListener?.('vite:preloadError', heard)
    const stop: Stop = () => {
      globalThis.removeEventListener?.('vite:preloadError', heard)
      own.stop()
      connection = null
    }
    return stop
  }

  return Object.assign(signal, {
    lazy:
      <T>(importer: () => Promise<T>) =>
      () =>
        load(importer),
    failed,
    subscribe(listener: (facts: Partial<Facts>) => void) {
      listeners.add(listener)
      listener({ newVersionAt })
      return () => void listeners.delete(listener)
    },
  })
}

/** Resolves when the verdict is not that nobody can answer; rejects with the signal's reason. */
function answered(connection: Connection | null, signal: AbortSignal): Promise<void> {
  const isAnswered = ({ link, intent }: ConnectionState) =>
    link.name === 'online' || link.name === 'idle' || intent === 'offline'
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error)
    if (!connection || isAnswered(connection.state)) return resolve()
    const late = () => {
      unsubscribe()
      reject(signal.reason as Error)
    }
    const unsubscribe = connection.subscribe((state) => {
      if (!isAnswered(state)) return
      unsubscribe()
      signal.removeEventListener('abort', late)
      resolve()
    })
    signal.addEventListener('abort', late)
  })
}

export type { ChunkLook } from './chunk-look.js'
