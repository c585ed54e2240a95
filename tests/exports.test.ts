import { expect, it } from 'vitest'
import * as devServer from '../mocks/dev-server.js'
import * as simulator from '../mocks/index.js'
import * as node from '../mocks/node.js'
import * as playwright from '../mocks/playwright.js'
import * as storybook from '../mocks/storybook/index.js'
import * as ar from '../src/components/locales/ar.js'
import * as de from '../src/components/locales/de.js'
import * as en from '../src/components/locales/en.js'
import * as es from '../src/components/locales/es.js'
import * as fr from '../src/components/locales/fr.js'
import * as ja from '../src/components/locales/ja.js'
import * as ko from '../src/components/locales/ko.js'
import * as ptBR from '../src/components/locales/pt-br.js'
import * as translated from '../src/components/locales/translated.js'
import * as zhCN from '../src/components/locales/zh-cn.js'
import * as zhTW from '../src/components/locales/zh-tw.js'
import * as guard from '../src/guard/index.js'
import * as fetch from '../src/http/fetch.js'
import * as http from '../src/http/index.js'
import * as holdfast from '../src/index.js'
import * as liveDurable from '../src/live/durable.js'
import * as live from '../src/live/index.js'
import * as presets from '../src/presets.js'
import * as queue from '../src/queue/index.js'
import * as recorder from '../src/recorder/index.js'
import * as chunks from '../src/signals/chunks.js'
import * as tabs from '../src/tabs/across.js'
import * as vueDrafts from '../src/vue/drafts.js'
import * as vueGuard from '../src/vue/guard.js'
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
    'ReconnectingWebSocket adaptive article createChannel createKeeper createRoutes endpointOf eventStream fixedHeartbeat longPoll oneRoute probeByDial sharedTabs webSocket',
  ],
  ['holdfast/live/durable', liveDurable, 'durableMessages'],
  [
    'holdfast/vue',
    vue,
    'createContext createHoldfast holdfastKey provideHoldfast useConnection useCountdown useHoldfast useQueue useRetryCountdown useStatus',
  ],
  ['holdfast/vue/live', vueLive, 'useChannel useWebSocket'],
  ['holdfast/vue/drafts', vueDrafts, 'forgetDrafts localDrafts useAutoReload useDraft useLeaveGuard'],
  ['holdfast/chunks', chunks, 'chunkSignal'],
  ['holdfast/tabs', tabs, 'acrossTabs'],
  ['holdfast/locales/en', en, 'en'],
  ['holdfast/locales/zh-cn', zhCN, 'zhCN'],
  ['holdfast/locales/zh-tw', zhTW, 'zhTW'],
  ['holdfast/locales/ja', ja, 'ja'],
  ['holdfast/locales/ko', ko, 'ko'],
  ['holdfast/locales/de', de, 'de'],
  ['holdfast/locales/fr', fr, 'fr'],
  ['holdfast/locales/es', es, 'es'],
  ['holdfast/locales/pt-br', ptBR, 'ptBR'],
  ['holdfast/locales/ar', ar, 'ar'],
  ['holdfast/locales/translated', translated, 'translated'],
  ['holdfast/guard', guard, 'createGuard'],
  ['holdfast/vue/guard', vueGuard, 'useGuarded'],
  ['holdfast/recorder', recorder, 'createRecorder'],
  [
    'holdfast/simulator',
    simulator,
    'createNetwork createPlayback exposeNetwork fromHar fromRecording installPage manualClock scenarios seededRandom',
  ],
  ['holdfast/simulator/dev-server', devServer, 'installFromUrl'],
  ['holdfast/simulator/node', node, 'installNode'],
  [
    'holdfast/simulator/storybook',
    storybook,
    'createNetworkStage globalTypes initialGlobals networkScenarios scenarioOf',
  ],
  ['holdfast/simulator/playwright', playwright, 'networkFixtures networkOf'],
])('R40: %s exports what was promised, and nothing by accident', (_, entry, names) => {
  expect(Object.keys(entry).sort().join(' ')).toBe(names)
})
