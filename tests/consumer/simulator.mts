/** A test that uses the simulator by its names, for its types alone (see kit.mts). */
import axios from 'axios'
import {
  createNetwork,
  exposeNetwork,
  fromHar,
  fromRecording,
  manualClock,
  scenarios,
  seededRandom,
  type Scenario,
} from 'holdfast/simulator'
import { installFromUrl, type Simulation } from 'holdfast/simulator/dev-server'
import { installNode } from 'holdfast/simulator/node'
import { networkFixtures, networkOf, type PageLike } from 'holdfast/simulator/playwright'
import { createNetworkStage, networkScenarios, type NetworkParameters } from 'holdfast/simulator/storybook'
import { globalTypes, initialGlobals } from 'holdfast/simulator/storybook/preview'

const clock = manualClock()
const network = createNetwork({ clock, seed: 7, hosts: ['api.example'] })
network.run(scenarios['offline-4s'])
await clock.advance(4_000)

export const api = axios.create({ adapter: network.axiosAdapter })
export const roll: number = seededRandom(7).next()
export const toolbar = { globalTypes, initialGlobals }
export const stage = createNetworkStage(({ clock, seed }) => createNetwork({ clock, seed }))
export const parameters: NetworkParameters = { hosts: ['api.example'], timers: 'virtual' }
export const boot: string = network.boot
export const stops: readonly (() => void)[] = [exposeNetwork(network), installNode(network)]
export const simulation: Simulation | null = installFromUrl({ handlers: [], hosts: ['api.example'] })
export const recorded: Scenario = fromRecording('{}', { name: 'Monday' })
export const own = { globalTypes: networkScenarios({ monday: recorded }) }
export const saved: Scenario = fromHar('{}', { hosts: ['api.example'] })
declare const page: PageLike
await networkOf(page).run('server-restarts', { seed: 3 })
await networkFixtures.network({ page }, async (driven) => void (await driven.advance(10)))

// @ts-expect-error -- options that do not exist are refused
installFromUrl({ host: 'api.example' })
// @ts-expect-error -- a restart has its options
await networkOf(page).restart.kill({ down: 1 })
// @ts-expect-error -- an own scenario is a scenario
networkScenarios({ monday: { name: 'Monday' } })
// @ts-expect-error -- a seed is a number
createNetwork({ seed: 'seven' })
// @ts-expect-error -- there are the scenarios that there are
network.run(scenarios['a-good-day'])
