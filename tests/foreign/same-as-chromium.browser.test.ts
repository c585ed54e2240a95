/**
 * ReconnectingWebSocket beside Chromium's own WebSocket, case by case, against the same server: what is thrown, told and
 * shown is the same, in the same order.
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { servePage } from '../support/built-page.js'
import { stageWith } from '../support/stage.js'
import { serveHandlers } from './handlers.js'

const here = stageWith(() => servePage(fileURLToPath(new URL('./page', import.meta.url))))
let server: Server
let cut: () => void
let base = ''

beforeAll(async () => {
  server = createServer((_, response) => response.writeHead(404).end())
  cut = serveHandlers(server)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  base = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  cut()
  await new Promise((done) => server.close(done))
})

/** So many at the same time, each in a context of its own: in one, handshakes wait for each other. */
const AT_ONCE = 6
const LEAST_CASES = 50

/** Cases in which they differ, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'speaking: what is resolved in one listener, before the next':
    'an event that a script dispatches is told to all listeners before any promise is; a browser’s own is not',
}

test('R23: what the kit’s socket throws, tells and shows is what Chromium’s own does, case by case', async () => {
  const pages = await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const page = await (await here.browser.newContext()).newPage()
      await page.goto(here.site.origin)
      return page
    }),
  )
  const names = await pages[0]!.evaluate(() => window.foreign.names)
  const seen = { own: new Map<string, string[]>(), kit: new Map<string, string[]>() }
  const left = [...names]
  await Promise.all(
    pages.map(async (page) => {
      for (let name = left.shift(); name !== undefined; name = left.shift()) {
        for (const whose of ['own', 'kit'] as const) {
          const asked = [name, whose, base] as const
          seen[whose].set(name, await page.evaluate((all) => window.foreign.doIt(...all), asked))
        }
      }
    }),
  )
  const linesOf = (whose: 'own' | 'kit', some: readonly string[]) =>
    some.flatMap((name) => seen[whose].get(name)!.map((line) => `${name}: ${line}`))
  const alike = names.filter((name) => !(name in DIFFERENT))
  console.log(
    `${names.length} cases, ${linesOf('own', names).length} lines; different: ${Object.keys(DIFFERENT).length}`,
  )
  expect(names.length).toBeGreaterThanOrEqual(LEAST_CASES)
  expect(linesOf('own', names).filter((line) => line.includes('ended with'))).toEqual([])
  expect(linesOf('kit', alike)).toEqual(linesOf('own', alike))
  for (const name of Object.keys(DIFFERENT)) expect(seen.kit.get(name), name).not.toEqual(seen.own.get(name))
})
