import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MODES, type ModeName } from './modes.js'
import { cut, difference, grey, MOST_DIFFERING, type Picture, type Rect } from './picture.js'
import { openReferences, type References } from './references.js'
import { COMPONENTS } from './stories.js'
import { openStudio, type Studio } from './studio.js'

let studio: Studio
let references: References

beforeAll(async () => {
  studio = await openStudio()
  references = openReferences('matrix', studio.browser)
})
afterAll(async () => {
  references.close()
  await studio.close()
})

type SheetName = (typeof COMPONENTS)[number]

/** A sheet in a mode: its cells by the name of their state, and what is wrong with them. */
interface Look {
  readonly cells: ReadonlyMap<string, Picture>
  /** What axe finds. */
  readonly violations: readonly string[]
  /** Buttons without an outline that differs from their ground. */
  readonly bare: readonly string[]
}

const looks = new Map<string, Promise<Look>>()

/** Looks at it once, for all who ask. */
function lookAt(story: string, mode: ModeName): Promise<Look> {
  const key = `${story} ${mode}`
  const known = looks.get(key) ?? look(story, mode)
  looks.set(key, known)
  return known
}

async function look(story: string, mode: ModeName): Promise<Look> {
  const { page } = studio
  await studio.turnTo(story, MODES[mode])
  const cells = await cellsOf(page)
  return { cells, violations: await violationsIn(page), bare: await bareButtons(page) }
}

async function cellsOf(page: Page): Promise<ReadonlyMap<string, Picture>> {
  const picture = await studio.picture(true)
  const places = await page.evaluate((): [string, Rect][] =>
    [...document.querySelectorAll<HTMLElement>('[data-cell]')].map((cell) => {
      const { x, y, width, height } = cell.getBoundingClientRect()
      const place = { x: x + scrollX, y: y + scrollY, width, height }
      const whole = Object.entries(place).map(([name, px]) => [name, Math.round(px)] as const)
      return [cell.dataset['cell']!, Object.fromEntries(whole) as unknown as Rect]
    }),
  )
  return new Map(places.map(([name, place]) => [name, cut(picture, place)]))
}

/** Rules as in every story; of the matrix, its many equal names are no matter. */
async function violationsIn(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { axe } = window as unknown as { readonly axe: typeof import('axe-core') }
    const rules = { region: { enabled: false }, 'landmark-unique': { enabled: false } }
    const found = await axe.run('#storybook-root', { rules, resultTypes: ['violations'] })
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`),
    )
  })
}

const bareButtons = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('[data-cell] button')].flatMap((button) => {
      const { borderTopStyle, borderTopWidth, borderTopColor, backgroundColor } = getComputedStyle(button)
      const isDrawn = borderTopStyle === 'solid' && parseFloat(borderTopWidth) >= 1
      return isDrawn && borderTopColor !== backgroundColor ? [] : [button.textContent ?? '']
    }),
  )

const sheetStory = (sheet: SheetName) => `matrix-every-state--${sheet}`

/** Holds it against the reference. A browser without references is held against itself. */
async function isAsItWas(sheet: string, story: string, mode: ModeName): Promise<void> {
  const { cells } = await lookAt(story, mode)
  expect(cells.size).toBeGreaterThan(0)
  if (references.exist || references.update) {
    expect(await references.compare(`${sheet}.${mode}`, cells)).toEqual([])
    return
  }
  console.warn(`No references for ${studio.browser}: ${sheet} is compared with itself.`)
  const again = await look(story, mode)
  for (const [name, cell] of cells) expect(difference(cell, again.cells.get(name)!).share).toBe(0)
}

test.each(COMPONENTS)('R37: %s in every state looks as it did, in light', (sheet) =>
  isAsItWas(sheet, sheetStory(sheet), 'light'),
)

test.each(COMPONENTS)('R37: %s in every state looks as it did, in dark', (sheet) =>
  isAsItWas(sheet, sheetStory(sheet), 'dark'),
)

test.each(COMPONENTS)('ux-34: %s in every state looks as it did, in Arabic from right to left', (sheet) =>
  isAsItWas(sheet, sheetStory(sheet), 'rtl'),
)

test.each(COMPONENTS)('ux-30: %s in every state looks as it did, in 320 px', (sheet) =>
  isAsItWas(sheet, sheetStory(sheet), '320px'),
)

test.each(COMPONENTS)('ux-33: %s in every state looks as it did, in forced colours', (sheet) =>
  isAsItWas(sheet, sheetStory(sheet), 'forced'),
)

test('ux-36: all ten languages look as they did', () =>
  isAsItWas('languages', 'matrix-languages--all-ten', 'light'))

const IN_EACH_MODE = COMPONENTS.flatMap((sheet) =>
  (Object.keys(MODES) as ModeName[]).map((mode) => [sheet, mode] as const),
)

test.each(IN_EACH_MODE)('ux-29: axe finds nothing in %s in every state: %s', async (sheet, mode) => {
  expect((await lookAt(sheetStory(sheet), mode)).violations).toEqual([])
})

test.each(COMPONENTS)(
  'ux-33: in forced colours every button of %s has an outline that can be seen',
  async (sheet) => {
    expect((await lookAt(sheetStory(sheet), 'forced')).bare).toEqual([])
  },
)

/** Bars that are meant to look alike: a poll that takes long is no news. */
const ALIKE = new Set(['status-bar maintenancePolling', 'status-bar online', 'status-bar grace'])

async function alike(mode: ModeName, drawn: (picture: Picture) => Picture): Promise<string[]> {
  const { cells } = await lookAt(sheetStory('status-bar'), mode)
  const bars = [...cells]
    .filter(([name]) => !ALIKE.has(name))
    .map(([name, cell]) => [name, withoutName(drawn(cell))] as const)
  return bars.flatMap(([name, bar], index) =>
    bars
      .slice(index + 1)
      .filter(([, other]) => difference(bar, other).share <= MOST_DIFFERING)
      .map(([other]) => `${name} = ${other}`),
  )
}

/** The name of the state above the bar would tell them apart. */
const NAME_PX = 20
const withoutName = (cell: Picture): Picture =>
  cut(cell, { x: 0, y: NAME_PX, width: cell.width, height: cell.height - NAME_PX })

test('ux-33: in forced colours no two states look alike', async () => {
  expect(await alike('forced', (picture) => picture)).toEqual([])
})

test('no two states look alike to whoever sees no colours', async () => {
  expect(await alike('light', grey)).toEqual([])
})
