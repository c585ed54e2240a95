/** Which requests a run makes and when; and whether anything happens too close to a step to be told apart. */
import type { FaultType } from '../../mocks/faults.js'
import type { Scenario } from '../../mocks/scenario.js'
import { data, type Retransmission, syn } from '../../mocks/retransmission.js'
import { edgesOf, momentsOf } from './shorten.js'
import type { Moment, Trace } from './trace.js'

/** A request of the workload. */
export interface PlannedRequest {
  readonly number: number
  readonly method: 'GET' | 'POST'
  /** From the scenario's start. */
  readonly atMs: number
}

/** Nothing is sent so close to a step, so that no two machines can disagree about which came first. */
export const MARGIN_MS = 300

/** The same for what a kernel repeats: it does so each 1.02 s. */
export const KERNEL_MARGIN_MS = 200

/** A request each so many ms, and each second one is a write. */
const EVERY_MS = 1_200
/** Requests go on for so long after the last step. */
const AFTER_MS = 3_000

/** One way of several to load a scenario, so that there is one in which nothing comes too close to a step. */
export interface Variant {
  /** Of the kit's chance and of the scenario's luck, the same on both sides. */
  readonly seed: number
  /** When the first request is made. */
  readonly firstMs: number
}

/** The variants, in the order in which they are tried. */
export const variants: readonly Variant[] = Array.from({ length: 80 }, (_, number) => ({
  seed: number + 1,
  firstMs: 300 + ((number * 130) % EVERY_MS),
}))

/**
 * Requests at a steady rate, but for those that a step would come too close to; and one about in the middle of
 * each stretch that is long enough for one and would have none.
 */
export function planOf(scenario: Scenario, { firstMs }: Variant): readonly PlannedRequest[] {
  const moments = momentsOf(scenario)
  const holes = holesOf(scenario)
  const untilMs = (moments.at(-1) ?? 0) + AFTER_MS
  const isFree = (atMs: number) =>
    !moments.some((moment) => Math.abs(moment - atMs) < MARGIN_MS) && !isRepeatedAtEnd(atMs, holes)
  const steady: number[] = []
  for (let atMs = firstMs; atMs <= untilMs; atMs += EVERY_MS) if (isFree(atMs)) steady.push(atMs)
  const between = moments.slice(1).flatMap((to, index) => {
    const from = moments[index] ?? 0
    return steady.some((atMs) => atMs > from && atMs < to) ? [] : middleOf(from, to, isFree)
  })
  return [...steady, ...between]
    .sort((one, other) => one - other)
    .map((atMs, index) => ({ number: index + 1, method: index % 2 === 0 ? 'GET' : 'POST', atMs }))
}

/** The free instant that is nearest to the middle, if there is one. */
function middleOf(from: number, to: number, isFree: (atMs: number) => boolean): readonly number[] {
  const middle = Math.round((from + to) / 2)
  for (let aside = 0; aside < (to - from) / 2; aside += 10) {
    const free = [middle - aside, middle + aside].find(isFree)
    if (free !== undefined) return [free]
  }
  return []
}

/**
 * Whatever left the application too close to a step, so that two machines might disagree about which came
 * first; empty: the trace can be compared. What a step itself sets off comes after it in any case: that is so
 * where the device is told, and where kernels send again what they held.
 */
export function tooClose(scenario: Scenario, { departures }: Trace): readonly Moment[] {
  const moments = momentsOf(scenario)
  const holes = holesOf(scenario)
  const told = new Set(scenario.steps.filter((step) => step.do.type === 'offline').flatMap(edgesOf))
  const ends = new Set(holes.map(({ to }) => to))
  const afterMs = (moment: number) => (told.has(moment) ? 0 : ends.has(moment) ? KERNEL_MARGIN_MS : MARGIN_MS)
  const isClose = (atMs: number) =>
    moments.some((moment) => atMs > moment - MARGIN_MS && atMs < moment + afterMs(moment))
  return departures.filter(({ atMs }) => isClose(atMs) || isRepeatedAtEnd(atMs, holes))
}

/** A stretch in which packets vanish, in ms from the scenario's start. */
export interface Hole {
  readonly from: number
  readonly to: number
}

/** The black holes of a scenario; for what is open, also the times in which the device has no network. */
export function holesOf({ steps }: Scenario, silent: readonly FaultType[] = ['blackhole']): readonly Hole[] {
  return steps.flatMap(({ atMs, do: action, forMs }) =>
    silent.some((type) => type === action.type) && forMs !== undefined
      ? [{ from: atMs, to: atMs + forMs }]
      : [],
  )
}

/** Whether a kernel repeats what was sent into a hole at about the moment at which that ends. */
export function isRepeatedAtEnd(
  atMs: number,
  holes: readonly Hole[],
  kernels: readonly Retransmission[] = [syn, data],
): boolean {
  return holes
    .filter(({ from, to }) => atMs >= from && atMs < to)
    .some(({ to }) =>
      kernels
        .flatMap(({ sentMs }) => sentMs)
        .some((afterMs) => Math.abs(atMs + afterMs - to) < KERNEL_MARGIN_MS),
    )
}
