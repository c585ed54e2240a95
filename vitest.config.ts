import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import vue from '@vitejs/plugin-vue'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { BROWSER_FLAGS, findBrowser } from './scripts/find-browser.mjs'

/** Every story is a test: it renders, its play function holds, and axe finds nothing. Once per theme. */
function stories(theme: 'light' | 'dark'): TestProjectInlineConfiguration {
  const browser = findBrowser()
  return {
    extends: true,
    plugins: [storybookTest({ configDir: '.storybook', initialGlobals: { theme } })],
    // Whatever is found only while tests run makes Vite reload the page under them.
    optimizeDeps: {
      include: ['vue', 'axios', 'idb', 'msw', '@storybook/vue3-vite', '@storybook/addon-a11y/preview'],
    },
    test: {
      name: `stories-${theme}`,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({
          launchOptions: { args: BROWSER_FLAGS, ...(browser ? { executablePath: browser.path } : {}) },
        }),
        instances: [{ browser: 'chromium' }],
      },
    },
  }
}

export default defineConfig({
  plugins: [vue()],
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/restart/**', 'tests/browser/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'restart',
          environment: 'node',
          include: ['tests/restart/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      stories('light'),
      stories('dark'),
    ],
  },
})
