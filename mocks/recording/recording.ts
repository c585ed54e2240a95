/** `fromRecording`: a scenario that looks to an application as its own outage did. */
import { checkKeys } from '../../src/core/errors.js'
import { optional, text, whole } from '../checks.js'
import { checkRecording } from './check.js'
import { readRecording, type Seen } from './runs.js'
import { savedJson } from './saved.js'
import { SLOWEST_MS, stepOfOne, stepsOfRun, stepsOfSlow, type Run, type Sight } from './steps.js'
import { checkScenario, type Scenario, type Step } from '../scenario.js'

/** Options of `fromRecording`. */
export interface FromRecordingOptions {
  /** Its name in a menu. Default: `Recorded outage`. */
  readonly name?: string
  /** The real situation that it was. Default: when it was recorded, and how long the link was lost. */
  readonly sentence?: string
  /** The round trip of the network that it will be played on (ms). Default: 40, a network's own default. */
  readonly latencyMs?: number
}

/** A round trip is as the network's own when it differs by less (ms): twenty health checks add it up twenty times. */
const SAME_RTT_MS = 2

/**
 * Makes a scenario of what `holdfast/recorder` has written down. Played to the same application, from the instant at
 * which that begins to record, it gives the same states of the connection in the same order, each at most 150 ms, or a
 * tenth of the time since the one before, from its time (`tests/mocks/recording.test.ts`).
 *
 * It is made of what the kit could see. What a service did with a request whose answer was lost, what a socket was told
 * and how many bytes a second came through is not in it.
 *
 * @param given a recording, as an object or as the JSON of its file.
 * @throws `bad-option` naming what of it is none
 */
export function fromRecording(given: unknown, options: FromRecordingOptions = {}): Scenario {
  checkKeys('fromRecording', options, ['name', 'sentence', 'latencyMs'])
  optional(text)('fromRecording.name', options.name)
  optional(text)('fromRecording.sentence', options.sentence)
  optional(whole(0, 60_000))('fromRecording.latencyMs', options.latencyMs)
  const recording = checkRecording(savedJson('recording', given))
  const seen = readRecording(recording)
  const { name = 'Recorded outage', latencyMs = 40 } = options
  const steps = stepsOf(seen, recording.lengthMs, latencyMs)
  return checkScenario({
    name,
    sentence: options.sentence ?? sentenceOf(recording.startedAt, seen.runs),
    seed: 1,
    steps: [...steps].sort((one, other) => one.atMs - other.atMs),
  })
}

function stepsOf(seen: Seen, lengthMs: number, latencyMs: number): readonly Step[] {
  const { rttMs, singles, answered, refusedAt } = seen
  const device = seen.offline.map((span) =>
    deviceStep(span, [...answered, ...seen.runs.map(({ good }) => good)]),
  )
  const without = device.filter(({ do: action }) => action.type === 'offline')
  const runs = seen.runs.map((run) => ({
    ...run,
    bad: run.bad.filter((sight) => !isWithin(sight, without, rttMs)),
  }))
  const farMs = Math.min(SLOWEST_MS, rttMs - latencyMs)
  const far: Step = { atMs: 0, do: { type: 'latency', ms: farMs }, forMs: Math.max(1, lengthMs) }
  return [
    ...(farMs >= SAME_RTT_MS ? [far] : []),
    ...device,
    ...runs.flatMap((run) => stepsOfRun(run, rttMs)),
    ...singles.flatMap(stepOfOne),
    ...stepsOfSlow(answered, seen.runs, rttMs),
    ...refusedAt.map((atMs, index): Step => {
      const fromMs = Math.max(0, atMs - rttMs)
      return {
        atMs: fromMs,
        do: { type: 'unauthorized' },
        forMs: Math.max(1, (refusedAt[index + 1] ?? lengthMs + 1) - rttMs - fromMs),
      }
    }),
  ]
}

/** The browser said that it had no network: it had none, unless something was answered meanwhile. */
function deviceStep({ fromMs, toMs }: Seen['offline'][number], good: readonly (Sight | null)[]): Step {
  const isLie = good.some((sight) => sight && sight.fromMs >= fromMs && sight.toMs <= toMs)
  const forMs = Math.max(1, toMs - fromMs)
  return { atMs: fromMs, do: isLie ? { type: 'lie', onLine: false } : { type: 'offline' }, forMs }
}

/** Whether a device without network explains it. */
const isWithin = (sight: Sight, offline: readonly Step[], rttMs: number): boolean =>
  offline.some(({ atMs, forMs = 0 }) => sight.toMs >= atMs - rttMs && sight.fromMs <= atMs + forMs)

function sentenceOf(startedAt: number, runs: readonly Run[]): string {
  const lost = runs.filter(({ bad }) => bad.length > 0)
  const longestMs = Math.max(0, ...lost.map(({ bad, overMs }) => overMs - (bad[0]?.toMs ?? overMs)))
  const when = new Date(startedAt).toISOString().slice(0, 16).replace('T', ' ')
  const often = lost.length === 1 ? 'once' : `${lost.length} times`
  return `Recorded on ${when} UTC: in trouble ${often}, for ${(longestMs / 1000).toFixed(1)} s at most.`
}
