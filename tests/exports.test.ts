import { expect, it } from 'vitest'
import * as simulator from '../mocks/index.js'
import * as fetch from '../src/http/fetch.js'
import * as http from '../src/http/index.js'
import * as holdfast from '../src/index.js'
import * as live from '../src/live/index.js'
import * as presets from '../src/presets.js'
import * as queue from '../src/queue/index.js'
import * as vue from '../src/vue/index.js'
import * as vueLive from '../src/vue/live.js'

/** The entry files are lists that can be read aloud; others build on these names. */
it.each([
  [
    'holdfast',
    holdfast,
    'HoldfastError browserSignals createConnection createStatus exponential fixed isHoldfastError linear probe sequence systemClock systemRandom',
  ],
  ['holdfast/presets', presets, 'additive article fixed3s http live restart steady'],
  ['holdfast/http', http, 'attachHttp classify isQueued sendRequest'],
  ['holdfast/fetch', fetch, 'attachFetch classify isQueued sendFetch'],
  [
    'holdfast/queue',
    queue,
    'attachments coalescing createQueue indexedDbStore memoryStore optimistic resolving temporaryIds',
  ],
  [
    'holdfast/live',
    live,
    'ReconnectingWebSocket adaptive article createChannel createKeeper createRoutes endpointOf eventStream fixedHeartbeat longPoll oneRoute sharedTabs webSocket',
  ],
  [
    'holdfast/vue',
    vue,
    'createContext createHoldfast holdfastKey provideHoldfast useConnection useCountdown useHoldfast useQueue useRetryCountdown useStatus',
  ],
  ['holdfast/vue/live', vueLive, 'useChannel useWebSocket'],
  ['holdfast/simulator', simulator, 'createNetwork installPage manualClock scenarios seededRandom'],
])('R40: %s exports what was promised, and nothing by accident', (_, entry, names) => {
  expect(Object.keys(entry).sort().join(' ')).toBe(names)
})
