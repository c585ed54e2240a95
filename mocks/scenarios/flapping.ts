import type { Scenario } from '../scenario.js'

/** A loose plug: six times the device has no network for 1.5 s and has it again for 2.5 s. */
export const flapping: Scenario = {
  name: 'Flapping six times',
  sentence: 'A loose plug: six times the device has no network for 1.5 s and has it again for 2.5 s.',
  seed: 1,
  steps: [
    ...Array.from({ length: 6 }, (_, turn) => ({
      atMs: 1000 + turn * 4000,
      do: { type: 'offline' as const },
      forMs: 1500,
    })),
  ],
}
