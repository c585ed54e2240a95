import type { Scenario } from '../scenario.js'

/** The router has forgotten its table (NAT): what was open stays open and silent, new connections are well. */
export const halfOpen: Scenario = {
  name: 'Half-open',
  sentence:
    'The router has forgotten its table (NAT): what was open stays open and silent, new connections are well.',
  seed: 1,
  steps: [{ atMs: 1000, do: { type: 'lost' } }],
}
