/** Scenarios of a project's own beside those of the catalogue: in the toolbar, in the panel and in links. */
import { badOption } from '../../src/core/errors.js'
import { plainObject } from '../checks.js'
import { standardRepertoire, type Repertoire } from '../playback/repertoire.js'
import { checkScenario, type Scenario } from '../scenario.js'
import { choiceOf, globalTypes } from './toolbar.js'

/** Scenarios by the names that URLs give them. */
export type NamedScenarios = Readonly<Record<string, Scenario>>

/**
 * What Storybook's URL lets through in a global, without the letters between which a link is taken apart. Of digits alone
 * it makes a number, which is no name any more.
 */
const NAME = /^(?!\d+$)[a-z0-9][a-z0-9-]*$/i

/** What the menu says beside scenarios. */
const TAKEN = ['all-well', 'again']

function checkName(name: string): void {
  if (!NAME.test(name))
    throw badOption('scenarios', name, 'names of letters, digits and hyphens, not of digits alone')
  if (TAKEN.includes(name) || Object.hasOwn(standardRepertoire.scenarios, name))
    throw badOption('scenarios', name, 'names that neither the catalogue nor the toolbar has')
}

/**
 * Puts scenarios of the project's own into the toolbar, before those of the catalogue. In `preview`:
 *
 *     globalTypes: networkScenarios({ 'till-closed': { name: 'The till is closed', sentence: '…', steps: [] } })
 *
 * They are played, drawn and linked as the catalogue's are: by their names, so that a link says the same for as long as
 * its scenario stays as it is. A recorded one comes from `fromRecording` or `fromHar`.
 *
 * @param own scenarios by name: letters, digits and hyphens, not digits alone, and none of the catalogue's.
 * @throws `bad-option` naming the scenario, its part, and what is allowed
 */
export function networkScenarios(own: NamedScenarios) {
  const given = Object.entries(plainObject('scenarios', own, 'scenarios by name'))
  const checked = given.map(([name, scenario]) => {
    checkName(name)
    return [name, checkScenario(scenario, `scenarios.${name}`)] as const
  })
  const { network } = globalTypes
  const [allWell, again, ...catalogue] = network.toolbar.items
  const items = checked.map(([value, { name }]) => ({ value, title: name }))
  return {
    network: {
      ...network,
      toolbar: { ...network.toolbar, items: [allWell, again, ...items, ...catalogue] },
      scenarios: Object.fromEntries(checked),
    },
  }
}

/** What the toolbar of this project can play: its own scenarios, which its `globalTypes` bring, and the catalogue. */
export function repertoireOf(types: Readonly<Record<string, unknown>> = {}): Repertoire {
  const { scenarios } = (types['network'] ?? {}) as { readonly scenarios?: NamedScenarios }
  return withOwn(scenarios ?? {})
}

/**
 * A scenario of the toolbar, for showing what it is; null: all is well.
 *
 * @param globals what the toolbar says: `context.globals`.
 * @param types where the project's own are: `context.globalTypes`. Default: the catalogue alone.
 */
export function scenarioOf(
  globals: Readonly<Record<string, unknown>>,
  types?: Readonly<Record<string, unknown>>,
): Scenario | null {
  const { scenarios } = repertoireOf(types)
  return scenarios[choiceOf(globals, scenarios)] ?? null
}

/** The catalogue and these. */
export const withOwn = (own: NamedScenarios): Repertoire => ({
  ...standardRepertoire,
  scenarios: { ...standardRepertoire.scenarios, ...own },
})

/** Those that are not of the catalogue. */
export const ownOf = ({ scenarios }: Repertoire): NamedScenarios =>
  Object.fromEntries(
    Object.entries(scenarios).filter(([name]) => !Object.hasOwn(standardRepertoire.scenarios, name)),
  )
