import type { Scenario } from '../scenario.js'

/** A deploy: the service says so on its health check for 3 s, is gone for 5 s, and is slow while it warms up. */
export const serverRestarts: Scenario = {
  name: 'Server restarts',
  sentence:
    'A deploy: the service says so on its health check for 3 s, is gone for 5 s, and is slow while it warms up.',
  seed: 1,
  steps: [{ atMs: 1000, do: { type: 'restart.graceful', drainMs: 3000, downMs: 5000, warmMs: 2000 } }],
}
