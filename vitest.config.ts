import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import vue from '@vitejs/plugin-vue'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { BROWSER_FLAGS, findBrowser } from './scripts/find-browser.mjs'

const MINUTE_MS = 60_000

/** What replaces a module, or counts what a whole process holds: each of these files has a process of its own. */
const APART = ['tests/queue/blocked-upgrade.test.ts', 'tests/support/wire-faults.test.ts']

/** Many files share a process: loading the kit anew for each takes as long as all of their tests together. */
const unit: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'unit',
    environment: 'node',
    include: ['tests/**/*.test.ts'],
    exclude: [
      ...[
        'tests/restart/**',
        'tests/visual/**',
        'tests/truth/*-table.test.ts',
        'tests/elsewhere/*.browser.test.ts',
      ],
      'tests/{components,foreign}/*.browser.test.ts',
      ...APART,
    ],
    isolate: false,
    maxWorkers: 2,
    // Nothing here waits for long; in the test command it has what others leave. The soak tries properties 20,000 times
    // that name no number of their own.
    testTimeout: (process.argv.includes('soak') ? 20 : 2) * MINUTE_MS,
    setupFiles: ['tests/support/soak.ts'],
  },
}

const apart: TestProjectInlineConfiguration = {
  extends: true,
  test: { ...unit.test, name: 'apart', include: APART, exclude: [], isolate: true },
}

/** What compares times, or the memory of a process, with a limit: it has the machine to itself. */
const MEASURED = ['tests/truth/*-table.test.ts', 'tests/restart/{crowd,socket-ends}.test.ts']

/** What compares times of seconds with a limit, and waits for nearly all of them. */
const TIMED = [
  'tests/restart/{black-hole,channel-endpoints,channel-half-open,channel-tabs,shutdown,tabs,three-tabs}.test.ts',
  'tests/elsewhere/real-outage.browser.test.ts',
]

/** Real servers, proxies and pages in real time; they wait for most of it, so a few files may run at once. */
const restart: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'restart',
    environment: 'node',
    include: ['tests/restart/**/*.test.ts', 'tests/{components,elsewhere,foreign}/*.browser.test.ts'],
    exclude: [...MEASURED, ...TIMED],
    // Vite and the pages that it has built are there for the next file of a process.
    isolate: false,
    testTimeout: 2 * MINUTE_MS,
    hookTimeout: MINUTE_MS,
    maxWorkers: 3,
    // Of those that say that they can run beside others: more would slow each other.
    maxConcurrency: 3,
    sequence: { groupOrder: 1 },
  },
}

/** As `restart`, one file after the other: two truth tables at a time made the machine late for each other. */
const measured: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'measured',
    environment: 'node',
    include: MEASURED,
    testTimeout: 2 * MINUTE_MS,
    hookTimeout: MINUTE_MS,
    maxWorkers: 1,
    fileParallelism: false,
    maxConcurrency: 2,
    sequence: { groupOrder: 3 },
  },
}

/** As `measured`, two at a time: they do not hear each other. */
const timed: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    ...measured.test,
    name: 'timed',
    include: TIMED,
    fileParallelism: true,
    maxWorkers: 2,
    sequence: { groupOrder: 2 },
  },
}

/** Pictures of the built Storybook, held against those that were agreed upon. */
const visual: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'visual',
    environment: 'node',
    include: ['tests/visual/**/*.test.ts'],
    // Two dozen films are one test.
    testTimeout: 3 * MINUTE_MS,
    hookTimeout: MINUTE_MS,
    maxWorkers: 3,
    sequence: { groupOrder: 4 },
  },
}

const browser = findBrowser()

/** Every story is a test: it renders, its play function holds and axe finds nothing. It is played in light. */
const stories = (): TestProjectInlineConfiguration => ({
  extends: true,
  plugins: [storybookTest({ configDir: '.storybook' })],
  // Whatever is found only while tests run makes Vite reload the page under them.
  optimizeDeps: {
    include: [
      'vue',
      'axios',
      'idb',
      'eventsource-parser',
      'msw',
      '@mswjs/interceptors/WebSocket',
      '@storybook/vue3-vite',
      '@storybook/addon-a11y/preview',
      '@storybook/addon-docs/blocks',
      'reka-ui',
      'element-plus',
      'primevue/button',
      'primevue/config',
      'primevue/dialog',
      'primevue/message',
      'primevue/progressbar',
      '@primeuix/themes',
      '@primeuix/themes/aura',
      'pinia',
      'storybook/theming',
      'storybook/preview-api',
      'storybook/internal/core-events',
      'react',
      'react-dom',
      'react-dom/client',
    ],
  },
  test: {
    name: 'stories',
    testTimeout: MINUTE_MS / 2,
    // As in Storybook itself, one page shows them all: loading the kit anew for each file took as long as playing it.
    isolate: false,
    maxWorkers: 2,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: { args: BROWSER_FLAGS, ...(browser ? { executablePath: browser.path } : {}) },
        contextOptions: { colorScheme: 'light' },
      }),
      instances: [{ browser: 'chromium', name: 'stories' }],
    },
  },
})

/** Storybook takes seconds to load: who asks for other projects alone does not wait for it. */
const asksForOthersAlone =
  process.argv.some((word) => word.startsWith('--project')) &&
  !process.argv.some((word) => word.includes('stories'))

/** These take longest. In a fresh clone vitest knows no durations, and would begin some of them last, alone. */
const LONG = [
  'shutdown',
  'restart.test',
  'hostile.test',
  'browser-kill',
  'forms.test',
  'playwright',
  'films.test',
  'Languages.stories',
  'Film.stories',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      // By then less runs beside them, and they measure most exactly.
      if (moduleId.endsWith('-table.test.ts')) return LONG.length + 1
      const at = LONG.findIndex((name) => moduleId.includes(name))
      return at < 0 ? LONG.length : at
    }
    return (await super.sort(files)).sort((one, two) => rank(one) - rank(two))
  }
}

const inNode = [unit, apart, restart, timed, measured, visual]

export default defineConfig({
  plugins: [vue()],
  test: {
    sequence: { sequencer: LongestFirst },
    projects: asksForOthersAlone ? inNode : [...inNode, stories()],
  },
})
