/**
 * `holdfast/simulator/storybook/preview`: a toolbar that plays a scenario on the network of the story that is
 * shown, live. Spread `globalTypes` and `initialGlobals` into a project's preview; give each stories file a
 * stage.
 */
import type { Network } from '../network.js'
import { scenarios, type ScenarioName } from '../scenarios/index.js'

/** What the toolbar can say: a scenario, or that all is well. */
export type NetworkChoice = ScenarioName | 'all-well'

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
   * the toolbar does, and takes the network down with the story, so that no request reaches the next one.
   */
  beforeEach(context: StageContext): () => void
}

/**
 * Makes a stage.
 *
 * @param create makes a story's network; without a `clock` it lives in real time, as the toolbar wants.
 */
export function createNetworkStage(create: (context: StageContext) => Network): NetworkStage {
  const shown = new Map<string, { readonly network: Network; choice: NetworkChoice }>()

  const sceneOf = (context: StageContext) => {
    const scene = shown.get(context.id) ?? { network: create(context), choice: 'all-well' as const }
    shown.set(context.id, scene)
    return scene
  }

  return {
    networkOf: (context) => sceneOf(context).network,
    beforeEach(context) {
      const scene = sceneOf(context)
      const choice = choiceOf(context.globals['network'])
      if (choice !== scene.choice) {
        scene.choice = choice
        if (choice === 'all-well') scene.network.calm()
        else scene.network.run(scenarios[choice])
      }
      return () => {
        scene.network.dispose()
        if (shown.get(context.id) === scene) shown.delete(context.id)
      }
    },
  }
}

/** A URL can say anything; what is no scenario is all well. */
function choiceOf(given: unknown): NetworkChoice {
  return typeof given === 'string' && Object.hasOwn(scenarios, given) ? (given as ScenarioName) : 'all-well'
}
