/** The toolbar: a scenario, its speed, and the luck of its requests. */
import type { Scenario } from '../scenario.js'
import { scenarios, type ScenarioName } from '../scenarios/index.js'

/** What the toolbar can say: a scenario, one of the project's own among them, the last one again, or that all is well. */
export type NetworkChoice = ScenarioName | 'again' | 'all-well' | (string & {})

/** How fast time can be chosen to pass (virtual seconds a second). */
export const SPEEDS: readonly number[] = [0.1, 0.25, 0.5, 1, 2, 5, 10, 100]
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9]

/** For a project's `globalTypes`. */
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
  networkSpeed: {
    description: 'How fast time passes for the network of this story',
    toolbar: {
      icon: 'fastforward',
      dynamicTitle: true,
      items: SPEEDS.map((value) => ({ value, title: `${value}×` })),
    },
  },
  networkSeed: {
    description: 'The luck of the requests of this story',
    toolbar: {
      icon: 'graphbar',
      dynamicTitle: true,
      items: SEEDS.map((value) => ({ value, title: `Seed ${value}` })),
    },
  },
} as const

/** All is well until somebody chooses otherwise. */
export const initialGlobals: {
  readonly network: NetworkChoice
  readonly networkSpeed: number
  readonly networkSeed: number
} = { network: 'all-well', networkSpeed: 1, networkSeed: 1 }

type Globals = Readonly<Record<string, unknown>>

/** What the toolbar says, of these scenarios. A URL can say anything; what is nothing of ours is all well. */
export function choiceOf({ network }: Globals, known: Readonly<Record<string, Scenario>>): NetworkChoice {
  if (network === 'again') return network
  return typeof network === 'string' && Object.hasOwn(known, network) ? network : 'all-well'
}

/** A number that the toolbar or a URL says; what is out of bounds is the one that it begins with. */
function numberOf(given: unknown, min: number, max: number): number {
  const number = given === undefined || given === '' ? Number.NaN : Number(given)
  return number >= min && number <= max ? number : 1
}

/** How fast time passes. */
export const speedOf = ({ networkSpeed }: Globals): number => numberOf(networkSpeed, 0.1, 100)

/** The luck of the requests. */
export const seedOf = ({ networkSeed }: Globals): number =>
  Math.floor(numberOf(networkSeed, 0, Number.MAX_SAFE_INTEGER))
