import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import vue from '@vitejs/plugin-vue'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { BROWSER_FLAGS, findBrowser } from './scripts/find-browser.mjs'

const MINUTE_MS = 60_000

const unit: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'unit',
    environment: 'node',
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/restart/**', 'tests/truth/*-table.test.ts', 'tests/browser/**'],
    // For slow machines; nothing here waits for real time.
    testTimeout: MINUTE_MS / 2,
    setupFiles: ['tests/support/soak.ts'],
  },
}

/** What compares times, or the memory of a process, with a limit: it has the machine to itself. */
const MEASURED = [
  'tests/truth/*-table.test.ts',
  'tests/restart/{black-hole,channel-half-open,crowd,shutdown,socket-ends,three-tabs}.test.ts',
]

/** Real servers, proxies and pages in real time; they wait for most of it, so a few files may run at once. */
const restart: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'restart',
    environment: 'node',
    include: ['tests/restart/**/*.test.ts'],
    exclude: MEASURED,
    testTimeout: 2 * MINUTE_MS,
    hookTimeout: MINUTE_MS,
    maxWorkers: 3,
    // Of those that say that they can run beside others: more would slow each other.
    maxConcurrency: 2,
    sequence: { groupOrder: 1 },
  },
}

/** As `restart`, one file after the other. */
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
    sequence: { groupOrder: 2 },
  },
}

/** A browser whose person prefers this theme; the preview of Storybook follows it. */
function browserWith(colorScheme: 'light' | 'dark') {
  const browser = findBrowser()
  return {
    browser: 'chromium' as const,
    name: `stories-${colorScheme}`,
    provider: playwright({
      launchOptions: { args: BROWSER_FLAGS, ...(browser ? { executablePath: browser.path } : {}) },
      contextOptions: { colorScheme },
    }),
  }
}

/** Every story is a test: it renders, its play function holds and axe finds nothing. Once per theme. */
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
      '@mswjs/interceptors/XMLHttpRequest',
      '@mswjs/interceptors/WebSocket',
      '@storybook/vue3-vite',
      '@storybook/addon-a11y/preview',
      '@storybook/addon-docs/blocks',
      'storybook/theming',
      'storybook/preview-api',
    ],
  },
  test: {
    name: 'stories',
    testTimeout: MINUTE_MS / 2,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright(),
      instances: [browserWith('light'), browserWith('dark')],
    },
  },
})

/** Storybook takes seconds to load: who asks for other projects alone does not wait for it. */
const asksForOthersAlone =
  process.argv.some((word) => word.startsWith('--project')) &&
  !process.argv.some((word) => word.includes('stories'))

export default defineConfig({
  plugins: [vue()],
  test: { projects: asksForOthersAlone ? [unit, restart, measured] : [unit, restart, measured, stories()] },
})
