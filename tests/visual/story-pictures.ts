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

/** What is not in the sidebar is only played, and nothing to be looked at. */
const isListed = ({ tags }: StoryEntry): boolean => tags.includes('dev')

/** What is below the window is not looked at. */
const WINDOW: Mode = { ...MODES.light, width: 760, height: 1000 }

/** A film is looked at to its end. */
const FILMS = /^What people see\//
const SCREEN: Mode = { ...WINDOW, width: 1440, height: 1500 }
/** A sheet has no more of them: a WebP has 16,383 pixels at most, and each sheet is decoded whole. */
const MOST_FILMS = 8

/** A test for each title that is asked for. `part` names the list of their references. */
export function comparePictures(part: string, isAsked: (title: string) => boolean): void {
  const shown = listStories().filter(
    (story) =>
      isAsked(story.title) &&
      isListed(story) &&
      !ELSEWHERE.test(story.title) &&
      !MOVES.test(story.title) &&
      !isInMatrix(story),
  )
  const sheets = [...new Set(shown.map(({ title }) => title))].flatMap((title) =>
    sheetsOf(shown.filter((story) => story.title === title)),
  )
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

  test.each(sheets)('R37: %s look as they did, in light and in dark', async (_, sheet, stories) => {
    const shoot = async () => new Map((await inTurn(stories, (story) => shot(studio, story))).flat())
    const cells: Cells = await shoot()
    if (references.exist || references.update) {
      expect(await references.compare(sheet, cells)).toEqual([])
      return
    }
    console.warn(`No references for ${studio.browser}: ${sheet} is compared with itself.`)
    const again = await shoot()
    for (const [name, cell] of cells)
      expect([name, difference(cell, again.get(name)!).share]).toEqual([name, 0])
  })
}

type Sheet = readonly [words: string, name: string, stories: readonly StoryEntry[]]

/** The sheets of one title's stories. */
function sheetsOf(stories: readonly StoryEntry[]): readonly Sheet[] {
  const { id, title } = stories[0]!
  const name = id.split('--')[0]!
  if (!FILMS.test(title)) return [[`the stories of ${title}`, name, stories]]
  return Array.from({ length: Math.ceil(stories.length / MOST_FILMS) }, (_, at) => {
    const some = stories.slice(at * MOST_FILMS, (at + 1) * MOST_FILMS)
    return [`the films from ${some[0]!.name} on`, `${name}-${at + 1}`, some]
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
