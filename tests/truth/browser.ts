/** The browser of the truth tests, and where a captive portal sends it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../support/browser.js'

/** The host of a simulated portal (mocks/serve.ts). */
const PORTAL = 'portal.invalid'

/** A browser, until it is closed. */
export interface TruthBrowser {
  readonly browser: Browser
  close(): Promise<void>
}

/** Opens it. A portal is there: a name that nobody knows would take as long as the resolver of this machine. */
export async function openBrowser(): Promise<TruthBrowser> {
  // It knows nothing of CORS.
  const portal = createServer((_request, response) => response.end('<!doctype html><title>Sign in</title>'))
  await new Promise<void>((resolve) => portal.listen(0, '127.0.0.1', resolve))
  const { port } = portal.address() as AddressInfo
  const browser = await launchBrowser([`--host-resolver-rules=MAP ${PORTAL} 127.0.0.1:${port}`])
  return {
    browser,
    async close() {
      await browser.close()
      portal.closeAllConnections()
      portal.close()
    },
  }
}
