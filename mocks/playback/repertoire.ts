/** What the names in a script stand for: scenarios, and what a person can do by hand. */
import { checkKeys } from '../../src/core/errors.js'
import { plainObject } from '../checks.js'
import { checkScenario, type Scenario } from '../scenario.js'
import { scenarios } from '../scenarios/index.js'
import { buttons, checkButton, type Button } from './buttons.js'

/** What the names in a script stand for. */
export interface Repertoire {
  readonly scenarios: Readonly<Record<string, Scenario>>
  readonly buttons: Readonly<Record<string, Button>>
}

/** The catalogue of scenarios, and a button for everything. */
export const standardRepertoire: Repertoire = { scenarios, buttons }

/** The repertoire that was given; `bad-option` names what is wrong with it. */
export function checkRepertoire(given: unknown): Repertoire {
  const repertoire = plainObject('repertoire', given)
  checkKeys('repertoire', repertoire, ['scenarios', 'buttons'])
  for (const [name, scenario] of Object.entries(
    plainObject('repertoire.scenarios', repertoire['scenarios']),
  )) {
    checkScenario(scenario, `repertoire.scenarios.${name}`)
  }
  for (const [name, button] of Object.entries(plainObject('repertoire.buttons', repertoire['buttons']))) {
    checkButton(button, `repertoire.buttons.${name}`)
  }
  return given as Repertoire
}
