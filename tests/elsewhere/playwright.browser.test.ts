/** The Playwright suite of the guide, run as its readers run it: by Playwright's own runner, in a real browser. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createServer, type ViteDevServer } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureShell } from '../../scripts/find-browser.mjs'
import { servePage } from './page-server.js'

let server: ViteDevServer
let url: string
beforeAll(async () => {
  ;({ server, url } = await servePage(createServer))
})
afterAll(() => server?.close())

/** What the runner reports, cut down to titles and whether they passed. */
function runPlaywright(): Promise<Readonly<Record<string, boolean>>> {
  const cli = fileURLToPath(new URL('cli.js', import.meta.resolve('playwright/package.json')))
  const config = fileURLToPath(new URL('./playwright.config.ts', import.meta.url))
  const env = { ...process.env, HOLDFAST_BROWSER: ensureShell().path, HOLDFAST_PAGE: url }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, 'test', '--config', config], { env })
    let [said, complained] = ['', '']
    child.stdout.on('data', (piece: Buffer) => (said += piece.toString()))
    child.stderr.on('data', (piece: Buffer) => (complained += piece.toString()))
    child.on('error', reject)
    child.on('close', () => {
      try {
        const { suites } = JSON.parse(said) as { suites: { specs: { title: string; ok: boolean }[] }[] }
        const specs = suites.flatMap((suite) => suite.specs)
        resolve(Object.fromEntries(specs.map(({ title, ok }) => [title, ok])))
      } catch {
        reject(new Error(`Playwright has not reported: ${said.slice(-2_000)}${complained.slice(-2_000)}`))
      }
    })
  })
}

test('R38: a suite of Playwright drives the network inside a page of a development server', async () => {
  const results = await runPlaywright()
  expect(Object.entries(results).filter(([, ok]) => !ok)).toEqual([])
  expect(Object.keys(results).length).toBeGreaterThanOrEqual(5)
})
