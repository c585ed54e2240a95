import type { Scenario } from '../scenario.js'

/** The process dies (SIGKILL, out of memory): answers on their way are lost, and nobody listens for 6 s. */
export const serverKilled: Scenario = {
  name: 'Server is killed',
  sentence:
    'The process dies (SIGKILL, out of memory): answers on their way are lost, and nobody listens for 6 s.',
  seed: 1,
  steps: [{ atMs: 1000, do: { type: 'restart.kill', downMs: 6000 } }],
}
