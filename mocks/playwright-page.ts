/** The page's half of `holdfast/simulator/playwright`: a network that a test can reach from outside the page. */
import { badOption } from '../src/core/errors.js'
import type { Stop } from '../src/core/state.js'
import type { Fault } from './faults.js'
import type { CallMatch, LogEntry } from './log.js'
import type { Network } from './network.js'
import { nameOf, type Restart } from './restarts.js'
import type { Scenario } from './scenario.js'
import { scenarios } from './scenarios/index.js'

/** Where a page keeps it. */
export const EXPOSED = '__holdfastNetwork'

/** A network as data goes in and out: what a test asks for crosses the border of a process. */
export interface ExposedNetwork {
  run(given: { readonly scenario: string | Scenario; readonly seed?: number }): void
  calm(): void
  /** Returns the number by which `release` takes it back. */
  apply(fault: Fault): number
  release(number: number): void
  restart(restart: Restart): void
  advance(ms: number): Promise<void>
  log(): readonly LogEntry[]
  calls(match: CallMatch): readonly LogEntry[]
  logHash(): string
}

/**
 * Lets a Playwright test drive this network (`holdfast/simulator/playwright`). `installFromUrl` does so by itself. For
 * test builds and development only.
 *
 * @param own scenarios besides the catalogue's, by name.
 */
export function exposeNetwork(network: Network, own: Readonly<Record<string, Scenario>> = {}): Stop {
  const all: Readonly<Record<string, Scenario>> = { ...scenarios, ...own }
  const stops = new Map<number, Stop>()
  let numbers = 0
  const exposed: ExposedNetwork = {
    run({ scenario: given, seed }) {
      if (typeof given === 'string' && !Object.hasOwn(all, given)) {
        throw badOption('scenario', given, Object.keys(all).join(', '))
      }
      const scenario = typeof given === 'string' ? all[given]! : given
      network.run(seed === undefined ? scenario : { ...scenario, seed })
    },
    calm: network.calm,
    apply(fault) {
      stops.set(++numbers, network.apply(fault))
      return numbers
    },
    release: (number) => stops.get(number)?.(),
    restart({ type, ...options }) {
      const begin = network.restart[nameOf(type)] as (options: object) => Stop
      begin(options)
    },
    advance: network.advance,
    log: () => [...network.log],
    calls: (match) => [...network.calls(match)],
    logHash: network.logHash,
  }
  Reflect.set(globalThis, EXPOSED, exposed)
  return () => {
    if (Reflect.get(globalThis, EXPOSED) === exposed) Reflect.deleteProperty(globalThis, EXPOSED)
  }
}
