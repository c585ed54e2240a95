import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchDrawingBrowser } from '../support/browser.js'
import { servePage } from '../support/built-page.js'
import type { StaticServer } from '../support/static-server.js'
import { fontFaces } from '../visual/font-faces.js'
import type { Bars } from './bars/main.js'

declare global {
  interface Window {
    /** On the page of `tests/components/bars`. */
    bars: Bars
  }
}

let site: StaticServer
let browser: Browser
let page: Page
beforeAll(async () => {
  ;[site, browser] = await Promise.all([
    servePage(fileURLToPath(new URL('./bars', import.meta.url))),
    launchDrawingBrowser(),
  ])
  page = await browser.newPage({ reducedMotion: 'reduce' })
  await page.goto(site.origin)
  await drawWith(await fonts())
})
afterAll(async () => {
  await browser.close()
  await site.stop()
})

/** With the fonts of the repository a text is as long on every machine. */
const fonts = () =>
  Promise.all(
    fontFaces.map(async ({ file, weight, unicodeRange }) => ({
      data: await readFile(new URL(`../visual/fonts/${file}`, import.meta.url), 'base64'),
      ...{ weight, unicodeRange },
    })),
  )

const drawWith = (faces: Awaited<ReturnType<typeof fonts>>): Promise<void> =>
  page.evaluate(async (faces) => {
    for (const { data, weight, unicodeRange } of faces) {
      const font = new FontFace('Drawn', `url(data:font/woff2;base64,${data})`, { weight, unicodeRange })
      document.fonts.add(await font.load())
    }
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('body { margin: 0 } :root { --hf-font: Drawn }')
    document.adoptedStyleSheets = [sheet]
  }, faces)

/** Those that are not so high where there is so much room (CSS px), or reach out of it. */
async function otherThan(height: number, ...widths: number[]): Promise<string[]> {
  await page.setViewportSize({ width: Math.max(...widths), height: 800 })
  return page.evaluate(
    async ({ wanted, widths }) => {
      const found: string[] = []
      for (const name of window.bars.names) {
        await window.bars.show(name)
        for (const width of widths) {
          document.body.style.inlineSize = `${width}px`
          for (const box of document.querySelectorAll<HTMLElement>('[data-lang]')) {
            const bar = box.querySelector('.hf-bar')!
            const { height } = bar.getBoundingClientRect()
            const isWide = bar.scrollWidth > bar.clientWidth
            if (height !== wanted || isWide)
              found.push(`${box.dataset['lang']} ${name}: ${height} in ${width}`)
          }
        }
      }
      return found
    },
    { wanted: height, widths },
  )
}

/** What ends in a reload may have its buttons below the text. */
const besides = (found: readonly string[]) => found.filter((one) => !one.includes('sessionLost'))

test('there are as many bars as the status has words for, in ten languages', async () => {
  const [names, languages] = await page.evaluate(async () => {
    await window.bars.show(window.bars.names[0]!)
    return [window.bars.names, document.querySelectorAll('.hf-bar').length] as const
  })
  expect(names.length).toBeGreaterThan(70)
  expect(languages).toBe(10)
})

test('ux-9, ux-36: in 320 px every bar is 72 px high, whatever it says, in every language', async () => {
  expect(besides(await otherThan(72, 320))).toEqual([])
})

test('ux-9, ux-36: up to 43 rem every bar is 52 px high, in every language', async () => {
  expect(besides(await otherThan(52, 560, 612, 688))).toEqual([])
})

test('ux-9, ux-36: above that, as floating, every bar is 40 px high, in every language', async () => {
  expect(besides(await otherThan(40, 690, 704))).toEqual([])
  expect(await otherThan(40, 800)).toEqual([])
})

test('ux-9, ux-36: in a panel that is narrower than a phone every bar is 92 px high, in every language', async () => {
  expect(besides(await otherThan(92, 276, 284, 292, 304, 318))).toEqual([])
})
