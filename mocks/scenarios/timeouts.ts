import type { Scenario } from '../scenario.js'

/** A firewall drops every packet for 20 s: nothing is refused, nothing is answered. */
export const timeouts: Scenario = {
  name: 'Timeouts',
  sentence: 'A firewall drops every packet for 20 s: nothing is refused, nothing is answered.',
  seed: 1,
  steps: [{ atMs: 1000, do: { type: 'blackhole' }, forMs: 20_000 }],
}
