/** Pictures of stories, in light and in dark, held against those that were agreed upon. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MODES, type Mode } from './modes.js'
import { difference, trimmed, type Picture } from './picture.js'
import { openReferences, type Cells, type References } from './references.js'
import { listStories, type StoryEntry } from './stories.js'
import { openStudio, type Studio } from './studio.js'

/** Stories that the matrix has in all modes; and those that live in real time or on a clock of their own, or say how long something took. */
const ELSEWHERE = /^Matrix\/(Every state|Languages|One state)$/
const MOVES =
  /^(Order desk\/An order desk|Live channels\/|Reference\/Determinism|Simulator\/(Timers|Scenarios) of )/
/** A state of a component in which nothing is played is shown by the matrix, too. */
const isInMatrix = ({ title, tags }: StoryEntry): boolean =>
  /^Components\/\w+$/.test(title) && title !== 'Components/Themes' && !tags.includes('play-fn')

/** What is below the window is not looked at. */
const WINDOW: Mode = { ...MODES.light, width: 760, height: 1000 }

/** A film is looked at to its end. */
const FILMS = /^What people see\//
const SCREEN: Mode = { ...WINDOW, width: 1440, height: 1320 }

/** A test for each title that is asked for. `part` names the list of their references. */
export function comparePictures(part: string, isAsked: (title: string) => boolean): void {
  const shown = listStories().filter(
    (story) =>
      isAsked(story.title) && !ELSEWHERE.test(story.title) && !MOVES.test(story.title) && !isInMatrix(story),
  )
  const titles = [...new Set(shown.map(({ title }) => title))]
  let studio: Studio
  let references: References

  beforeAll(async () => {
    studio = await openStudio()
    references = openReferences(part, studio.browser)
  })
  afterAll(async () => {
    references.close()
    await studio.close()
  })

  test.each(titles)('R37: the stories of %s look as they did, in light and in dark', async (title) => {
    const stories = shown.filter((story) => story.title === title)
    const shoot = async () => new Map((await inTurn(stories, (story) => shot(studio, story))).flat())
    const cells: Cells = await shoot()
    const sheet = stories[0]!.id.split('--')[0]!
    if (references.exist || references.update) {
      expect(await references.compare(sheet, cells)).toEqual([])
      return
    }
    console.warn(`No references for ${studio.browser}: ${title} is compared with itself.`)
    const again = await shoot()
    for (const [name, cell] of cells)
      expect([name, difference(cell, again.get(name)!).share]).toEqual([name, 0])
  })
}

/** A story in both themes, by the name of its cell. */
async function shot(studio: Studio, { id, title }: StoryEntry): Promise<[string, Picture][]> {
  await studio.turnTo(id, FILMS.test(title) ? SCREEN : WINDOW)
  const pictures: [string, Picture][] = []
  for (const theme of ['light', 'dark'] as const) {
    await studio.page.evaluate((wanted) => void (document.documentElement.dataset['theme'] = wanted), theme)
    pictures.push([`${theme} ${id.split('--')[1]}`, trimmed(await studio.picture())])
  }
  return pictures
}

async function inTurn<T, R>(all: readonly T[], each: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const one of all) results.push(await each(one))
  return results
}
