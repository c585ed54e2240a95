import type { Scenario } from '../scenario.js'

/**
 * Three instances behind one name are replaced, each after a drain of 2 s and in 4 s: requests never notice, but whoever
 * is connected is sent away, and may land on one that has its turn yet to come.
 */
export const rollingDeploy: Scenario = {
  name: 'Rolling deploy',
  sentence:
    'Three instances behind one name are replaced one after the other: requests never notice, what stays open is sent away.',
  seed: 1,
  steps: [{ atMs: 1000, do: { type: 'restart.rolling', instances: 3, drainMs: 2000, downMs: 4000 } }],
}
