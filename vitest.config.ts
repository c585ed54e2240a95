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

/** Real servers, proxies and pages in real time: one after the other, so that they do not slow each other. */
const restart: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'restart',
    environment: 'node',
    include: ['tests/restart/**/*.test.ts', 'tests/truth/*-table.test.ts'],
    testTimeout: 2 * MINUTE_MS,
    hookTimeout: MINUTE_MS,
    fileParallelism: false,
    // Of those that say that they can run beside others: more would slow each other.
    maxConcurrency: 2,
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
  test: { projects: asksForOthersAlone ? [unit, restart] : [unit, restart, stories()] },
})
