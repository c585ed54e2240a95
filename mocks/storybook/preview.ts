/**
 * The story's side of the addon `holdfast/simulator/storybook`: the toolbar, and a network for each story whose
 * parameter `network` brings handlers. Storybook finds it by the addon's name.
 *
 *     parameters: { network: { handlers } }
 */
import type { AnyHandler } from 'msw'
import type { Stop } from '../../src/core/state.js'
import { oneOf, optional, plainObject } from '../checks.js'
import { createPageTimers } from '../device/page-timers.js'
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
  /**
   * Whose time the story's own `setTimeout`, `setInterval` and `Date` are of. `virtual`: of its network's device. They
   * stand still, hurry and go back with it, so that the scrubber and a link bring back what they ask for, too; so do the
   * timers of play functions. On a page of documentation they stay real, and so do `performance.now`,
   * `requestAnimationFrame` and `AbortSignal.timeout` everywhere. Default: `real`: a way back brings back what happens on
   * the network, and what such timers ask for comes as it comes.
   */
  readonly timers?: 'real' | 'virtual'
}

const timersOf = optional(oneOf('real', 'virtual'))

function parametersOf({ parameters }: StageContext): NetworkParameters {
  const given: NetworkParameters = plainObject('parameters.network', parameters?.['network'])
  timersOf('parameters.network.timers', given.timers)
  return given
}

/** Taken before any story has put others in their place. */
const timers = createPageTimers()

/** The handlers that the other stories of a page of documentation bring: to each world of the network that they share. */
const guests = new Map<string, readonly AnyHandler[]>()

/** Stories whose application uses the page's own fetch, XMLHttpRequest, EventSource and WebSocket. */
const pages = createNetworkStage(
  ({ clock, seed, context }) => {
    const { webSocket: _, timers: __, ...options } = parametersOf(context)
    const named = hostsOf(options.handlers ?? [])
    const hosts = options.hosts ?? (named.length > 0 ? named : undefined)
    const network = createNetwork({ ...options, ...(hosts && { hosts }), clock, seed })
    for (const handlers of guests.values()) network.use(...handlers)
    return network
  },
  {
    real: timers.real,
    install(network, context) {
      const { webSocket = true, timers: whose = 'real' } = parametersOf(context)
      const stops = [installPage(network, { webSocket })]
      if (whose === 'virtual' && context.viewMode !== 'docs') stops.push(timers.install(network.device.clock))
      return () => {
        for (const stop of stops.splice(0).reverse()) stop()
      }
    },
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
