/**
 * The story's side of the addon `holdfast/simulator/storybook`: the toolbar, and a network for each story whose
 * parameter `network` brings handlers. Storybook finds it by the addon's name.
 *
 *     parameters: { network: { handlers } }
 */
import type { AnyHandler } from 'msw'
import type { Stop } from '../../src/core/state.js'
import { plainObject } from '../checks.js'
import { hostsOf } from '../handler-hosts.js'
import { installPage } from '../install-page.js'
import { createNetwork, type Network, type NetworkOptions } from '../network.js'
import { createNetworkStage, type StageContext } from './stage.js'

export { globalTypes, initialGlobals } from './toolbar.js'

/**
 * The parameter `network`: options of `createNetwork`, but for those that the toolbar sets. Default of `hosts`: those
 * that the handlers name; if they name none, they have to be given.
 */
export interface NetworkParameters extends Omit<NetworkOptions, 'clock' | 'seed'> {
  /** Whether `WebSocket` is put on the network, too. Default: true. */
  readonly webSocket?: boolean
}

const parametersOf = ({ parameters }: StageContext): NetworkParameters =>
  plainObject('parameters.network', parameters?.['network'])

/** The handlers that the other stories of a page of documentation bring: to each world of the network that they share. */
const guests = new Map<string, readonly AnyHandler[]>()

/** Stories whose application uses the page's own fetch, XMLHttpRequest and WebSocket. */
const pages = createNetworkStage(
  ({ clock, seed, context }) => {
    const { webSocket: _, ...options } = parametersOf(context)
    const named = hostsOf(options.handlers ?? [])
    const hosts = options.hosts ?? (named.length > 0 ? named : undefined)
    const network = createNetwork({ ...options, ...(hosts && { hosts }), clock, seed })
    for (const handlers of guests.values()) network.use(...handlers)
    return network
  },
  {
    install: (network, context) =>
      installPage(network, { webSocket: parametersOf(context).webSocket ?? true }),
  },
)

/** Whose network the page has. */
let host: StageContext | null = null

/** A story joins the network that there is; each time Storybook renders it anew it brings its handlers once more. */
function join(id: string, handlers: readonly AnyHandler[], network: Network): Stop {
  guests.set(id, handlers)
  const stop = network.use(...handlers)
  return () => {
    stop()
    if (guests.get(id) === handlers) guests.delete(id)
  }
}

/**
 * Puts the network of the parameters under the story, if it has any. On a page of documentation there are several
 * stories and one page: they share the network of the first, and bring their handlers to it.
 */
export function beforeEach(context: StageContext): (() => void) | undefined {
  if (context.parameters?.['network'] === undefined) return undefined
  if (host !== null && host.id !== context.id) {
    return join(context.id, parametersOf(context).handlers ?? [], pages.networkOf(host))
  }
  const leave = pages.beforeEach(context)
  host = context
  return () => {
    leave()
    host = null
  }
}
