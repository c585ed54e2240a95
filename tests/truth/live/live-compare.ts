/** Whether two traces of raw clients are the same, and what is not. Pure. */
import { allowedMs, type Comparison } from '../compare.js'
import type { Happening, LiveTrace } from './diary.js'

/** Of what is told in the table, in characters. */
const LONGEST_NAME = 40

interface Pair {
  readonly simulated: Happening
  readonly real: Happening
}

/** What was seen at that instant, connection by connection: two may speak at the same time. */
const upTo = (happenings: readonly Happening[], untilMs: number): readonly Happening[] =>
  happenings.filter(({ atMs }) => atMs <= untilMs).sort((one, other) => one.on - other.on)

const wordsOf = ({ on, what, hintMs }: Happening): string => `${on} ${what}${hintMs === null ? '' : ', when'}`

/** What one client has seen, without the times. */
export const wordsUpTo = (happenings: readonly Happening[], untilMs: number): readonly string[] =>
  upTo(happenings, untilMs).map(wordsOf)

/**
 * Compares what one client has seen up to `untilMs`: of each connection its happenings in order and content exactly
 * (events, frames, codes, reasons, cleanness, cursors); their times, and what it was told of times, within the
 * larger of 150 ms and a tenth; `slackMs` more where the machine itself was so late in each of its measurements.
 */
export function compareClient(
  name: string,
  traces: { readonly simulated: LiveTrace<string>; readonly real: LiveTrace<string> },
  moments: readonly number[],
  untilMs: number,
  slackMs = 0,
): Comparison {
  const simulated = upTo(traces.simulated.seen[name] ?? [], untilMs)
  const real = upTo(traces.real.seen[name] ?? [], untilMs)
  const others = real.map(wordsOf)
  const at = simulated.findIndex((one, index) => wordsOf(one) !== others[index])
  const pairs = simulated.flatMap((one, index): readonly Pair[] => {
    const other = real[index]
    return other ? [{ simulated: one, real: other }] : []
  })
  const known = at < 0 ? pairs : pairs.slice(0, at)
  const differences = known.flatMap((pair) => whyApart(name, pair, moments, slackMs))
  if (at >= 0 || simulated.length !== real.length) {
    const first = at < 0 ? simulated.length : at
    differences.unshift(`${name}: ${shown(simulated, first)} simulated, ${shown(real, first)} real`)
  }
  if (rowsOf(traces.simulated, untilMs) !== rowsOf(traces.real, untilMs)) {
    const rows = Object.values(traces).map((trace) => rowsOf(trace, untilMs))
    differences.push(`places in the row: ${rows.join(' simulated, ')} real`)
  }
  const largest = known.reduce(
    (most, { simulated: one, real: other }) => {
      const ms = Math.abs(one.atMs - other.atMs)
      return one.atMs >= 0 && ms > most.ms ? { ms, of: one.what.slice(0, LONGEST_NAME) } : most
    },
    { ms: 0, of: 'nothing' },
  )
  return { differences, largest }
}

/** A hint is of a time as far away as it says. */
function whyApart(
  name: string,
  { simulated, real }: Pair,
  moments: readonly number[],
  slackMs: number,
): readonly string[] {
  const { on, what, hintMs } = simulated
  // What comes before the scenario is the set-up: how long that takes is not in question.
  const isTimed = simulated.atMs >= 0
  const late = isTimed && Math.abs(simulated.atMs - real.atMs) > allowedMs(simulated.atMs, moments) + slackMs
  const other = hintMs !== null && Math.abs(hintMs - (real.hintMs ?? 0)) > allowedMs(hintMs, [0]) + slackMs
  return [
    ...(late ? [`${name} ${on}, ${what}: at ${simulated.atMs} ms simulated, at ${real.atMs} ms real`] : []),
    ...(other ? [`${name} ${on}, ${what}: ${hintMs} ms told simulated, ${real.hintMs} ms real`] : []),
  ]
}

/** Who is told within this time is told together. */
const TOGETHER_MS = 60

/** Of each time that several were told when to come back: who was to come first. */
function rowsOf({ seen }: LiveTrace<string>, untilMs: number): string {
  const names = Object.keys(seen)
  const told = Object.entries(seen)
    .flatMap(([name, happenings]) => happenings.map((happening) => ({ name, ...happening })))
    .filter(({ hintMs, what, atMs }) => hintMs !== null && what !== 'retry 3000' && atMs <= untilMs)
    .sort((one, other) => one.atMs - other.atMs)
  const rows: (typeof told)[] = []
  for (const one of told) {
    const row = rows.at(-1)
    if (row && one.atMs - row[0]!.atMs < TOGETHER_MS) row.push(one)
    else rows.push([one])
  }
  return rows
    .map((row) =>
      [...new Set(row.map(({ hintMs }) => hintMs!))]
        .sort((one, other) => one - other)
        .map((hint) =>
          names.filter((name) => row.some((one) => one.name === name && one.hintMs === hint)).join(' and '),
        )
        .join(', '),
    )
    .join('; ')
}

/** A list around the place where it differs from the other. */
function shown(list: readonly Happening[], at: number): string {
  const around = list.slice(Math.max(0, at - 1), at + 3)
  return around.map(({ on, atMs, what }) => `${on} ${what} at ${atMs}`).join(' | ') || 'nothing more'
}
