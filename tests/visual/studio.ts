/** A browser in which the built Storybook stands still: fonts of its own, no motion, one instant. */
import { readFile } from 'node:fs/promises'
import { chromium, type Browser, type Page } from 'playwright-core'
import { BROWSER_FLAGS, ensureBrowser } from '../../scripts/find-browser.mjs'
import { serveFiles } from '../support/static-server.js'
import { fontFaces } from './font-faces.js'
import { globalsOf, type Mode } from './modes.js'
import { decode, type Picture } from './picture.js'
import { STATIC } from './stories.js'

/** Text is drawn alike wherever this runs. */
const DRAWING = [
  '--font-render-hinting=none',
  '--disable-lcd-text',
  '--force-color-profile=srgb',
  '--hide-scrollbars',
]

/** What the clock of every page says: 2026-01-01T09:00:00Z, as the virtual clock of the stories. */
const NOW = 1_767_258_000_000

/** Small stories, one of which a page begins with. */
const FIRST = ['components-savedhint--saved', 'components-savedhint--gone']

/** One page of the built Storybook, that turns from story to story. */
export interface Studio {
  /** The browser with its major version, such as `chromium-156`. */
  readonly browser: string
  readonly page: Page
  /**
   * Shows the story so, from its upper edge on; rejects if its play does not hold. Sooner than a page of its own, and
   * the same whichever was shown before.
   */
  turnTo(story: string, mode: Mode): Promise<void>
  /** Opens the story by its URL alone; args as `name:value;name:value`. */
  visit(story: string, mode: Mode, args?: string): Promise<void>
  /** What is to be seen; the whole page, or what fits into the window. */
  picture(whole?: boolean): Promise<Picture>
  close(): Promise<void>
}

/** Sets it up. */
export async function openStudio(): Promise<Studio> {
  const fonts = new URL('fonts/', import.meta.url)
  const server = await serveFiles((path) => {
    const [, font] = /^\/fonts\/([\w.-]+)$/.exec(path) ?? []
    return readFile(font ? new URL(font, fonts) : `${STATIC}${path}`).catch(() => null)
  }, 'max-age=600')
  const browser = await chromium.launch({
    executablePath: ensureBrowser().path,
    args: [...BROWSER_FLAGS, ...DRAWING],
  })
  const page = await stillPage(browser)
  const session = await page.context().newCDPSession(page)
  const look = async ({ theme, width, height = 800, forcedColors }: Mode) => {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce', forcedColors })
  }
  let shown: string | null = null
  const visit = async (story: string, mode: Mode, args = ''): Promise<void> => {
    shown = story
    await look(mode)
    const query = new URLSearchParams({ id: story, viewMode: 'story', globals: globalsOf(mode), args })
    await page.goto(`${server.origin}/iframe.html?${query}`)
    await held(page, story)
  }
  /**
   * Fonts that come after a story has been drawn move what it has already scrolled and measured: a story would look
   * otherwise if it were the first. So the first is another one, and all fonts are there before the next.
   */
  const begin = async (story: string, mode: Mode): Promise<void> => {
    await visit(
      FIRST.find((one) => one !== story)!,
      mode,
    )
    await page.evaluate(() => Promise.all([...document.fonts].map((face) => face.load())))
  }
  return {
    browser: `chromium-${browser.version().split('.')[0]}`,
    page,
    visit,
    async turnTo(story, mode) {
      // Of the story that is shown, nobody could tell when it is drawn anew.
      if (shown === null || shown === story) await begin(story, mode)
      shown = story
      await look(mode)
      const { theme, locale, direction } = mode
      await page.evaluate(
        ([id, globals]) => {
          const channel = window.__STORYBOOK_ADDONS_CHANNEL__
          scrollTo(0, 0)
          channel.emit('updateGlobals', { globals })
          channel.emit('setCurrentStory', { storyId: id, viewMode: 'story' })
        },
        [story, { theme, locale, direction }] as const,
      )
      await held(page, story)
    },
    async picture(whole = false) {
      await rest(page)
      if (whole) return decode(await page.screenshot({ fullPage: true, animations: 'disabled' }))
      // Nothing moves any more, and what is not packed tightly is packed sooner: a third of the time.
      const { data } = await session.send('Page.captureScreenshot', { optimizeForSpeed: true })
      return decode(Buffer.from(data, 'base64'))
    },
    async close() {
      await browser.close()
      await server.stop()
    },
  }
}

/** A page with the fonts, at one instant. */
async function stillPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'UTC' })
  await context.addInitScript(useFonts, fontFaces)
  await context.addInitScript(markNothing)
  const page = await context.newPage()
  await page.clock.setFixedTime(NOW)
  return page
}

/** In the page, before anything else. */
function useFonts(faces: typeof fontFaces): void {
  for (const { file, weight, unicodeRange } of faces) {
    document.fonts.add(new FontFace('Drawn', `url(/fonts/${file})`, { weight, unicodeRange }))
  }
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(
    `* { font-family: Drawn !important; caret-color: transparent !important } :root { --hf-font: Drawn !important }`,
  )
  document.adoptedStyleSheets = [sheet]
}

/** Storybook's marks for its panel of accessibility look at every element after each change of a page. */
function markNothing(): void {
  Object.assign(window, { __STORYBOOK_HIGHLIGHT_INITIALIZED: true })
}

/** What Storybook says on its channel. */
interface Channel {
  last(event: string): readonly [{ readonly storyId: string; readonly status?: string }] | undefined
  emit(event: string, payload: unknown): void
}

declare global {
  interface Window {
    readonly __STORYBOOK_ADDONS_CHANNEL__: Channel
  }
}

const LIMIT_MS = 30_000

/** Waits until the story is drawn and its play is over; rejects if it does not hold. */
async function held(page: Page, story: string): Promise<void> {
  const outcome = await page.waitForFunction(
    (id) => {
      const [end] = window.__STORYBOOK_ADDONS_CHANNEL__?.last('storyFinished') ?? []
      return end?.storyId === id ? (end.status ?? 'success') : null
    },
    story,
    { timeout: LIMIT_MS },
  )
  if ((await outcome.jsonValue()) !== 'success')
    throw new Error(`${story} does not hold in the built Storybook`)
}

/** The fonts are there, nothing moves, and what was changed is drawn. */
const rest = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    await frame()
    await document.fonts.ready
    await Promise.allSettled(document.getAnimations().map((animation) => animation.finished))
    await frame()
  })
