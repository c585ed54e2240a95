/** What a recording saw: its stretches of trouble, what failed in between, and what was slow. */
import type { LinkLine, RecordedLine, Recording, RequestLine } from '../../src/recorder/recording.js'
import type { Only } from '../faults.js'
import { isTrouble, wasRepeated, type End, type Run, type Sight } from './steps.js'

/** What was seen. */
export interface Seen {
  /** The round trip when all was well (ms). */
  readonly rttMs: number
  readonly runs: readonly Run[]
  /** What failed while the link was up. */
  readonly singles: readonly Sight[]
  /** What was answered, with the time that it took. */
  readonly answered: readonly Sight[]
  /** When the browser said that it had no network, from when to when. */
  readonly offline: readonly { readonly fromMs: number; readonly toMs: number }[]
  /** When a token was refused. */
  readonly refusedAt: readonly number[]
}

/** Without a health check that went well nobody knows: the simulator's own (ms). */
const UNKNOWN_RTT_MS = 40

/** The watch over requests calls it silence after so long (ms; docs/spec/architecture.md, "Holding"). */
const WATCHDOG_MS = 3_000

/** A request that is silent for so long is ended by the kit (ms; `stalledMs`). */
const STALLED_MS = 60_000

/**
 * When a request left is not written down: a fault begins a little before it must have arrived, so that it meets this
 * one and not one before it (of a round trip before its end).
 */
const ARRIVES = 0.6

/**
 * Where everything failed, the first may have been on its way for longer: on a kept connection the browser has sent it
 * again by itself (of a round trip).
 */
const SENT_AGAIN = 2.2

/** What fails so soon has not left the device (of a round trip). */
const AT_ONCE = 0.25

/** Consequences, not failures: nothing was seen of the network. */
const NO_NEWS: readonly string[] = ['lost', 'stopped', 'paused', 'signed-out', 'held-too-long', 'hold-full']

/** Reads a recording. */
export function readRecording({ lines, lengthMs }: Recording): Seen {
  const links = lines.filter((line) => line.what === 'link')
  const probes = probesOf(links)
  const good = probes.filter(({ end }) => end.type === 'good')
  const rttMs = Math.max(1, Math.min(...good.map(({ fromMs, toMs }) => toMs - fromMs), Infinity))
  const knownMs = Number.isFinite(rttMs) ? rttMs : UNKNOWN_RTT_MS
  const silences = silencesOf(lines)
  const failed = failedRequests(lines, knownMs)
  const runs: Run[] = []
  const singles: Sight[] = []
  let bad: Sight[] | null = null
  for (const [at, line] of lines.entries()) {
    const request = failed.get(line)
    if (request) (bad ?? singles).push(request)
    if (line.what !== 'link') continue
    const isWell = line.link === 'online' || line.link === 'idle'
    if (isWell && !bad) continue
    bad ??= []
    const probe = probes.find(({ toMs, end }) => toMs === line.atMs && end.type !== 'good')
    if (probe && !bad.includes(probe)) bad.push(probe)
    // The request that made it suspect says so itself, in the line after this one.
    const next = lines[at + 1]
    const isTold = next !== undefined && next.atMs === line.atMs && failed.has(next)
    if (line.event === 'SUSPICION' && !isTold) bad.push(suspicionOf(line, silences, knownMs))
    if (!isWell) continue
    const end = line.link === 'online' ? (goodOf(line, probes) ?? null) : null
    runs.push({ bad, good: end, overMs: line.atMs })
    bad = null
  }
  if (bad) runs.push({ bad, good: null, overMs: lengthMs })
  return {
    rttMs: knownMs,
    runs: runs.map((run) => sentAgain(atOnce(forgetting(run, silences, knownMs), knownMs), knownMs)),
    singles: singles.map((sight) => leftEarly(sight, knownMs)),
    answered: [...good, ...slowOnes(silences, runs)],
    offline: offlineOf(links, lengthMs),
    refusedAt: links.filter(({ event }) => event === 'UNAUTHORIZED').map(({ atMs }) => atMs),
  }
}

/** The health checks, each from the change with which it went out to the one that its answer made. */
function probesOf(links: readonly LinkLine[]): readonly Sight[] {
  const sights: Sight[] = []
  let fromMs: number | null = null
  for (const line of links) {
    const end = endOfProbe(line)
    if (end && fromMs !== null) sights.push({ fromMs, toMs: line.atMs, end })
    if (end) fromMs = null
    if (line.probe) fromMs = line.atMs
  }
  return sights
}

function endOfProbe({ event, seen, link, hintMs, newBoot }: LinkLine): End | null {
  switch (event) {
    case 'PROBE_OK':
      return { type: 'good', newBoot: newBoot === true }
    case 'PROBE_FAILED':
      return { type: seen === 'portal' ? 'portal' : seen === 'timeout' ? 'silent' : 'refused' }
    case 'NOTICE':
      return { type: 'draining', ...afterOf(hintMs) }
    case 'TIMER':
      return link === 'waiting' || link === 'stopped' ? { type: 'silent' } : null
    default:
      return null
  }
}

const afterOf = (hintMs: number | undefined) =>
  hintMs === undefined ? {} : { retryAfter: Math.ceil(hintMs / 1000) }

/** What the link took for the end of its trouble. */
function goodOf(line: LinkLine, probes: readonly Sight[]): Sight | undefined {
  if (line.event !== 'GOOD_ANSWER') {
    return probes.find(({ toMs, end }) => toMs === line.atMs && end.type === 'good')
  }
  const { startedMs, atMs, newBoot } = line
  return { fromMs: startedMs ?? atMs, toMs: atMs, end: { type: 'good', newBoot: newBoot === true } }
}

/** What made the link suspect, where no request says so itself. */
function suspicionOf({ atMs, seen, hintMs }: LinkLine, silences: readonly Sight[], rttMs: number): Sight {
  if (seen === 'timeout') {
    const known = silences.find(({ fromMs, toMs }) => fromMs < atMs && toMs >= atMs)
    return { fromMs: known?.fromMs ?? atMs - WATCHDOG_MS, toMs: atMs, end: { type: 'silent' } }
  }
  const fromMs = atMs - rttMs
  if (seen === 'planned') return { fromMs, toMs: atMs, end: { type: 'draining', ...afterOf(hintMs) } }
  return { fromMs, toMs: atMs, end: { type: seen === 'portal' ? 'portal' : 'refused' } }
}

/** The requests that failed by themselves, each by the first line that its attempt has. */
function failedRequests(lines: Recording['lines'], rttMs: number): ReadonlyMap<RecordedLine, Sight> {
  const known = new Set<string>()
  const failed = new Map<RecordedLine, Sight>()
  for (const line of lines) {
    if (line.what !== 'request' || line.attempt === 0) continue
    const attempt = `${line.id}/${line.attempt}`
    const end = known.has(attempt) ? null : endOfRequest(line)
    known.add(attempt)
    const fromMs = line.atMs - ARRIVES * rttMs
    if (end) failed.set(line, { fromMs, toMs: line.atMs, end, only: onlyOf(line) })
  }
  return failed
}

function endOfRequest({ why, status }: RequestLine): End | null {
  if (NO_NEWS.includes(why)) return null
  if (why === 'stalled' || why === 'attempt-timeout') return { type: 'forgotten' }
  if (status === undefined) return { type: 'refused' }
  // A success that was none: a page in place of data, or half of it.
  if (status < 400) return { type: 'portal' }
  return isTrouble(status) ? { type: 'status', code: status } : null
}

function onlyOf({ method, route }: RequestLine): Only {
  return { ...(method === 'OTHER' ? {} : { method }), ...(route === null ? {} : { path: route }) }
}

/** From when to when the oldest request was silent. One that was not over when the recording ended is `silent`. */
function silencesOf(lines: Recording['lines']): readonly Sight[] {
  const sights: Sight[] = []
  let fromMs: number | null = null
  for (const line of lines) {
    if (line.what !== 'silence' || line.sinceMs === fromMs) continue
    if (fromMs !== null) sights.push({ fromMs, toMs: line.atMs, end: { type: 'good' } })
    fromMs = line.sinceMs
  }
  if (fromMs !== null) sights.push({ fromMs, toMs: Infinity, end: { type: 'silent' } })
  return sights
}

/**
 * Those that were answered in the end. The recorder names each that is silent for a second, so that one that made
 * nobody suspicious was slow alone.
 */
function slowOnes(silences: readonly Sight[], runs: readonly Run[]): readonly Sight[] {
  const suspicious = new Set(runs.flatMap(({ bad }) => bad.map(({ fromMs }) => fromMs)))
  return silences
    .filter(({ end }) => end.type === 'good')
    .map((sight) => ({ ...sight, isAlone: !suspicious.has(sight.fromMs) }))
}

/**
 * A request was silent, and the health check beside it was answered. If it was answered, too, it was only slow; if it
 * never was, or only ended by the kit, the path had forgotten its connection.
 */
function forgetting(run: Run, silences: readonly Sight[], rttMs: number): Run {
  const [first, ...others] = run.bad
  if (first?.end.type !== 'silent' || others.length > 0 || !run.good) return run
  const silence = silences.find(({ fromMs }) => fromMs === first.fromMs)
  if (silence?.end.type === 'good' && wasRepeated(silence, rttMs)) return { ...run, isHole: true }
  const isSlow = silence?.end.type === 'good' && silence.toMs - silence.fromMs < STALLED_MS
  return { ...run, bad: isSlow ? [] : [{ ...first, end: { type: 'forgotten' } }] }
}

/** Health checks that fail at once have not left the device, nor had the request that made the link suspect. */
function atOnce(run: Run, rttMs: number): Run {
  const isLocal = ({ fromMs, toMs, end, only }: Sight) =>
    end.type === 'refused' && only === undefined && toMs - fromMs < AT_ONCE * rttMs
  if (!run.bad.some(isLocal)) return run
  const bad = run.bad.map((sight): Sight =>
    sight.end.type === 'refused'
      ? { ...sight, fromMs: sight.toMs, end: { type: 'offline', isUnsaid: true } }
      : sight,
  )
  return { ...run, bad }
}

/** The first request of a stretch of trouble left as early as it can have. */
function sentAgain(run: Run, rttMs: number): Run {
  const [first, ...others] = run.bad
  return first ? { ...run, bad: [leftEarly(first, rttMs), ...others] } : run
}

/** One that was refused may have been on its way for longer: the browser may have sent it again by itself. */
function leftEarly(sight: Sight, rttMs: number): Sight {
  return sight.end.type === 'refused' ? { ...sight, fromMs: sight.toMs - SENT_AGAIN * rttMs } : sight
}

function offlineOf(links: readonly LinkLine[], lengthMs: number): Seen['offline'] {
  const spans: { fromMs: number; toMs: number }[] = []
  for (const { event, atMs } of links) {
    const last = spans.at(-1)
    if (event === 'NAV_OFFLINE') spans.push({ fromMs: atMs, toMs: lengthMs })
    else if (event === 'NAV_ONLINE' && last) last.toMs = Math.min(last.toMs, atMs)
  }
  return spans
}
