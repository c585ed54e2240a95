/** `fromHar`: a scenario out of what a browser's network panel has saved. */
import { badOption, checkKeys } from '../../src/core/errors.js'
import { oneOf, optional, text, whole } from '../checks.js'
import { readHar } from './har-entries.js'
import { savedJson } from './saved.js'
import { stepsOfRun, stepsOfSlow, type Run, type Sight } from './steps.js'
import { checkScenario, type Scenario, type Step } from '../scenario.js'

/** Options of `fromHar`. */
export interface FromHarOptions {
  /** Its name in a menu. Default: `From a HAR file`. */
  readonly name?: string
  /** The real situation that it was. Default: when it was saved, and how much of it failed. */
  readonly sentence?: string
  /** The hosts of the service, with their port: other requests are passed over. Default: all. */
  readonly hosts?: readonly string[]
  /**
   * Whether a failure that stands alone is limited to its path; a path may hold what is nobody's business. Default:
   * false, to its method.
   */
  readonly paths?: boolean
  /** The round trip of the network that it will be played on (ms). Default: 40, a network's own default. */
  readonly latencyMs?: number
}

/**
 * Makes a scenario of a HAR file. What failed one after the other is an outage, from the first that failed until it
 * was seen to be over; what failed among others is one failure; three and more slow answers in a row are a slow network. Of
 * addresses, headers and bodies only `Retry-After`, and with `paths` the path, get into it.
 *
 * @param given a HAR file, as an object or as its JSON.
 * @throws `bad-option` naming what of it is none
 */
export function fromHar(given: unknown, options: FromHarOptions = {}): Scenario {
  checkKeys('fromHar', options, ['name', 'sentence', 'hosts', 'paths', 'latencyMs'])
  const { name = 'From a HAR file', hosts = null, paths = false, latencyMs = 40 } = options
  text('fromHar.name', name)
  optional(text)('fromHar.sentence', options.sentence)
  oneOf(true, false)('fromHar.paths', paths)
  whole(0, 60_000)('fromHar.latencyMs', latencyMs)
  if (hosts !== null && !(Array.isArray(hosts) && hosts.every((host) => typeof host === 'string'))) {
    throw badOption('fromHar.hosts', hosts, 'a list of hosts such as "api.example"')
  }
  const { startedAt, sights, lengthMs } = readHar(savedJson('har', given), {
    hosts,
    paths,
  })
  const good = sights.filter(({ end }) => end.type === 'good')
  const rttMs = roundTripOf(good) ?? latencyMs
  const runs = runsOf(sights, lengthMs)
  const steps: readonly Step[] = [
    ...runs.flatMap((run) => stepsOfRun(run, rttMs)),
    ...stepsOfSlow(slowAmong(good, rttMs), runs, rttMs),
  ]
  const failed = sights.length - good.length
  const when = new Date(startedAt).toISOString().slice(0, 16).replace('T', ' ')
  return checkScenario({
    name,
    sentence: options.sentence ?? `Saved on ${when} UTC: ${failed} of ${sights.length} requests failed.`,
    seed: 1,
    steps: [...steps].sort((one, other) => one.atMs - other.atMs),
  })
}

/** What failed one after the other, up to the first that began later and did not. */
function runsOf(sights: readonly Sight[], lengthMs: number): readonly Run[] {
  const runs: Run[] = []
  let bad: Sight[] = []
  for (const sight of sights) {
    if (sight.end.type !== 'good') bad.push(sight)
    else if (bad[0] && sight.fromMs >= bad[0].fromMs) {
      runs.push({ bad, good: sight, overMs: sight.toMs })
      bad = []
    }
  }
  if (bad.length > 0) runs.push({ bad, good: null, overMs: lengthMs + 1 })
  return runs
}

/** What a quarter of the answers did not take: the network alone. */
function roundTripOf(good: readonly Sight[]): number | null {
  const all = good.map(({ fromMs, toMs }) => toMs - fromMs).sort((one, other) => one - other)
  return all[Math.floor(all.length / 4)] ?? null
}

/** One slow answer may be the service's own work; three in a row are the network. */
function slowAmong(good: readonly Sight[], rttMs: number): readonly Sight[] {
  const sights = [...good].sort((one, other) => one.fromMs - other.fromMs)
  const isSlow = sights.map(({ fromMs, toMs }) => toMs - fromMs > 2 * rttMs + 100)
  const inRow = (at: number) =>
    [at - 2, at - 1, at].some((from) => [0, 1, 2].every((one) => isSlow[from + one]))
  return sights.filter((_, at) => !isSlow[at] || inRow(at))
}
