import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect } from 'storybook/test'
import { at, surfaces, watch } from './look.js'
import OrderDesk from './OrderDesk.vue'
import { onStage, outage, stageLoader, takeDown, type PlayContext } from './play.js'
import type { DeskStage } from './stage.js'

/** How an outage that lasts is told where the application does not want a modal: beside the page, or in the bar. */
const meta = {
  title: 'Order desk/Without a modal',
  component: OrderDesk,
  decorators: [onStage],
  loaders: [stageLoader({ thresholds: { escalation: 'bar' } })],
  beforeEach:
    ({ id }) =>
    () =>
      takeDown(id),
  // Played, and nothing to be looked at.
  tags: ['!dev', '!autodocs'],
  parameters: { docs: { disable: true } },
} satisfies Meta<typeof OrderDesk>

export default meta
type Story = StoryObj

export const Bar: Story = {
  name: 'ux-24: with escalation bar an outage of 60 s is red in the bar from 10.00 on, and never a dialog',
  play: outage(60, async (stage, page) => {
    const { seen } = watch(stage, page)
    await at(stage, page, 9.99, 'warn reconnecting')
    await at(stage, page, 10, 'bad disconnected')
    await at(stage, page, 75.19, 'bad disconnected')
    await at(stage, page, 78.2, 'none')
    const expected = ['reconnecting', 'disconnected', 'recovered', 'none']
    await expect(seen.map((line) => line.split(' ').at(-1))).toEqual(expected)
    await expect(surfaces(stage).filter((line) => /modal|panel/.test(line))).toEqual([])
  }),
}

export const GaveUp: Story = {
  name: 'ux-24: with escalation bar giving up opens no dialog either',
  loaders: [stageLoader({ thresholds: { escalation: 'bar' }, policy: { giveUpAfterMs: 30_000 } })],
  play: outage(60, async (stage, page) => {
    const { seen } = watch(stage, page)
    await at(stage, page, 30, 'bad gaveUp')
    await stage.to(60)
    await expect(seen.filter((line) => /modal|panel/.test(line))).toEqual([])
  }),
}

/** At 15 s the page is as it was: who wrote goes on writing, and nothing lies over what is read. */
const staysUsable = (seen: string): ((context: PlayContext) => Promise<void>) =>
  outage(60, async (stage: DeskStage, page) => {
    const note = page.querySelector<HTMLInputElement>('input[name=note]')!
    note.focus()
    await at(stage, page, 15, seen)
    await expect(note).toHaveFocus()
    await expect(document.querySelector(':modal')).toBeNull()
    const texts = page.querySelectorAll<HTMLElement>('.desk-card :is(h2, label span, .desk-empty)')
    await expect(texts.length).toBeGreaterThan(4)
    for (const text of texts) {
      text.scrollIntoView({ block: 'center' })
      const { left, top } = text.getBoundingClientRect()
      await expect(text).toContainElement(document.elementFromPoint(left + 2, top + 4) as HTMLElement)
      await expect(getComputedStyle(text).userSelect).not.toBe('none')
      await expect(text.checkVisibility({ opacityProperty: true, visibilityProperty: true })).toBe(true)
    }
    await expect(getComputedStyle(document.body).overflowY).toBe('visible')
    await expect(getComputedStyle(document.documentElement).overflowY).toBe('visible')
  })

export const ReadOnBesideABar: Story = {
  name: 'ux-23: with a red bar at 15 s the page can be read, selected and scrolled, and the focus is where it was',
  play: staysUsable('bad disconnected'),
}

export const ReadOnBesideAPanel: Story = {
  name: 'ux-23: with a panel at 15 s the page can be read, selected and scrolled, and the focus is where it was',
  loaders: [stageLoader({ thresholds: { escalation: 'panel' } })],
  play: staysUsable('panel'),
}
