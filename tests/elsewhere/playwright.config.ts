import { defineConfig } from 'playwright/test'
import { BROWSER_FLAGS } from '../../scripts/find-browser.mjs'

const { HOLDFAST_BROWSER: executablePath, HOLDFAST_PAGE: baseURL } = process.env

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../.cache/playwright',
  reporter: 'json',
  workers: 1,
  // A development server transforms a page when it is first asked for: that takes its time on a busy machine.
  timeout: 60_000,
  expect: { timeout: 30_000 },
  use: {
    ...(baseURL && { baseURL }),
    launchOptions: { args: [...BROWSER_FLAGS], ...(executablePath && { executablePath }) },
  },
})
