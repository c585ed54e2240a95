/**
 * The story's side of the addon `holdfast/simulator/storybook`: the toolbar, and a network for each story whose
 * parameter `network` brings handlers. Storybook finds it by the addon's name.
 *
 *     parameters: { network: { handlers, hosts: ['api.example'] } }
 */
import { badOption } from '../../src/core/errors.js'
import { plainObject } from '../checks.js'
import { installPage } from '../install-page.js'
import { createNetwork, type NetworkOptions } from '../network.js'
import { createNetworkStage, type StageContext } from './stage.js'

export { globalTypes, initialGlobals } from './toolbar.js'

/** The parameter `network`: options of `createNetwork`, but for those that the toolbar sets. */
export interface NetworkParameters extends Omit<NetworkOptions, 'clock' | 'seed'> {
  /** Whether `WebSocket` is put on the network, too. Default: true. */
  readonly webSocket?: boolean
}

const parametersOf = ({ parameters }: StageContext): NetworkParameters =>
  plainObject('parameters.network', parameters?.['network'])

/** Stories whose application uses the page's own fetch, XMLHttpRequest and WebSocket. */
const pages = createNetworkStage(
  ({ clock, seed, context }) => {
    const { webSocket: _, ...options } = parametersOf(context)
    return createNetwork({ ...options, clock, seed })
  },
  {
    install: (network, context) =>
      installPage(network, { webSocket: parametersOf(context).webSocket ?? true }),
  },
)

/** Of a page, so that a second network does not take it from the first. */
let installed: string | null = null

/** Puts the network of the parameters under the story, if it has any. */
export function beforeEach(context: StageContext): (() => void) | undefined {
  if (context.parameters?.['network'] === undefined) return undefined
  if (installed !== null && installed !== context.id) {
    throw badOption(
      'parameters.network',
      context.id,
      `one story a page: ${installed} has it. Show this one in a frame`,
    )
  }
  installed = context.id
  const leave = pages.beforeEach(context)
  return () => {
    leave()
    installed = null
  }
}
