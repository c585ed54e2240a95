/** Whether two traces of one scenario are the same, and what is not. Pure. */
import { upTo, type Moment, type RequestTrace, type Trace } from './trace.js'

/** What came of a comparison. */
export interface Comparison {
  /** What differs, in words; empty: the traces are the same. */
  readonly differences: readonly string[]
  /** The largest difference in time of what happened on both sides, in ms, and of what. */
  readonly largest: { readonly ms: number; readonly of: string }
}

/** Times may differ by the larger of these: ms, and a share of the time since the last step. */
const TOLERANCE = { ms: 150, share: 0.1 }

interface Timed {
  readonly what: string
  readonly simulatedMs: number
  readonly realMs: number
}

/**
 * Compares what was seen up to `untilMs`: the order of link states and of phases exactly, each request's
 * outcome and attempts exactly, and the times of all of them within the larger of 150 ms and a tenth of the
 * time since the last of `moments`, at which the scenario changes something; `slackMs` more where the machine
 * itself was so late in each of its measurements.
 */
export function compare(
  wholeSimulated: Trace,
  wholeReal: Trace,
  moments: readonly number[],
  untilMs: number,
  slackMs = 0,
): Comparison {
  const simulated = upTo(wholeSimulated, untilMs)
  const real = upTo(wholeReal, untilMs)
  const differences: string[] = []
  const timed: Timed[] = []
  for (const list of ['links', 'phases'] as const) {
    const [one, other] = [simulated[list], real[list]]
    const at = one.findIndex(({ what }, index) => what !== other[index]?.what)
    if (at >= 0 || one.length !== other.length) {
      const first = at < 0 ? one.length : at
      differences.push(`${list}: ${shown(one, first)} simulated, ${shown(other, first)} real`)
      continue
    }
    one.forEach(({ what, atMs }, index) =>
      timed.push({ what, simulatedMs: atMs, realMs: other[index]?.atMs ?? Infinity }),
    )
  }
  simulated.requests.forEach((one, index) => {
    const other = real.requests[index]
    const what = `request ${one.number}`
    if (!other || endOf(one) !== endOf(other)) {
      differences.push(`${what}: ${endOf(one)} simulated, ${other ? endOf(other) : 'nothing'} real`)
    } else if (one.settledMs !== null && other.settledMs !== null) {
      timed.push({ what, simulatedMs: one.settledMs, realMs: other.settledMs })
    }
  })
  for (const one of timed) {
    const ms = differenceOf(one)
    if (ms > allowedMs(one.simulatedMs, moments) + slackMs) {
      differences.push(`${one.what}: at ${one.simulatedMs} ms simulated, at ${one.realMs} ms real`)
    }
  }
  const largest = timed.reduce((most, one) => (differenceOf(one) > differenceOf(most) ? one : most), NOTHING)
  return { differences, largest: { ms: differenceOf(largest), of: largest.what } }
}

const NOTHING: Timed = { what: 'nothing', simulatedMs: 0, realMs: 0 }

const differenceOf = ({ simulatedMs, realMs }: Timed): number => Math.abs(simulatedMs - realMs)

const endOf = ({ method, outcome, attempts }: RequestTrace): string =>
  `${method} ${outcome} after ${attempts} attempt${attempts === 1 ? '' : 's'}`

/** How far apart the times of something may be that happened at `atMs`, after the last of `moments`; in ms. */
export function allowedMs(atMs: number, moments: readonly number[]): number {
  const last = moments.filter((moment) => moment <= atMs).at(-1) ?? atMs
  return Math.max(TOLERANCE.ms, TOLERANCE.share * (atMs - last))
}

/** A list around the place where it differs from the other. */
function shown(list: readonly Moment[], at: number): string {
  const around = list.slice(Math.max(0, at - 1), at + 3)
  return around.map(({ atMs, what }) => `${what} at ${atMs}`).join(', ') || 'nothing more'
}
