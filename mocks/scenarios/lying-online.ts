import type { Scenario } from '../scenario.js'

/** The browser says that it is online while nothing gets through, and later that it is offline while all is well. */
export const lyingOnline: Scenario = {
  name: 'The flag lies',
  sentence:
    'The browser says that it is online while nothing gets through, and later that it is offline while all is well.',
  seed: 1,
  steps: [
    { atMs: 1000, do: { type: 'lie', onLine: true }, forMs: 9000 },
    { atMs: 1000, do: { type: 'offline' }, forMs: 8000 },
    { atMs: 16_000, do: { type: 'lie', onLine: false }, forMs: 8000 },
  ],
}
