import { afterAll, beforeAll, expect, test } from 'vitest'
import { MODES, type Mode } from './modes.js'
import { difference, trimmed, type Picture } from './picture.js'
import { openReferences, type Cells, type References } from './references.js'
import { listStories, type StoryEntry } from './stories.js'
import { openStudio, type Studio } from './studio.js'

/** Stories that the matrix has in all modes; and those that live in real time, or say how long something took. */
const ELSEWHERE = /^Matrix\/(Every state|Languages|One state)$/
const MOVES = /^(Order desk\/An order desk|Live channels\/|Reference\/Determinism)/

const shown = listStories().filter(({ title }) => !ELSEWHERE.test(title) && !MOVES.test(title))
const titles = [...new Set(shown.map(({ title }) => title))]

/** What is below the window is not looked at. */
const WINDOW: Mode = { ...MODES.light, width: 760, height: 1000 }

let studio: Studio
let references: References

beforeAll(async () => {
  studio = await openStudio()
  references = openReferences('stories', studio.browser)
})
afterAll(async () => {
  references.close()
  await studio.close()
})

/** A story in both themes, by the name of its cell. */
async function shot({ id }: StoryEntry): Promise<[string, Picture][]> {
  await studio.turnTo(id, WINDOW)
  const pictures: [string, Picture][] = []
  for (const theme of ['light', 'dark'] as const) {
    await studio.page.evaluate((wanted) => void (document.documentElement.dataset['theme'] = wanted), theme)
    pictures.push([`${theme} ${id.split('--')[1]}`, trimmed(await studio.picture())])
  }
  return pictures
}

test.each(titles)('R37: the stories of %s look as they did, in light and in dark', async (title) => {
  const stories = shown.filter((story) => story.title === title)
  const cells: Cells = new Map((await inTurn(stories, shot)).flat())
  const sheet = stories[0]!.id.split('--')[0]!
  if (references.exist || references.update) {
    expect(await references.compare(sheet, cells)).toEqual([])
    return
  }
  console.warn(`No references for ${studio.browser}: ${title} is compared with itself.`)
  const again = new Map((await inTurn(stories, shot)).flat())
  for (const [name, cell] of cells)
    expect([name, difference(cell, again.get(name)!).share]).toEqual([name, 0])
})

async function inTurn<T, R>(all: readonly T[], each: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const one of all) results.push(await each(one))
  return results
}
