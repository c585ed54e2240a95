/** Films and the panel by real keys: whoever goes through them with Tab sees at each stop where they are. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MODES } from './modes.js'
import { openStudio, type Studio } from './studio.js'
import { stopOf, walk } from './walk.js'

let studio: Studio

beforeAll(async () => void (studio = await openStudio()))
afterAll(() => studio.close())

const FILM = 'what-people-see-film-strips--token-expired'

const FILM_WINDOWS = [
  ['a wide window', { ...MODES.light, width: 1440, height: 900 }],
  ['320 px, in dark', { ...MODES['320px'], theme: 'dark', height: 640 }],
] as const

test.each(FILM_WINDOWS)('every button of a film is seen when it has the focus, in %s', async (_, mode) => {
  await studio.turnTo(FILM, mode)
  const stops = await walk(studio.page)
  expect(stops.filter(({ wrong }) => wrong.length > 0)).toEqual([])
  // All is there to be gone through but for what lies under the dialog of the fourth frame.
  const stopsIn = (frame: string) => stops.filter(({ cell }) => cell?.endsWith(` ${frame}`)).length
  expect(stops[0]?.name).toBe('How to read this film')
  expect(['reconnecting', 'disconnected', 'authRequired'].map(stopsIn)).toEqual([3, 2, 5])
  // The last row's question, at the lower end of its frame.
  await studio.page.locator('.strip-frame .hf-row-actions button').last().focus()
  await studio.page.keyboard.press('Enter')
  expect(await stopOf(studio.page)).toMatchObject({ cell: stops.at(-1)!.cell, wrong: [] })
})

const PANELS = [
  ['below a story', 'simulator-panel--restart', { ...MODES.light, width: 1200, height: 600 }],
  ['beside a story, in dark', 'simulator-panel--narrow', { ...MODES.dark, width: 420, height: 800 }],
  ['in forced colours', 'simulator-panel--restart', { ...MODES.forced, width: 1200, height: 600 }],
] as const

test.each(PANELS)(
  'WCAG 2.5.8: every stop of the panel has a ring, is 24 px wide and high, and says what it is, %s',
  async (_, story, mode) => {
    await studio.turnTo(story, mode)
    const stops = await walk(studio.page)
    expect(stops.length).toBeGreaterThan(40)
    const isBad = ({ name, width, height, wrong }: (typeof stops)[number]): boolean =>
      wrong.length > 0 || Math.min(width, height) < 24 || name === ''
    expect(stops.filter(isBad)).toEqual([])
    expect(stops.at(-1)!.name).toMatch(/^\d+: [A-Z]+ \/\S+, .+, at \d+\.\d{3} s$/)
  },
)
