/** A scenario in less time: what both sides play in the test command. Pure. */
import { edgesOfRestart, isRestart, type Restart } from '../../mocks/restarts.js'
import type { StepAction, Scenario, Step } from '../../mocks/scenario.js'

/** Where each part of a step begins or ends, in ms from the scenario's start. */
export function edgesOf({ atMs, do: action, forMs }: Step): readonly number[] {
  if (isRestart(action)) return edgesOfRestart(action).map((edge) => atMs + edge)
  return forMs === undefined ? [atMs] : [atMs, atMs + forMs]
}

/** Every instant at which the scenario changes something, in order, each once. */
export function momentsOf({ steps }: Scenario): readonly number[] {
  return [...new Set(steps.flatMap(edgesOf))].sort((one, other) => one - other)
}

/** A stretch that is too long is tried again shorter by this. */
const FINER_MS = 250

/**
 * The same scenario with no fault, and no part of a restart, longer than `longestMs`, and nothing that begins
 * after `lastMs`. What lies between two moments at which something changes is cut; what follows moves forward.
 */
export function shortened(scenario: Scenario, longestMs: number, lastMs: number): Scenario {
  let short = stretched(scenario, longestMs, lastMs)
  // Several stretches may lie within one fault.
  for (let most = longestMs - FINER_MS; isLonger(short, longestMs) && most > 0; most -= FINER_MS) {
    short = stretched(scenario, most, lastMs)
  }
  return short
}

const isLonger = ({ steps }: Scenario, longestMs: number): boolean =>
  steps.some(({ forMs = 0 }) => forMs > longestMs)

function stretched(scenario: Scenario, mostMs: number, lastMs: number): Scenario {
  const moved = new Map<number, number>([[0, 0]])
  let before = 0
  let at = 0
  for (const moment of momentsOf(scenario)) {
    at += Math.min(moment - before, mostMs)
    moved.set(moment, at)
    before = moment
  }
  const to = (moment: number): number => moved.get(moment) ?? moment
  const steps = scenario.steps
    .map((step) => shorter(step, to))
    .filter(({ atMs }) => atMs <= lastMs)
    .map((step) => fewer(step, lastMs))
  return { ...scenario, steps }
}

function shorter(step: Step, to: (moment: number) => number): Step {
  const [atMs = 0, ...edges] = edgesOf(step).map(to)
  const action = step.do
  if (isRestart(action)) return { atMs, do: shorterRestart(action, [atMs, ...edges]) }
  const [endMs] = edges
  if (step.forMs === undefined || endMs === undefined) return { ...step, atMs }
  const forMs = endMs - atMs
  return { atMs, do: promising(action, step.forMs, forMs), forMs }
}

function shorterRestart(restart: Restart, edges: readonly number[]): Restart {
  const [first = 0, second = 0, third = 0, fourth = 0] = edges
  if (restart.type === 'restart.graceful') {
    return { ...restart, drainMs: second - first, downMs: third - second, warmMs: fourth - third }
  }
  if (restart.type === 'restart.rolling') {
    return { ...restart, drainMs: second - first, downMs: third - second }
  }
  const downMs = second - first
  if (restart.type !== 'restart.crashLoop') return { ...restart, downMs }
  return { ...restart, downMs, upMs: restart.times > 1 ? third - second : restart.upMs }
}

/** A crash loop has those of its turns that begin in time. */
function fewer(step: Step, lastMs: number): Step {
  const action = step.do
  if (action.type !== 'restart.crashLoop' || lastMs === Infinity) return step
  const most = 1 + Math.floor((lastMs - step.atMs) / (action.upMs + action.downMs))
  return { ...step, do: { ...action, times: Math.min(action.times, most) } }
}

/** An answer that named the end of the outage still does. */
function promising(action: StepAction, fromMs: number, toMs: number): StepAction {
  if (action.type !== 'status' || typeof action.retryAfter !== 'number' || fromMs === toMs) return action
  return { ...action, retryAfter: Math.min(action.retryAfter, Math.ceil(toMs / 1000)) }
}
