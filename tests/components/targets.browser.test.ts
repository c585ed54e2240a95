/** Whatever can be pressed, in every state and on every width: it is large enough. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, show, type PageStage } from './page-stage.js'

let stage: PageStage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

/** WCAG 2.2, 2.5.8: CSS px, each way. */
const LEAST_PX = 24

/** Of each of these states: how many targets the kit's own parts have, and which of them are too small. */
const measure = (
  page: Page,
  names: readonly string[] | null,
): Promise<Record<string, { targets: number; small: string[] }>> =>
  page.evaluate(
    async ([states, least]) => {
      const found: Record<string, { targets: number; small: string[] }> = {}
      for (const name of states ?? ['now']) {
        if (states) window.kit.show(name)
        await new Promise((rendered) => setTimeout(rendered))
        const all = document.querySelectorAll<HTMLElement>('.hf :is(button, a, input, select, summary)')
        const targets = [...all].filter((one) => one.checkVisibility({ visibilityProperty: true }))
        const small = targets.flatMap((one) => {
          const { width, height } = one.getBoundingClientRect()
          return width < least || height < least ? [`${one.textContent?.trim()}: ${width} × ${height}`] : []
        })
        found[name] = { targets: targets.length, small }
      }
      return found
    },
    [names, LEAST_PX] as const,
  )

test('ux-31: in 320 px and in 1,280 px every target of every state is at least 24 px high and wide', async () => {
  const page = await stage.open({ viewport: { width: 320, height: 900 } })
  const names = await page.evaluate(() => window.kit.names)
  const narrow = await measure(page, names)
  // What comes only when something was pressed: details, a question, and a row that can be taken back.
  await show(page, 'disconnected')
  await page.getByRole('button', { name: 'Details' }).click()
  await page.getByRole('button', { name: 'Keep theirs: Delete' }).click()
  await page.getByRole('button', { name: 'Discard all…' }).click()
  await page.getByRole('button', { name: 'Undo' }).waitFor()
  const { now: asked } = await measure(page, null)
  await page.setViewportSize({ width: 1280, height: 900 })
  const wide = await measure(page, names)
  for (const states of [narrow, { asked: asked! }, wide]) {
    const small = Object.entries(states).flatMap(([name, one]) => one.small.map((text) => `${name}: ${text}`))
    expect(small).toEqual([])
  }
  // What was looked at has buttons.
  expect(narrow['modal disconnected']!.targets).toBeGreaterThan(narrow['online']!.targets)
  expect(asked!.targets).toBeGreaterThan(10)
})
