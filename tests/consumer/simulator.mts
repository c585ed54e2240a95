/** A test that uses the simulator by its names, for its types alone (see kit.mts). */
import axios from 'axios'
import { createNetwork, manualClock, scenarios, seededRandom } from 'holdfast/simulator'
import { createNetworkStage, type NetworkParameters } from 'holdfast/simulator/storybook'
import { globalTypes, initialGlobals } from 'holdfast/simulator/storybook/preview'

const clock = manualClock()
const network = createNetwork({ clock, seed: 7, hosts: ['api.example'] })
network.run(scenarios['offline-4s'])
await clock.advance(4_000)

export const api = axios.create({ adapter: network.axiosAdapter })
export const roll: number = seededRandom(7).next()
export const toolbar = { globalTypes, initialGlobals }
export const stage = createNetworkStage(({ clock, seed }) => createNetwork({ clock, seed }))
export const parameters: NetworkParameters = { hosts: ['api.example'], webSocket: false }
export const boot: string = network.boot

// @ts-expect-error -- a seed is a number
createNetwork({ seed: 'seven' })
// @ts-expect-error -- there are the scenarios that there are
network.run(scenarios['a-good-day'])
