/** A scenario is plain data: a timeline of faults and restarts that stands for a real situation. */
import { badOption, checkKeys, checkNumber } from '../src/core/errors.js'
import type { Stop } from '../src/core/state.js'
import { checkFault, plainObject, type Fault } from './faults.js'
import type { Pace } from './pace.js'
import { checkGraceful, checkKill, type GracefulRestart, type KillRestart } from './service.js'

/** What a step does: a fault for a while, or a restart. */
export type Deed =
  | Fault
  | ({ readonly type: 'restart.graceful' } & GracefulRestart)
  | ({ readonly type: 'restart.kill' } & KillRestart)

/** One step of a scenario. */
export interface Step {
  /** When it begins, from the start of the scenario (ms). */
  readonly atMs: number
  readonly do: Deed
  /** How long a fault lasts (ms). Default: until the scenario is stopped. Restarts bring their own length. */
  readonly forMs?: number
}

/** A timeline of faults, as data: it can be printed, stored and sent. */
export interface Scenario {
  /** Short, in words, for a menu. */
  readonly name: string
  /** The real situation that it stands for, in one sentence. */
  readonly sentence: string
  /** The luck of its requests. Default: that of the network. */
  readonly seed?: number
  readonly steps: readonly Step[]
}

/** What a scenario is played on. */
export interface Stage {
  readonly pace: Pace
  apply(fault: Fault): Stop
  graceful(options: GracefulRestart): Stop
  kill(options: KillRestart): Stop
}

/** Steps of an instant come before the deliveries of it. */
const STEP_ORDER = 0

const LONGEST_MS = 24 * 3_600_000

/** The scenario that was given, or a `bad-option` naming what is wrong with it. */
export function checkScenario(given: unknown): Scenario {
  const scenario = plainObject('scenario', given)
  checkKeys('scenario', scenario, ['name', 'sentence', 'seed', 'steps'])
  for (const key of ['name', 'sentence']) {
    if (typeof scenario[key] !== 'string' || scenario[key] === '') {
      throw badOption(`scenario.${key}`, scenario[key], 'a text')
    }
  }
  if (scenario['seed'] !== undefined)
    checkNumber('scenario.seed', scenario['seed'], 0, Number.MAX_SAFE_INTEGER)
  if (!Array.isArray(scenario['steps']))
    throw badOption('scenario.steps', scenario['steps'], 'a list of steps')
  scenario['steps'].forEach((step: unknown, at) => checkStep(step, `scenario.steps[${at}]`))
  return given as Scenario
}

function checkStep(given: unknown, where: string): void {
  const step = plainObject(where, given)
  checkKeys(where, step, ['atMs', 'do', 'forMs'])
  checkWholeMs(`${where}.atMs`, step['atMs'], 0)
  const { type, ...options } = plainObject(`${where}.do`, step['do'])
  const isRestart = type === 'restart.graceful' || type === 'restart.kill'
  if (!isRestart) checkFault(step['do'], `${where}.do`)
  else if (type === 'restart.kill') checkKill(options as unknown as KillRestart, `${where}.do`)
  else checkGraceful(options as unknown as GracefulRestart, `${where}.do`)
  if (step['forMs'] === undefined) return
  if (isRestart) throw badOption(`${where}.forMs`, step['forMs'], 'nothing: a restart brings its own length')
  checkWholeMs(`${where}.forMs`, step['forMs'], 1)
}

function checkWholeMs(option: string, given: unknown, min: number): void {
  checkNumber(option, given, min, LONGEST_MS)
  if (!Number.isInteger(given)) throw badOption(option, given, 'whole milliseconds')
}

/**
 * Plays a scenario from now on. What begins at 0 begins in this very call. The stop takes back everything
 * that it did.
 */
export function play(scenario: Scenario, stage: Stage): Stop {
  const { pace } = stage
  const startAt = pace.clock.now()
  const undo: Stop[] = []

  const begin = (step: Step): void => {
    const deed = step.do
    if (deed.type === 'restart.graceful') {
      const { type: _, ...options } = deed
      undo.push(stage.graceful(options))
    } else if (deed.type === 'restart.kill') {
      const { type: _, ...options } = deed
      undo.push(stage.kill(options))
    } else {
      const stop = stage.apply(deed)
      undo.push(stop)
      if (step.forMs !== undefined) at(step.atMs + step.forMs, stop)
    }
  }
  const at = (ms: number, run: () => void): void => {
    undo.push(pace.schedule(startAt + ms, STEP_ORDER, run))
  }
  for (const step of scenario.steps) {
    if (step.atMs === 0) begin(step)
    else at(step.atMs, () => begin(step))
  }
  return () => {
    for (const stop of undo.splice(0).reverse()) stop()
  }
}

/** When the last step with an end has ended (ms from the start). */
export function lengthOf(scenario: Scenario): number {
  return Math.max(0, ...scenario.steps.map((step) => step.atMs + durationOf(step)))
}

function durationOf({ do: deed, forMs = 0 }: Step): number {
  if (deed.type === 'restart.kill') return deed.downMs
  if (deed.type === 'restart.graceful') return deed.drainMs + deed.downMs + (deed.warmMs ?? 0)
  return forMs
}
