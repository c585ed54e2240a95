/**
 * From what somebody outside has seen of a network to faults that look the same from there. What a recording and a HAR
 * file have in common.
 *
 * Nobody outside sees when a fault began: it is put at the departure of the first request that met it, and its end
 * between the last that did and the first that did not, or, where a kernel's repetition got through, at that.
 */
import type { Only, RequestFault } from '../faults.js'
import { data, syn } from '../retransmission.js'
import type { Step } from '../scenario.js'

/** How a request or a health check ended, as its sender saw it. */
export type End =
  /** With an answer. `newBoot`: of another process than before. */
  | { readonly type: 'good'; readonly newBoot?: boolean }
  /** With a network error, before an answer. */
  | { readonly type: 'refused' }
  /** With a network error, after a head. */
  | { readonly type: 'reset' }
  /** Not at all, for as long as it was waited for. */
  | { readonly type: 'silent' }
  /** The same, while a connection of its own worked well. */
  | { readonly type: 'forgotten' }
  /** The device had no network. `isUnsaid`: and its browser did not say so. */
  | { readonly type: 'offline'; readonly isUnsaid?: boolean }
  | { readonly type: 'portal' }
  | { readonly type: 'status'; readonly code: number; readonly retryAfter?: number }
  /** The service says that it is going. */
  | { readonly type: 'draining'; readonly retryAfter?: number }

/** One request or health check. */
export interface Sight {
  /** When it left (ms from the start). */
  readonly fromMs: number
  readonly toMs: number
  readonly end: End
  /** Which requests are alike, where that is known. */
  readonly only?: Only
  /** Of one that was slow: whether what left beside it was not. Default: nobody knows. */
  readonly isAlone?: boolean
}

/** A stretch of trouble. */
export interface Run {
  /** What went wrong, in the order in which it ended. */
  readonly bad: readonly Sight[]
  /** The first that went well again; null: none did, for as long as was looked. */
  readonly good: Sight | null
  /** When it was over at the latest (ms from the start). */
  readonly overMs: number
  /** Whether the one that is known of was silent because everything was: packets vanished. Default: nobody knows. */
  readonly isHole?: boolean
}

/** A request that took longer than the round trip by so much was slowed down (ms). */
const SLOW_MS = 250

/** What leaves so much later than one that was slow alone is not met by its lot (ms). */
const ALONE_MS = 300

/** Whether a status is trouble: refusals of the application's own are none, nor is what no simulator can answer. */
export const isTrouble = (status: number): boolean =>
  (status >= 500 && status < 600) || [408, 425, 429].includes(status)

/** No latency is longer (ms). */
export const SLOWEST_MS = 3_600_000

/** So near to a kernel's next try it is that (ms). */
const NEAR_MS = 60

/** Whether what was answered then had been repeated by its kernel, and got through at last. */
export function wasRepeated({ fromMs, toMs }: Sight, rttMs: number): boolean {
  const waitedMs = toMs - fromMs - rttMs
  const tries = [...syn.sentMs, ...data.sentMs]
  return tries.some((ms) => ms > 0 && Math.abs(ms - waitedMs) < NEAR_MS)
}

/**
 * When what had been wrong was no longer so. Between the last that failed and the first that did not nobody knows: in
 * the middle, so that neither is met by the other's lot when it leaves a little earlier or later.
 */
function endOf({ bad, good, overMs, isHole = false }: Run, rttMs: number): number {
  if (!good) return overMs
  const last = bad.at(-1)
  if (isHole && last) {
    // What left into the hole and came back got through at its end. Else it ended shortly before that left: nothing
    // had got through until then.
    const wasIn = good.toMs - good.fromMs > rttMs + SLOW_MS
    return Math.max(last.toMs + 1, wasIn ? good.toMs - rttMs : good.fromMs - NEAR_MS)
  }
  const lastMs = last?.fromMs ?? 0
  const isSilent = last?.end.type === 'silent'
  const seenMs = wasRepeated(good, rttMs) ? good.toMs - rttMs : good.fromMs
  return Math.max(lastMs + 1, isSilent ? seenMs : (lastMs + good.fromMs) / 2)
}

/** A fault for a stretch of time; nothing before the start, and never for no time. */
function during(fromMs: number, toMs: number, fault: Step['do']): Step {
  const atMs = Math.max(0, Math.round(fromMs))
  return { atMs, do: fault, forMs: Math.max(1, Math.round(toMs) - atMs) }
}

/** A browser that says nothing goes on saying so until the network is back. */
function offlineDuring(
  fromMs: number,
  toMs: number,
  { isUnsaid }: { readonly isUnsaid?: boolean },
): readonly Step[] {
  const offline = during(fromMs, toMs, { type: 'offline' })
  const lie: Step = { atMs: offline.atMs, do: { type: 'lie', onLine: true }, forMs: (offline.forMs ?? 0) + 1 }
  return isUnsaid ? [lie, offline] : [offline]
}

function faultOf(end: Exclude<End, { type: 'good' | 'offline' | 'forgotten' }>, only?: Only): RequestFault {
  const limit = only ? { only } : {}
  switch (end.type) {
    case 'refused':
      return { type: 'refuse', ...limit }
    case 'reset':
      return { type: 'reset', ...limit }
    case 'silent':
      return { type: 'blackhole', ...limit }
    case 'portal':
      return { type: 'portal', ...limit }
    case 'status':
    case 'draining': {
      const code = end.type === 'status' ? end.code : 503
      const { retryAfter } = end
      // Whoever says when to come back is the service itself.
      const told = retryAfter === undefined ? { from: 'gateway' as const } : { retryAfter }
      return { type: 'status', code, ...told, ...limit }
    }
  }
}

/** A request that failed among others that did not. */
export function stepOfOne({ fromMs, toMs, end, only }: Sight): readonly Step[] {
  switch (end.type) {
    case 'good':
      return []
    case 'forgotten':
      return [{ atMs: Math.max(0, Math.floor(fromMs) - 1), do: { type: 'lost' } }]
    case 'offline':
      return offlineDuring(fromMs, toMs, end)
    default:
      return [during(fromMs, toMs, { type: 'failTimes', n: 1, fault: faultOf(end, only) })]
  }
}

/** A stretch in which nothing went well. */
export function stepsOfRun(run: Run, rttMs: number): readonly Step[] {
  const [first] = run.bad
  if (!first) return []
  if (run.bad.length === 1 && run.good && !run.isHole) return stepOfOne(first)
  const restart = restartOf(run, first, rttMs)
  if (restart) return [restart]
  const endMs = endOf(run, rttMs)
  const parts = partsOf(run.bad)
  return parts.flatMap(({ fromMs, end }, index) => {
    const toMs = parts[index + 1]?.fromMs ?? endMs
    if (end.type === 'offline') return offlineDuring(fromMs, toMs, end)
    return [during(fromMs, toMs, faultOf(end.type === 'forgotten' ? { type: 'silent' } : end))]
  })
}

/** The process was another one afterwards, and nothing but its going was seen. */
function restartOf(run: Run, first: Sight, rttMs: number): Step | null {
  const { bad, good } = run
  if (good?.end.type !== 'good' || !good.end.newBoot) return null
  const { atMs, forMs: lengthMs = 1 } = during(first.fromMs, endOf(run, rttMs), { type: 'refuse' })
  const isGoing = ({ end }: Sight) => end.type === 'refused' || end.type === 'reset'
  if (bad.every(isGoing)) return { atMs, do: { type: 'restart.kill', downMs: lengthMs } }
  if (!bad.every((sight) => isGoing(sight) || sight.end.type === 'draining')) return null
  const gone = bad.find(isGoing)
  const drainMs = gone ? Math.min(lengthMs, Math.max(0, Math.round(gone.fromMs) - atMs)) : lengthMs
  const notice = bad.map(({ end }) => end).find((end) => end.type === 'draining')
  const told = notice?.retryAfter === undefined ? {} : { retryAfter: notice.retryAfter }
  return { atMs, do: { type: 'restart.graceful', drainMs, downMs: lengthMs - drainMs, ...told } }
}

type BadEnd = Exclude<End, { type: 'good' }>

/**
 * Reads what was seen together. A health check cannot tell a status that is not its service's from a refusal: the
 * requests beside it can; and when to come back is told to the health check.
 */
function readerOf(bad: readonly Sight[]): (end: BadEnd) => BadEnd {
  const ends = bad.map(({ end }) => end)
  const status = ends.find((end) => end.type === 'status')
  const notice = ends.find((end) => end.type === 'draining')
  const told = notice?.retryAfter === undefined ? {} : { retryAfter: notice.retryAfter }
  return (end) => {
    if (end.type === 'status') return { ...end, ...told }
    const isUnread = end.type === 'refused' || end.type === 'draining'
    return status && isUnread ? { ...status, ...told } : end
  }
}

/** What followed what. */
function partsOf(bad: readonly Sight[]): readonly { readonly fromMs: number; readonly end: BadEnd }[] {
  const read = readerOf(bad)
  const parts: { fromMs: number; end: BadEnd }[] = []
  for (const { fromMs, end } of bad) {
    if (end.type === 'good') continue
    const seen = read(end)
    const last = parts.at(-1)
    if (JSON.stringify(last?.end) === JSON.stringify(seen)) continue
    parts.push({ fromMs: Math.max(fromMs, (last?.fromMs ?? -1) + 1), end: seen })
  }
  return parts
}

/**
 * What took longer than a round trip, from its departure until the next one is known of. One that was slow alone is met
 * alone: all of it on the way there, because its answer comes after that.
 */
export function stepsOfSlow(
  answered: readonly Sight[],
  runs: readonly Run[],
  rttMs: number,
): readonly Step[] {
  const sights = [...answered].sort((one, other) => one.fromMs - other.fromMs)
  return sights.flatMap((sight, index) => {
    const { fromMs, toMs, isAlone = false } = sight
    const ms = Math.min(SLOWEST_MS, Math.round(toMs - fromMs - rttMs))
    const reachMs = isAlone ? ALONE_MS : Infinity
    const untilMs = Math.min(toMs, sights[index + 1]?.fromMs ?? Infinity, fromMs + reachMs)
    if (ms < SLOW_MS || untilMs <= fromMs || isInHole(sight, runs, rttMs)) return []
    const fault: Step['do'] = isAlone
      ? { type: 'latency', ms: Math.min(SLOWEST_MS, 2 * ms), only: { direction: 'up' } }
      : { type: 'latency', ms }
    return [during(fromMs, untilMs, fault)]
  })
}

/** Whether it waited for the end of a hole and not for its answer. */
function isInHole(sight: Sight, runs: readonly Run[], rttMs: number): boolean {
  return runs.some(({ bad, good, overMs }) => {
    const [first] = bad
    const silent = bad.some(({ end }) => ['silent', 'forgotten', 'offline'].includes(end.type))
    if (!first || !silent) return false
    if (sight === good) return wasRepeated(sight, rttMs)
    return sight.fromMs < overMs && sight.toMs > first.fromMs
  })
}
