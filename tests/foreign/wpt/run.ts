/** Runs the web-platform-tests in Chromium: with its own WebSocket, and with the kit's class in its place. */
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { build } from 'vite'
import { BROWSER_FLAGS, ensureBrowser } from '../../../scripts/find-browser.mjs'
import type { WptPage } from './pages.ts'
import { HOST, type WptSite } from './site.ts'

/** What `WebSocket` is in a page: the browser's own, or the kit's class. */
export const KINDS = ['native', 'one line', 'drop-in'] as const

/** One of them. */
export type Kind = (typeof KINDS)[number]

/** What each test came to, by `file (scope) | its name`; null: it passes. */
export type Outcomes = ReadonlyMap<string, string | null>

interface Report {
  readonly status: number
  readonly tests: readonly {
    readonly name: string
    readonly status: number
    readonly message: string | null
  }[]
}

declare global {
  interface Window {
    /** Left by the page when its tests are done. */
    wptReport?: Report
  }
}

/** Pages at the same time, each in a browser context of its own: in one, handshakes wait for each other. */
const AT_ONCE = 4
/** The harness gives up after 10 s, and after 60 where a test says that it is long. */
const PAGE_LIMIT_MS = 70_000

const STATUSES = ['PASS', 'FAIL', 'TIMEOUT', 'NOTRUN', 'PRECONDITION']

/** A browser to which the names of the tests are this machine. */
export const launchForWpt = (): Promise<Browser> =>
  chromium.launch({
    executablePath: ensureBrowser().path,
    headless: true,
    args: [...BROWSER_FLAGS, `--host-resolver-rules=MAP ${HOST} 127.0.0.1,MAP *.${HOST} 127.0.0.1`],
  })

/** The script that puts the class in its place; nothing for the browser's own. */
export async function buildClass(kind: Kind): Promise<string> {
  if (kind === 'native') return ''
  const built = await build({
    configFile: false,
    logLevel: 'error',
    define: { __KIND__: JSON.stringify(kind), 'globalThis.WebSocket': 'globalThis.OwnWebSocket' },
    build: {
      write: false,
      target: 'es2022',
      lib: {
        entry: fileURLToPath(new URL('./page/class.ts', import.meta.url)),
        formats: ['iife'],
        name: 'wptClass',
      },
    },
  })
  const [result] = Array.isArray(built) ? built : [built]
  if (!result || !('output' in result)) throw new Error('The class was not built')
  return result.output[0].code
}

/** Runs all pages, some at a time. */
export async function runPages(
  browser: Browser,
  site: WptSite,
  pages: readonly WptPage[],
  kind: Kind,
): Promise<Outcomes> {
  const code = await buildClass(kind)
  site.withClass(code)
  const all = new Map<WptPage, Report | string>()
  const left = [...pages]
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const context = await browser.newContext()
      if (code) await context.addInitScript(code)
      const tab = await context.newPage()
      for (let page = left.shift(); page; page = left.shift()) {
        all.set(page, await runPage(tab, site.origin + page.path))
      }
      await context.close()
    }),
  )
  return new Map(pages.flatMap((page) => outcomesOf(page, all.get(page)!)))
}

async function runPage(tab: Page, address: string): Promise<Report | string> {
  try {
    await tab.goto(address, { waitUntil: 'commit' })
    const done = await tab.waitForFunction(() => window.wptReport, null, { timeout: PAGE_LIMIT_MS })
    return (await done.jsonValue())!
  } catch (error) {
    return String(error).split('\n')[0]!
  }
}

function outcomesOf({ file, scope }: WptPage, report: Report | string): [string, string | null][] {
  const where = `${file} (${scope})`
  if (typeof report === 'string') return [[where, report]]
  if (report.tests.length === 0) return [[where, `no tests; the harness says ${report.status}`]]
  return report.tests.map(({ name, status, message }) => [
    `${where} | ${name}`,
    status === 0 ? null : `${STATUSES[status] ?? status}: ${(message ?? '').split('\n')[0]}`,
  ])
}
