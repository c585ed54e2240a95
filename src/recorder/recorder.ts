/** Writes down what a connection lives through (B12, B13). Nothing of it could be a secret: see recording.ts. */
import { badOption, checkKeys, checkNumber } from '../core/errors.js'
import { followOutages } from '../core/outages.js'
import type { Connection, ConnectionEvent, ConnectionState, FactSource, Stop } from '../core/state.js'
import type { LogLine } from '../http/log.js'
import type { LinkLine, RecordedLine, Recording } from './recording.js'
import { checkRoutes, createNamer } from './route.js'

/** Options of `createRecorder`. */
export interface RecorderOptions {
  /** What is listened to. Required. */
  connection: Connection
  /** What else knows something: what `attachHttp` or `attachFetch` returned, for slow requests. Default: nothing. */
  sources?: readonly FactSource[]
  /**
   * The paths of the service that may be named, such as `/orders` or `/orders/*` (with a star at the end: whatever
   * begins so). A request is written down by the first that it fits, else without a path: what is in a path may be
   * a secret. Default: none.
   */
  routes?: readonly string[]
  /**
   * Hears of each outage once it is over, with the part of the recording that tells of it: from 10 s before its first
   * suspicion until the link was up. Default: nobody does.
   */
  onOutage?: (recording: Recording) => void
  /** How many lines are kept; the oldest go first. Default: 5,000, about 0.7 MB. */
  maxLines?: number
}

/** A recorder that runs. */
export interface Recorder {
  /** For `attachHttp({ log: recorder.log })`: what became of requests. */
  readonly log: (line: LogLine) => void
  /**
   * What was recorded, as plain data of its own.
   *
   * @param since only what came after this instant (epoch ms), such as a minute before an outage's `since`. Default:
   *   everything.
   */
  recording(since?: number): Recording
  /** Ends it; what was recorded stays. */
  stop(): void
}

const OPTIONS = ['connection', 'sources', 'routes', 'onOutage', 'maxLines']

/** What led to it (ms). */
const LEAD_MS = 10_000

/**
 * Begins to record.
 * @throws `bad-option`
 */
export function createRecorder(options: RecorderOptions): Recorder {
  checkKeys('createRecorder', options, OPTIONS)
  const { connection, sources = [], routes = [], onOutage, maxLines = 5000 } = options
  if (typeof connection?.subscribe !== 'function') {
    throw badOption('createRecorder.connection', connection, 'a connection')
  }
  checkNumber('createRecorder.maxLines', maxLines, 1, 1_000_000)
  checkRoutes(routes)
  if (onOutage !== undefined && typeof onOutage !== 'function') {
    throw badOption('createRecorder.onOutage', onOutage, 'a function')
  }
  const { clock } = connection
  const nameOf = createNamer(routes)
  const startedAt = clock.now()
  const lines: RecordedLine[] = []
  let dropped = 0
  let lastMs = 0
  let before = connection.state
  let state: 'recording' | 'stopped' = 'recording'

  const since = (at: number): number => Math.round(at - startedAt)
  const now = (): number => since(clock.now())
  const write = (line: RecordedLine): void => {
    if (state === 'stopped') return
    // A system clock can be put back; what came later is told later all the same.
    lastMs = Math.max(lastMs, line.atMs)
    lines.push(line.atMs < lastMs ? { ...line, atMs: lastMs } : line)
    // In one go, so that a full recorder does not move everything with each line.
    if (lines.length >= 2 * maxLines) dropped += lines.splice(0, lines.length - maxLines).length
  }

  const stops: Stop[] = [
    connection.subscribe((after, event) => {
      write(lineOf(before, after, event, since, clock.now()))
      before = after
    }),
    ...sources.map((source) => {
      let told: number | null = null
      return source.subscribe(({ pendingSince = told }) => {
        if (pendingSince === told) return
        told = pendingSince
        write({ what: 'silence', atMs: now(), sinceMs: told === null ? null : since(told) })
      })
    }),
  ]

  const recording = (from = startedAt): Recording => {
    const fromMs = Math.max(0, since(from))
    const kept = lines.slice(-maxLines)
    return {
      kind: 'holdfast-recording',
      version: 1,
      startedAt: startedAt + fromMs,
      lengthMs: Math.max(0, now() - fromMs),
      lines: kept.filter(({ atMs }) => atMs >= fromMs).map((line) => moved(line, fromMs)),
      dropped: dropped + lines.length - kept.length,
    }
  }
  // After its own subscription, so that the end of an outage is written down before it is told.
  if (onOutage !== undefined) {
    stops.push(followOutages(connection, (outage) => onOutage(recording(outage.since - LEAD_MS))))
  }

  return {
    log({ at, id, request, decision, why, attempt, delayMs, status }) {
      write({
        what: 'request',
        atMs: since(at),
        id,
        ...nameOf(request),
        decision,
        why,
        attempt,
        ...(delayMs === undefined ? {} : { delayMs: Math.round(delayMs) }),
        ...(status === undefined ? {} : { status }),
      })
    },
    recording,
    stop() {
      state = 'stopped'
      for (const stop of stops.splice(0).reverse()) stop()
    },
  }
}

/** What a change of the connection was, in numbers and words of closed lists. */
function lineOf(
  before: ConnectionState,
  after: ConnectionState,
  event: ConnectionEvent,
  since: (at: number) => number,
  at: number,
): LinkLine {
  const { link, auth } = after
  const { boot, lastProbeAt } = link.memory
  const was = before.link.memory
  const hintMs = 'retryAfterMs' in event ? event.retryAfterMs : 'hintMs' in event ? event.hintMs : undefined
  return {
    what: 'link',
    atMs: since(at),
    event: event.type,
    link: link.name,
    cause: 'cause' in link ? link.cause : null,
    auth,
    ...('cause' in event ? { seen: event.cause } : {}),
    ...(hintMs === undefined ? {} : { hintMs: Math.round(hintMs) }),
    ...('startedAt' in event ? { startedMs: since(event.startedAt) } : {}),
    ...(link.name !== 'waiting' && lastProbeAt !== was.lastProbeAt ? { probe: true as const } : {}),
    ...(was.boot !== null && boot !== was.boot ? { newBoot: true as const } : {}),
  }
}

/** Counted from a later beginning. */
function moved(line: RecordedLine, byMs: number): RecordedLine {
  const atMs = line.atMs - byMs
  if (line.what === 'silence' && line.sinceMs !== null) return { ...line, atMs, sinceMs: line.sinceMs - byMs }
  if (line.what === 'link' && line.startedMs !== undefined)
    return { ...line, atMs, startedMs: line.startedMs - byMs }
  return { ...line, atMs }
}
