/** Films in a narrow window and from right to left; their own play says that no frame cuts anything. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MODES, type Mode, type ModeName } from './modes.js'
import { trimmed, type Picture } from './picture.js'
import { openReferences, type References } from './references.js'
import { openStudio, type Studio } from './studio.js'

let studio: Studio
let references: References

beforeAll(async () => {
  studio = await openStudio()
  references = openReferences('film-modes', studio.browser)
})
afterAll(async () => {
  references.close()
  await studio.close()
})

/** The bar, the list of what waits, the dialog, a sign-in; and a cut. */
const FILMS = ['token-expired', 'flapping'] as const

const WINDOWS: readonly (readonly [words: string, name: ModeName, mode: Mode])[] = [
  ['R37, ux-30: films in 320 px', '320px', { ...MODES['320px'], height: 6000 }],
  ['R37, ux-34: films in Arabic from right to left', 'rtl', { ...MODES.rtl, width: 1100, height: 2400 }],
]

test.each(WINDOWS)(
  '%s look as they did, cut nothing and are no wider than the page',
  async (_, name, mode) => {
    const cells = new Map<string, Picture>()
    for (const film of FILMS) {
      await studio.turnTo(`what-people-see-film-strips--${film}`, mode)
      const wide = await studio.page.evaluate(() => document.documentElement.scrollWidth)
      expect(wide).toBeLessThanOrEqual(mode.width)
      cells.set(film, trimmed(await studio.picture()))
    }
    if (references.exist || references.update)
      expect(await references.compare(`films.${name}`, cells)).toEqual([])
  },
)
