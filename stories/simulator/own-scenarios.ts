/** Scenarios of this project's own, in the toolbar of its Storybook beside those of the catalogue. */
// #region own
import { fromRecording } from '../../mocks/index.js'
import { networkScenarios } from '../../mocks/storybook/index.js'
import recording from './server-killed.recording.json'

export const own = networkScenarios({
  'cart-down': {
    name: 'The cart is down',
    sentence: 'One service answers 503 for five seconds while all others are well.',
    steps: [{ atMs: 1000, do: { type: 'status', code: 503, only: { path: '/cart' } }, forMs: 5000 }],
  },
  'as-recorded': fromRecording(recording, { name: 'As recorded: server killed' }),
})
// #endregion own
