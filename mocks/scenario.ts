/** A scenario is plain data: a timeline of faults and restarts that stands for a real situation. */
import { badOption, checkKeys, checkNumber } from '../src/core/errors.js'
import type { Stop } from '../src/core/state.js'
import { plainObject, text } from './checks.js'
import {
  beginDeviceAction,
  checkDeviceAction,
  checkDeviceStep,
  deviceActionTypes,
  isDeviceAction,
  type DeviceAction,
  type DeviceStage,
} from './device/actions.js'
import { checkFault, faultTypes } from './fault-rules.js'
import type { Fault } from './faults.js'
import type { Pace } from './pace.js'
import {
  checkRestart,
  edgesOfRestart,
  isRestart,
  nameOf,
  restartTypes,
  type CrashLoop,
  type GracefulRestart,
  type KillRestart,
  type LostSession,
  type Restart,
  type RollingRestart,
} from './restarts.js'

/** What a step does: a fault for a while, a restart, or something of the device. */
export type StepAction = Fault | Restart | DeviceAction

/** The names of all actions, for validation and for menus. */
export const actionTypes: readonly string[] = [...faultTypes, ...restartTypes, ...deviceActionTypes]

/** One step of a scenario. */
export interface Step {
  /** When it begins, from the start of the scenario (ms). */
  readonly atMs: number
  readonly do: StepAction
  /**
   * How long a fault lasts, or the device is away (ms). Default: until the scenario is stopped. Restarts bring their
   * own length.
   */
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
  /** Left out where it cannot be made real: a scenario that wants it throws. */
  crashLoop?(options: CrashLoop): Stop
  /** The same. */
  lostSession?(options: LostSession): Stop
  /** The same. */
  rolling?(options: RollingRestart): Stop
  /** The device that sleeps, freezes and is put into the background. */
  readonly device: DeviceStage
}

/** Steps of an instant come before the deliveries of it. */
const STEP_ORDER = 0

const LONGEST_MS = 24 * 3_600_000

/** The scenario that was given, or a `bad-option` naming what is wrong with it. */
export function checkScenario(given: unknown, where = 'scenario'): Scenario {
  const scenario = plainObject(where, given, "an object, such as scenarios['server-restarts']")
  checkKeys(where, scenario, ['name', 'sentence', 'seed', 'steps'])
  for (const key of ['name', 'sentence']) text(`${where}.${key}`, scenario[key])
  if (scenario['seed'] !== undefined)
    checkNumber(`${where}.seed`, scenario['seed'], 0, Number.MAX_SAFE_INTEGER)
  if (!Array.isArray(scenario['steps']))
    throw badOption(`${where}.steps`, scenario['steps'], 'a list of steps')
  scenario['steps'].forEach((step: unknown, at) => checkStep(step, `${where}.steps[${at}]`))
  return given as Scenario
}

/** Refuses what no step can do, by name; how long it lasts is the step's. */
export function checkAction(given: unknown, where: string): StepAction {
  const action = plainObject(where, given) as unknown as StepAction
  if (!actionTypes.includes(action.type))
    throw badOption(`${where}.type`, action.type, actionTypes.join(', '))
  if (isRestart(action)) checkRestart(action.type, action, where)
  else if (isDeviceAction(action)) checkDeviceAction(action, where)
  else checkFault(action, where)
  return action
}

function checkStep(given: unknown, where: string): void {
  const step = plainObject(where, given)
  checkKeys(where, step, ['atMs', 'do', 'forMs'])
  checkWholeMs(`${where}.atMs`, step['atMs'], 0)
  const { forMs } = step
  const action = checkAction(step['do'], `${where}.do`)
  if (isDeviceAction(action)) checkDeviceStep(action, forMs, where)
  if (forMs === undefined) return
  if (isRestart(action)) throw badOption(`${where}.forMs`, forMs, 'nothing: a restart brings its own length')
  checkWholeMs(`${where}.forMs`, forMs, 1)
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
    const action = step.do
    if (isRestart(action)) undo.push(restart(action, stage))
    else if (isDeviceAction(action)) {
      const turn = beginDeviceAction(action, stage.device, step.forMs)
      undo.push(turn.stop)
      if (step.forMs !== undefined) at(step.atMs + step.forMs, turn.end)
    } else {
      const stop = stage.apply(action)
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

function restart({ type, ...options }: Restart, stage: Stage): Stop {
  const begin = stage[nameOf(type)] as ((options: object) => Stop) | undefined
  if (!begin) throw badOption('scenario.steps.do.type', type, 'what this stage can play')
  return begin(options)
}

/** When the last step with an end has ended (ms from the start). */
export function lengthOf(scenario: Scenario): number {
  return Math.max(0, ...scenario.steps.map((step) => step.atMs + durationOf(step)))
}

function durationOf({ do: action, forMs = 0 }: Step): number {
  return isRestart(action) ? Math.max(...edgesOfRestart(action)) : forMs
}
