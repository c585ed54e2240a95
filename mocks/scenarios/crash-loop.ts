import type { Scenario } from '../scenario.js'

/** A release that dies 6 s after it has come up: three times, until the old one is back. */
export const crashLoop: Scenario = {
  name: 'Crash loop',
  sentence: 'A release that dies 6 s after it has come up: three times, until the old one is back.',
  seed: 1,
  steps: [{ atMs: 1000, do: { type: 'restart.crashLoop', times: 3, upMs: 6000, downMs: 4000 } }],
}
