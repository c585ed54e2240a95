/** The schedules that are drawn, as the package exports them, with what each is for. */
import { exponential, type Schedule } from '../../src/index.js'
import { additive, fixed3s, http, steady } from '../../src/presets.js'

/** One schedule, as a page shows it. */
export interface Shown {
  readonly name: string
  readonly schedule: Schedule
  /** Its formula; n counts from 0. */
  readonly formula: string
  /** Which for what. */
  readonly use: string
}

/** From the simplest to the default. */
export const SHOWN: readonly Shown[] = [
  {
    name: 'Fixed',
    schedule: fixed3s,
    formula: '3 s',
    use: 'For one client, or a few. It is back within 3 s however long the outage was; a crowd of it stays in step for ever.',
  },
  {
    name: 'Exponential',
    schedule: exponential({ baseMs: 1_000, capMs: 16_000 }),
    formula: '1 s × 2ⁿ, at most 16 s',
    use: 'For nobody as it stands. It spares a server that is long away, but a crowd still comes in the same instants.',
  },
  {
    name: 'Exponential, full jitter',
    schedule: http,
    formula: 'U(0, 1 s × 2ⁿ), at most 16 s',
    use: 'For requests of their own, while the connection is up: the waits of many callers have nothing in common.',
  },
  {
    name: 'Additive',
    schedule: additive,
    formula: 'min(60 s, 1 s × 2ⁿ + U(0, 1 s))',
    use: 'As the article prints it. From the seventh attempt on every wait is exactly 60 s: its jitter is lost at the cap.',
  },
  {
    name: 'Steady',
    schedule: steady,
    formula: 'at 0.75 to 0.9 s, then 0.5 s × (1 + 0.35 n), at most 15 s, ± 25 %',
    use: 'For the connection, and its default: behind the health check that has proved the loss one more try before anybody sees anything, and then gaps that grow as slowly as the best ones do.',
  },
]

/** The wait before one attempt: its least, its middle and its most (ms). */
export interface Wait {
  readonly leastMs: number
  readonly middleMs: number
  readonly mostMs: number
}

/** A roll lies below 1. */
const ALMOST_ONE = 1 - Number.EPSILON

/** The waits before the first attempts, each after the middle of those before it. */
export function waitsOf(schedule: Schedule, attempts: number): readonly Wait[] {
  const waits: Wait[] = []
  let ageMs = 0
  for (let step = 0; step < attempts; step += 1) {
    const [leastMs, middleMs, mostMs] = [0, 0.5, ALMOST_ONE].map((roll) =>
      schedule.delay(step, roll, ageMs),
    ) as [number, number, number]
    waits.push({ leastMs, middleMs, mostMs })
    ageMs += middleMs
  }
  return waits
}

/** docs/spec/architecture.md, "When an attempt is due": so much lies between two attempts, whatever chance says. */
const LEAST_GAP_MS = 250

/** How old an outage is at each attempt of one client, without end (ms). */
export function* agesOf(schedule: Schedule, chance: () => number): Generator<number, never> {
  let ageMs = schedule.delay(0, chance(), 0)
  for (let step = 1; ; step += 1) {
    yield ageMs
    ageMs += Math.max(LEAST_GAP_MS, schedule.delay(step, chance(), ageMs))
  }
}

/** The same, up to an age (ms). */
export function attemptsOf(schedule: Schedule, untilMs: number, chance: () => number): readonly number[] {
  const ages: number[] = []
  for (const ageMs of agesOf(schedule, chance)) {
    if (ageMs > untilMs) break
    ages.push(ageMs)
  }
  return ages
}
