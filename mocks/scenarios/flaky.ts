import type { Scenario } from '../scenario.js'

/** A bad cable or an overloaded access point: three requests in ten fail, for a minute. */
export const flaky: Scenario = {
  name: 'Flaky, 30 %',
  sentence: 'A bad cable or an overloaded access point: three requests in ten fail, for a minute.',
  seed: 1,
  steps: [{ atMs: 0, do: { type: 'flaky', probability: 0.3, fault: { type: 'refuse' } }, forMs: 60_000 }],
}
