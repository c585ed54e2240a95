/** The workload as one script, put into an empty page of the service's own origin. */
import { fileURLToPath } from 'node:url'
import type { BrowserContext, Page } from 'playwright-core'
import { build } from 'vite'

/** What runs in a page: the kit's workload, raw clients, or the kit's channels. */
export type PageEntry = 'main' | 'live' | 'channel'

/** Without an icon of its own a page asks the service for one. */
const EMPTY = '<!doctype html><title>Workload</title><link rel="icon" href="data:," />'

/** Builds it as an application would be built. */
export async function buildWorkload(name: PageEntry = 'main'): Promise<string> {
  const entry = fileURLToPath(new URL(`./page/${name}.ts`, import.meta.url))
  const built = await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: { write: false, target: 'es2022', lib: { entry, formats: ['iife'], name: 'truthPage' } },
  })
  const [result] = Array.isArray(built) ? built : [built]
  if (!result || !('output' in result)) throw new Error('The workload was not built')
  return result.output[0].code
}

/**
 * Opens it at an origin that answers nothing of the kind: the document is the test's, and whatever is asked
 * afterwards is the network's. Of the service's own origin, so that a page may read what a gateway or a portal
 * says, which knows nothing of CORS.
 */
export async function openWorkload(context: BrowserContext, origin: string, code: string): Promise<Page> {
  const page = await context.newPage()
  await page.route(`${origin}/`, (route) => route.fulfill({ contentType: 'text/html', body: EMPTY }))
  await page.goto(`${origin}/`)
  await page.unroute(`${origin}/`)
  await page.addScriptTag({ content: code })
  return page
}
