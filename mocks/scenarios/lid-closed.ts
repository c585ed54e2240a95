import type { Scenario } from '../scenario.js'

/**
 * A laptop sleeps for an hour. Then it is there again: its clock has jumped, its Wi-Fi takes a moment, and the path has
 * forgotten every connection. The hour takes four seconds to play.
 */
export const lidClosed: Scenario = {
  name: 'Lid closed for an hour',
  sentence:
    'A laptop sleeps for an hour; when it wakes, its clock has jumped, its Wi-Fi needs 1.5 s, and what was open is forgotten.',
  seed: 1,
  steps: [
    { atMs: 2000, do: { type: 'device.asleep', ms: 3_600_000 }, forMs: 4000 },
    { atMs: 6000, do: { type: 'lost' } },
    { atMs: 6000, do: { type: 'offline' }, forMs: 1500 },
  ],
}
