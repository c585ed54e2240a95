/** The page of this folder, built and served, and opened as often as is wanted. */
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { servePage } from '../../support/built-page.js'
import { poll } from '../../support/live-client.js'
import type { Account, Logged, Progress } from './account.js'

/** Builds and serves it. */
export const serveChannelPage = () => servePage(fileURLToPath(new URL('.', import.meta.url)))

/** What a page is opened for. */
export interface DeskOptions {
  readonly name: string
  /** The port of its service. */
  readonly port: number
  readonly transports: readonly string[]
  readonly topics: readonly string[]
  readonly beatMs?: number
}

/** An open page. */
export interface Desk {
  readonly name: string
  readonly progress: () => Promise<Progress>
  readonly account: () => Promise<Account>
  readonly startSending: (everyMs: number) => Promise<void>
  readonly stopSending: () => Promise<void>
  /** What was thrown there and nobody caught. */
  readonly errors: readonly string[]
  readonly close: () => Promise<void>
}

/** Opens it in a context of its own, with connections of its own. */
export async function openDesk(browser: Browser, site: string, options: DeskOptions): Promise<Desk> {
  const { name, port, transports, topics, beatMs } = options
  const context = await browser.newContext()
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  const query = new URLSearchParams({
    name,
    api: `http://127.0.0.1:${port}`,
    transports: transports.join(),
    topics: topics.join(),
    ...(beatMs && { 'beat-ms': String(beatMs) }),
  })
  await page.goto(`${site}?${String(query)}`)
  return {
    name,
    errors,
    progress: () => page.evaluate(() => window.live.progress()),
    account: () => page.evaluate(() => window.live.account()),
    startSending: (everyMs) => page.evaluate((everyMs) => window.live.startSending(everyMs), everyMs),
    stopSending: () => page.evaluate(() => window.live.stopSending()),
    close: () => context.close(),
  }
}

/** All that the log keeps of a topic, read from the server itself. */
export async function readLog(origin: string, topic: string): Promise<Logged[]> {
  const log: Logged[] = []
  let { cursor } = await poll(origin, { topics: [topic] })
  cursor = `${cursor.split(':')[0]}:0`
  for (;;) {
    const answer = await poll(origin, { topics: [topic], cursor, waitMs: 0 })
    if (answer.frames.length === 0) return log
    for (const { type, offset, data } of answer.frames)
      if (type === 'EVENT') log.push({ offset: Number(offset), data })
    cursor = answer.cursor
  }
}
