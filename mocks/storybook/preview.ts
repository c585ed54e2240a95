/**
 * `holdfast/simulator/storybook/preview`: a toolbar that plays a scenario on the network of the story that is
 * shown, live. Spread `globalTypes` and `initialGlobals` into a project's preview; give each stories file a
 * stage.
 */
import { UPDATE_GLOBALS } from 'storybook/internal/core-events'
import { addons } from 'storybook/preview-api'
import type { Stop } from '../../src/core/state.js'
import type { Network } from '../network.js'
import { isRestart } from '../restarts.js'
import { lengthOf, type Scenario } from '../scenario.js'
import { scenarios, type ScenarioName } from '../scenarios/index.js'

/** What the toolbar can say: a scenario, the last one again, or that all is well. */
export type NetworkChoice = ScenarioName | 'again' | 'all-well'

/** The least of a story's context that is needed. */
export interface StageContext {
  readonly id: string
  readonly globals: Readonly<Record<string, unknown>>
}

/** The toolbar `network`. */
export const globalTypes = {
  network: {
    description: 'What happens on the network of this story',
    toolbar: {
      icon: 'lightning',
      dynamicTitle: true,
      items: [
        { value: 'all-well', title: 'Network: all well' },
        { value: 'again', title: 'The last one again' },
        ...Object.entries(scenarios).map(([value, { name }]) => ({ value, title: name })),
      ],
    },
  },
} as const

/** All is well until somebody chooses otherwise. */
export const initialGlobals: { readonly network: NetworkChoice } = { network: 'all-well' }

/** The networks of one stories file: each story has its own, for as long as it is shown. */
export interface NetworkStage {
  /** The story's network, the same at each render. */
  networkOf(context: StageContext): Network
  /**
   * For the meta of the stories file: `beforeEach: stage.beforeEach`. Plays what the toolbar says, switches when
   * the toolbar does, has it say "all well" when the scenario has ended, and takes the network down with the
   * story, so that no request reaches the next one.
   */
  beforeEach(context: StageContext): () => void
}

/** A scenario of the toolbar, for showing what it is; null: all is well. */
export function scenarioOf(globals: StageContext['globals']): Scenario | null {
  const choice = choiceOf(globals['network'])
  return choice === 'all-well' || choice === 'again' ? null : scenarios[choice]
}

/** A network that is shown, and what is played on it. */
interface Scene {
  readonly network: Network
  /** What the toolbar said last. */
  choice: NetworkChoice
  /** What "again" plays. */
  last: NetworkChoice
  /** The toolbar is not told of the end of the scenario. */
  forgetEnd: Stop
  /** Nor of which one is played again. */
  forgetNews: Stop
}

/** "Again" is seen in the toolbar before the scenario's name is: at once, the menu would miss it (ms). */
const AGAIN_MS = 500

/**
 * Makes a stage.
 *
 * @param create makes a story's network; without a `clock` it lives in real time, as the toolbar wants.
 */
export function createNetworkStage(create: (context: StageContext) => Network): NetworkStage {
  const shown = new Map<string, Scene>()

  const sceneOf = (context: StageContext): Scene => {
    const known = shown.get(context.id)
    if (known) return known
    const scene: Scene = {
      network: create(context),
      choice: 'all-well',
      last: 'all-well',
      forgetEnd() {},
      forgetNews() {},
    }
    shown.set(context.id, scene)
    return scene
  }

  return {
    networkOf: (context) => sceneOf(context).network,
    beforeEach(context) {
      const scene = sceneOf(context)
      const choice = choiceOf(context.globals['network'])
      if (choice !== scene.choice) {
        scene.forgetNews()
        play(scene, choice === 'again' ? scene.last : choice)
        if (choice === 'again') scene.forgetNews = tellLater(scene, AGAIN_MS, scene.last)
        scene.choice = choice
      }
      return () => {
        scene.forgetEnd()
        scene.forgetNews()
        scene.network.dispose()
        if (shown.get(context.id) === scene) shown.delete(context.id)
      }
    },
  }
}

/** Plays from the beginning. Afterwards the toolbar says that all is well, so that it can be chosen once more. */
function play(scene: Scene, choice: NetworkChoice): void {
  const { network } = scene
  const scenario = scenarioOf({ network: choice })
  scene.forgetEnd()
  if (!scenario) return network.calm()
  scene.last = choice
  network.run(scenario)
  if (!hasEnd(scenario)) return
  scene.forgetEnd = tellLater(scene, lengthOf(scenario), 'all-well')
}

/** The toolbar says something else by itself; what it says is not played. */
function tellLater(scene: Scene, afterMs: number, choice: NetworkChoice): Stop {
  return scene.network.clock.setTimeout(() => {
    scene.choice = choice
    addons.getChannel().emit(UPDATE_GLOBALS, { globals: { network: choice } })
  }, afterMs)
}

/** Whether every fault is taken back by itself. */
const hasEnd = (scenario: Scenario): boolean =>
  scenario.steps.every((step) => isRestart(step.do) || step.forMs !== undefined)

/** A URL can say anything; what is nothing of ours is all well. */
function choiceOf(given: unknown): NetworkChoice {
  if (given === 'again') return given
  return typeof given === 'string' && Object.hasOwn(scenarios, given) ? (given as ScenarioName) : 'all-well'
}
