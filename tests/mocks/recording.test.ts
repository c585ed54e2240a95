import { expect, test } from 'vitest'
import { fromRecording, scenarios } from '../../mocks/index.js'
import { lengthOf, type Scenario } from '../../mocks/scenario.js'
import { differencesOf, live } from './recording-rig.js'

/** Long enough after the last step for the kit to be well again, or at its pace. */
const AFTER_MS = 12_000

/** What the kit cannot see of these, so that it cannot be in a recording. */
const NOT_THE_SAME: Readonly<Record<string, string>> = {
  'reply-lost':
    'the browser sent it again by itself: it took twice as long, and nobody told the kit when it had left',
  'lid-closed': 'the device slept: the kit was told that time had passed, not why',
}

test.each(Object.entries<Scenario>(scenarios).filter(([name]) => !(name in NOT_THE_SAME)))(
  'B13: %s, recorded and replayed: the same states of the connection, in the same order, at the same times',
  async (_, scenario) => {
    const lengthMs = lengthOf(scenario) + AFTER_MS
    const lived = await live(scenario, lengthMs)
    const file = JSON.stringify(lived.recording)
    const replayed = await live(fromRecording(file), lengthMs)
    expect(differencesOf(lived.links, replayed.links)).toEqual([])
    expect(lived.links.length).toBeGreaterThan(1)
  },
)
