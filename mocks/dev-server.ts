/**
 * `holdfast/simulator/dev-server`: an application that runs on its development server, over a network that its address
 * says: `?network=server-restarts&seed=3&speed=10`.
 */
import { http, passthrough, type AnyHandler } from 'msw'
import type { Clock } from '../src/core/clock.js'
import { badOption, checkKeys } from '../src/core/errors.js'
import type { Stop } from '../src/core/state.js'
import { scaledClock } from './dev-server-clock.js'
import { hostsOf } from './handler-hosts.js'
import { installPage } from './install-page.js'
import { manualClock } from './manual-clock.js'
import { createNetwork, type Network } from './network.js'
import { exposeNetwork } from './playwright-page.js'
import { checkScenario, type Scenario } from './scenario.js'
import { scenarios } from './scenarios/index.js'

/** Options of `installFromUrl`. */
export interface InstallFromUrlOptions {
  /** The application's MSW handlers, as they are. What none of them takes goes to the real server. Default: none. */
  readonly handlers?: readonly AnyHandler[]
  /**
   * The hosts of the service, with their port: the network is theirs. Default: those that the handlers name; if they
   * name none, the page's own, as behind the proxy of a development server.
   */
  readonly hosts?: readonly string[]
  /** Scenarios of the application's own, by the names that the address gives. They go before the catalogue's. */
  readonly scenarios?: Readonly<Record<string, Scenario>>
  /** Where the parameters are. Default: the page's address. */
  readonly url?: string
  /** Whether `WebSocket` is put on the network, too; only ws handlers answer it then. Default: false. */
  readonly webSocket?: boolean
}

/** What is simulated on this page. */
export interface Simulation {
  readonly network: Network
  /** For `createConnection({ clock })`: the device's, so that an application hurries, freezes and sleeps with it. */
  readonly clock: Clock
  /** What is played; null: all is well. */
  readonly scenario: Scenario | null
  /** Gives the page its own network back. */
  readonly stop: Stop
}

/** The value that puts the network in place and plays nothing. */
const ALL_WELL = 'all-well'

const OPTIONS = ['handlers', 'hosts', 'scenarios', 'url', 'webSocket']

/**
 * Puts the simulated network in place of the page's and plays what its address says; without `?network=` it does nothing
 * and returns null, as it does in a production build, whatever the address says. Call it in the development entry,
 * before the application makes its first request:
 *
 *     if (import.meta.env.DEV) (await import('holdfast/simulator/dev-server')).installFromUrl({ handlers })
 *
 * - `network`: the name of a scenario, or `all-well`.
 * - `seed`: the luck of its requests; a whole number. Default: the scenario's own.
 * - `speed`: how many times as fast as the real one its clock goes, 0.1 to 100. Default: 1.
 * - `clock`: `manual`: time stands still until a test moves it (`holdfast/simulator/playwright`). Default: `system`.
 *
 * @throws `bad-option` for a value that is none of these, and for an option that cannot be used
 */
export function installFromUrl(options: InstallFromUrlOptions = {}): Simulation | null {
  checkKeys('installFromUrl', options, OPTIONS)
  const asked = new URL(options.url ?? globalThis.location.href).searchParams
  const name = asked.get('network')
  if (name === null) return null
  if (isProduction()) {
    console.error('[holdfast] The simulator does nothing in a production build')
    return null
  }
  const found = scenarioNamed(name, { ...scenarios, ...options.scenarios })
  const seed = numberIn(asked, 'seed', { min: 0, max: Number.MAX_SAFE_INTEGER, isWhole: true })
  const speed = numberIn(asked, 'speed', { min: 0.1, max: 100, isWhole: false }) ?? 1
  const clock = clockNamed(asked.get('clock'), speed)
  const { handlers = [], webSocket = false } = options
  const hosts = options.hosts ?? hostsOf(handlers)
  const network = createNetwork({
    clock,
    hosts: hosts.length > 0 ? hosts : [new URL(options.url ?? globalThis.location.href).host],
    // What no handler takes goes over the simulated network to the real server behind it.
    handlers: [...handlers, http.all('*', () => passthrough())],
    ...(seed === null ? {} : { seed }),
  })
  const scenario = found && seed !== null ? { ...found, seed } : found
  const stops = [installPage(network, { webSocket }), exposeNetwork(network, options.scenarios)]
  if (scenario) network.run(scenario)
  console.info(`[holdfast] The network of this page is simulated: ${scenario?.sentence ?? 'all is well'}`)
  return {
    network,
    clock: network.device.clock,
    scenario,
    stop() {
      for (const stop of stops.splice(0).reverse()) stop()
      network.dispose()
    },
  }
}

/** Bundlers write the mode in; where nobody does, it is no production build. */
function isProduction(): boolean {
  try {
    return process.env.NODE_ENV === 'production'
  } catch {
    return false
  }
}

function scenarioNamed(name: string, all: Readonly<Record<string, Scenario>>): Scenario | null {
  if (name === ALL_WELL) return null
  if (!Object.hasOwn(all, name)) throw badOption('network', name, [ALL_WELL, ...Object.keys(all)].join(', '))
  return checkScenario(all[name])
}

function numberIn(
  asked: URLSearchParams,
  key: string,
  { min, max, isWhole }: { readonly min: number; readonly max: number; readonly isWhole: boolean },
): number | null {
  const given = asked.get(key)
  if (given === null) return null
  const number = given.trim() === '' ? NaN : Number(given)
  if (number >= min && number <= max && (!isWhole || Number.isInteger(number))) return number
  throw badOption(key, given, `a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}`)
}

function clockNamed(name: string | null, speed: number): Clock {
  if (name === 'manual') return manualClock()
  if (name === null || name === 'system') return scaledClock(speed)
  throw badOption('clock', name, 'system, manual')
}
