import { afterAll, beforeAll, expect, test } from 'vitest'
import { MODES } from './modes.js'
import { difference } from './picture.js'
import { COMPONENTS } from './stories.js'
import { openStudio, type Studio } from './studio.js'

let studio: Studio

beforeAll(async () => void (studio = await openStudio()))
afterAll(() => studio.close())

/** In the test command one state in so many: loading a page takes as long as all that is looked at in it. */
const EVERY = process.env['HOLDFAST_VISUAL'] ? 1 : 3

const ONE = 'matrix-one-state--one-state'

/** Every state of a component, as the matrix has them. The badge's are the bar's, and a few of its own. */
async function statesOf(component: string): Promise<readonly string[]> {
  await studio.visit(`matrix-every-state--${component}`, MODES.light)
  const states = await studio.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-cell]')].map(
      (cell) => cell.dataset['cell']!.split(' ')[1]!,
    ),
  )
  return component === 'connection-badge' ? states.slice(-4) : states
}

test.each(COMPONENTS)(
  `B20: ${EVERY === 1 ? 'every state' : 'one state in three'} of %s is reached by its URL alone, and stands still there`,
  async (component) => {
    const states = await statesOf(component)
    expect(states.length).toBeGreaterThan(3)
    for (const [index, state] of states.filter((_, index) => index % EVERY === 0).entries()) {
      await studio.visit(ONE, MODES.dark, `component:${component};state:${state}`)
      const shown = await studio.page.evaluate(() => ({
        cell: document.querySelector<HTMLElement>('[data-cell]')?.dataset['cell'],
        theme: document.documentElement.dataset['theme'],
        moving: document.getAnimations().length,
      }))
      expect(shown).toEqual({ cell: `${component} ${state}`, theme: 'dark', moving: 0 })
      // That nothing moves is told of each; whether what is told is true can be seen in one.
      if (index > 0) continue
      const [first, second] = [await studio.picture(), await studio.picture()]
      expect([state, difference(first, second).share]).toEqual([state, 0])
    }
  },
)

test('B20: a state that there is not is told with those that there are', async () => {
  await studio.visit(ONE, MODES.light, 'component:retry-modal;state:slow')
  await studio.page.getByText('retry-modal has no state slow; it has disconnected').waitFor()
})
