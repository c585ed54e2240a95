/** When what a script does is in force: known before it is played, and drawn as the timeline's plan. */
import { endsByItself, partOf, type Part } from './buttons.js'
import type { Repertoire } from './repertoire.js'
import type { Script } from './script.js'
import { wordsOf } from './words.js'
import { isRestart, type Restart } from '../restarts.js'
import { lengthOf, type StepAction, type Scenario, type Step } from '../scenario.js'

/** How good or bad a part of the world is meanwhile. */
export type Severity = 'info' | 'warn' | 'bad'

/** Something is in force for a while. */
export interface Span {
  readonly part: Part
  /** In a few words. */
  readonly label: string
  readonly severity: Severity
  /** From the beginning of the world (ms). */
  readonly fromMs: number
  /** null: until something else ends it. */
  readonly toMs: number | null
  /** The button that began it; null: a scenario did. */
  readonly button: string | null
}

interface Piece {
  readonly label: string
  readonly severity: Severity
  readonly fromMs: number
  readonly toMs: number | null
}

const MILD: readonly string[] = ['latency', 'bandwidth', 'duplicate', 'reorder', 'clockSkew', 'lie', 'flaky']

/** How long an action of an instant is drawn (ms). */
const INSTANT_MS = 200

function severityOf({ type }: StepAction): Severity {
  if (type === 'device.hidden' || type === 'device.clockJump') return 'info'
  return MILD.includes(type) || type.startsWith('device.') ? 'warn' : 'bad'
}

/** What a restart is, part by part, from its beginning. */
function piecesOf(restart: Restart): readonly Piece[] {
  const piece = (label: string, severity: Severity, fromMs: number, toMs: number | null): Piece[] =>
    toMs === null || toMs > fromMs ? [{ label, severity, fromMs, toMs }] : []
  switch (restart.type) {
    case 'restart.graceful': {
      const { drainMs, downMs, warmMs = 0 } = restart
      const upMs = drainMs + downMs
      const warm = piece('warming', 'warn', upMs, upMs + warmMs)
      return [...piece('draining', 'info', 0, drainMs), ...piece('down', 'bad', drainMs, upMs), ...warm]
    }
    case 'restart.kill':
      return piece('down', 'bad', 0, restart.downMs)
    case 'restart.lostSession': {
      const { downMs } = restart
      return [...piece('down', 'bad', 0, downMs), ...piece('session lost', 'warn', downMs, null)]
    }
    case 'restart.crashLoop': {
      const { times, upMs, downMs } = restart
      const turns = Array.from({ length: times }, (_, turn) => turn * (upMs + downMs))
      return turns.flatMap((fromMs) => piece('down', 'bad', fromMs, fromMs + downMs))
    }
    case 'restart.rolling': {
      const { instances, drainMs, downMs } = restart
      const turns = Array.from({ length: instances }, (_, turn) => turn * (drainMs + downMs))
      return turns.flatMap((fromMs, turn) => [
        ...piece(`${turn + 1} draining`, 'info', fromMs, fromMs + drainMs),
        ...piece(`${turn + 1} down`, 'warn', fromMs + drainMs, fromMs + drainMs + downMs),
      ])
    }
  }
}

function spansOfStep({ atMs, do: action, forMs }: Step, startMs: number, button: string | null): Span[] {
  const part = partOf(action)
  const fromMs = startMs + atMs
  if (isRestart(action)) {
    return piecesOf(action).map((piece) => ({
      ...{ part, button, label: piece.label, severity: piece.severity },
      fromMs: fromMs + piece.fromMs,
      toMs: piece.toMs === null ? null : fromMs + piece.toMs,
    }))
  }
  const lastsMs = endsByItself(action) ? INSTANT_MS : forMs
  const toMs = lastsMs === undefined ? null : fromMs + lastsMs
  return [{ part, label: wordsOf(action), severity: severityOf(action), fromMs, toMs, button }]
}

/** Cuts what is still in force then; what would have begun later does not begin. */
function cut(spans: Span[], atMs: number, which: (span: Span) => boolean = () => true): Span[] {
  return spans.flatMap((span) => {
    if (!which(span) || (span.toMs !== null && span.toMs <= atMs)) return [span]
    return span.fromMs < atMs ? [{ ...span, toMs: atMs }] : []
  })
}

/** What is in force when, in the order in which it begins. */
export function spansOf({ commands }: Script, { scenarios, buttons }: Repertoire): readonly Span[] {
  let spans: Span[] = []
  const restarts = new Set<Span>()
  const add = (step: Step, startMs: number, button: string | null): void => {
    // A restart takes the place of the one that runs.
    if (isRestart(step.do)) spans = cut(spans, startMs + step.atMs, (span) => restarts.has(span))
    const more = spansOfStep(step, startMs, button)
    if (isRestart(step.do)) for (const span of more) restarts.add(span)
    spans = [...spans, ...more]
  }
  for (const command of commands) {
    const { atMs } = command
    if (command.do === 'begin') add({ atMs: 0, do: buttons[command.what]!.do }, atMs, command.what)
    else if (command.do === 'end') spans = cut(spans, atMs, ({ button }) => button === command.what)
    else {
      spans = cut(spans, atMs)
      if (command.do === 'run') for (const step of scenarios[command.what]!.steps) add(step, atMs, null)
    }
  }
  return spans.sort((one, other) => one.fromMs - other.fromMs)
}

/** Whether the world is not as it should be at a time. */
export function isAnythingInForce(script: Script, repertoire: Repertoire, atMs: number): boolean {
  return spansOf(script, repertoire).some(
    ({ fromMs, toMs }) => fromMs <= atMs && (toMs === null || toMs > atMs),
  )
}

/** Every instant at which something begins or ends, in order (ms). */
export function edgesOf(script: Script, repertoire: Repertoire): readonly number[] {
  const edges = spansOf(script, repertoire).flatMap(({ fromMs, toMs }) => [fromMs, toMs ?? fromMs])
  const commands = script.commands.map(({ atMs }) => atMs)
  return [...new Set([...edges, ...commands])].sort((one, other) => one - other)
}

/** When the last scenario with an end has ended, and the last thing was done by hand (ms). */
export function endOf({ commands }: Script, { scenarios }: Repertoire): number {
  const ends = commands.map(
    (command) => command.atMs + (command.do === 'run' ? lengthOf(scenarios[command.what]!) : 0),
  )
  return Math.max(0, ...ends)
}

/** Whether a scenario is over by itself. One that does nothing but to lose connections is what that brings about. */
const hasEnd = ({ steps }: Scenario): boolean =>
  steps.every(({ do: action, forMs }) => endsByItself(action) || forMs !== undefined) &&
  steps.some(({ do: action }) => action.type !== 'lost')

/** The scenario that is being played at a time; null: none, or it has ended. */
export function scenarioAt({ commands }: Script, { scenarios }: Repertoire, atMs: number): string | null {
  const before = commands.filter((command) => command.atMs <= atMs)
  const running = before.findLast((command) => command.do === 'run' || command.do === 'calm')
  if (running?.do !== 'run') return null
  const scenario = scenarios[running.what]!
  return hasEnd(scenario) && atMs >= running.atMs + lengthOf(scenario) ? null : running.what
}
