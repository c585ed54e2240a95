/** A playback and Storybook's toolbar, in step with each other whoever of the two has moved. */
import type { Clock } from '../../src/core/clock.js'
import type { Stop } from '../../src/core/state.js'
import type { Playback } from '../playback/options.js'
import { scenarioAt } from '../playback/spans.js'
import { choiceOf, seedOf, speedOf, type NetworkChoice } from './toolbar.js'

type Globals = Readonly<Record<string, unknown>>

/** What is kept in step. */
export interface ToolbarPorts {
  readonly playback: Playback
  readonly real: Clock
  /** Changes what the toolbar says. */
  readonly tell: (globals: Globals) => void
}

/** The toolbar of one story. */
export interface ToolbarSync {
  /** It says this now. */
  hear(globals: Globals): void
  dispose(): void
}

/** "Again" is seen in the toolbar before the scenario's name is: at once, the menu would miss it (ms). */
const AGAIN_MS = 500

/** Keeps both in step, from what the toolbar says now. */
export function syncToolbar(now: Globals, { playback, real, tell }: ToolbarPorts): ToolbarSync {
  const { scenarios } = playback.repertoire
  const choiceIn = (globals: Globals): NetworkChoice => choiceOf(globals, scenarios)
  let said = now
  /** What the toolbar was told to say and has not said yet. */
  let told: readonly NetworkChoice[] = []
  /** "Again" is still to be seen. */
  let again: Stop | null = null
  /** What was chosen last takes force then, in this world; null: it has. */
  let coming: { readonly world: number; readonly atMs: number } | null = null

  /** The toolbar says what is played; when it has ended, that all is well, so that it can be chosen once more. */
  const followPlayback = (): void => {
    if (again || playback.state.name === 'seeking') return
    const { script, repertoire, nowMs, world } = playback
    if (coming?.world === world && nowMs + 1 < coming.atMs) return
    coming = null
    const network = choiceIn({ network: scenarioAt(script, repertoire, nowMs + 1) })
    if (network === (told.at(-1) ?? choiceIn(said))) return
    told = [...told, network]
    tell({ network })
  }
  const playAgain = (): string => {
    again = real.setTimeout(() => {
      again = null
      followPlayback()
    }, AGAIN_MS)
    const last = playback.script.commands.findLast((command) => command.do === 'run')
    return last?.what ?? 'all-well'
  }
  const choose = (choice: NetworkChoice): void => {
    again?.()
    again = null
    const what = choice === 'again' ? playAgain() : choice
    const before = new Set(playback.script.commands)
    // Until time has got there, what it comes from is no news.
    coming = { world: playback.world, atMs: Infinity }
    playback.do(what === 'all-well' ? { do: 'calm' } : { do: 'run', what })
    const { atMs } = playback.script.commands.find((command) => !before.has(command))!
    coming = { world: playback.world, atMs }
    followPlayback()
  }
  /** Storybook renders a while after it was told, and what it was told in between is left out. */
  const isEcho = (choice: NetworkChoice): boolean => {
    const at = told.indexOf(choice)
    if (at >= 0) told = told.slice(at + 1)
    return at >= 0
  }
  const deaf = playback.subscribe(followPlayback)

  return {
    hear(globals) {
      const before = said
      said = globals
      const choice = choiceIn(globals)
      if (!isEcho(choice) && choice !== choiceIn(before)) {
        told = []
        choose(choice)
      }
      if (seedOf(globals) !== seedOf(before)) playback.setSeed(seedOf(globals))
      if (speedOf(globals) !== speedOf(before)) playback.setSpeed(speedOf(globals))
    },
    dispose() {
      deaf()
      again?.()
    },
  }
}
