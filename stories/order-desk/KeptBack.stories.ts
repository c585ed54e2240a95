import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { forgetHidden, setHidden } from '../support/page-state.js'
import { at, drawn, surfaces, watch } from './look.js'
import OrderDesk from './OrderDesk.vue'
import { onStage, outage, stageLoader, takeDown } from './play.js'

/** What keeps the dialog back: who writes, who looks elsewhere, who has said that it is enough, what is in the air. */
const meta = {
  title: 'Order desk/What keeps the dialog back',
  component: OrderDesk,
  decorators: [onStage],
  loaders: [stageLoader()],
  beforeEach:
    ({ id }) =>
    () => {
      forgetHidden()
      takeDown(id)
    },
  // Played, and nothing to be looked at.
  tags: ['!dev', '!autodocs'],
  parameters: { docs: { disable: true } },
} satisfies Meta<typeof OrderDesk>

export default meta
type Story = StoryObj

const noteOf = (page: HTMLElement) => page.querySelector<HTMLInputElement>('input[name=note]')!

export const LookedAway: Story = {
  name: 'ux-5: three seconds in another tab are not counted: the modal comes after 10 s that were seen',
  loaders: [stageLoader({ browser: true })],
  play: outage(60, async (stage, page) => {
    await at(stage, page, 4, 'warn reconnecting')
    setHidden(true)
    await stage.to(7)
    setHidden(false)
    await at(stage, page, 12.99, 'warn reconnecting')
    await at(stage, page, 13, 'modal')
  }),
}

export const LandsLate: Story = {
  name: 'ux-6: an attempt that is in flight at 10 s and ends well at 11.90 opens no modal',
  play: outage(9.9, async (stage, page) => {
    await stage.to(9.8)
    stage.network.apply({ type: 'latency', ms: 1_900, only: { path: '/health' } })
    await at(stage, page, 11.89, 'warn reconnecting')
    await at(stage, page, 11.9, 'ok recovered')
    await expect(surfaces(stage)).toEqual(['1.00 reconnecting/bar', '11.90 recovered/bar'])
  }),
}

export const LandsTooLate: Story = {
  name: 'ux-6: an attempt in flight holds the modal for 2 s, and no longer',
  play: outage(9.9, async (stage, page) => {
    await stage.to(9.8)
    stage.network.apply({ type: 'latency', ms: 4_000, only: { path: '/health' } })
    await at(stage, page, 11.99, 'warn reconnecting')
    await at(stage, page, 12, 'modal')
    await at(stage, page, 14, 'ok recovered')
  }),
}

export const LastKey: Story = {
  name: 'ux-15: the modal opens 2 s after the last key, also where the page keeps its keys to itself',
  play: outage(60, async (stage, page) => {
    const note = noteOf(page)
    for (const type of ['keydown', 'beforeinput', 'input']) {
      note.addEventListener(type, (event) => event.stopPropagation())
    }
    note.focus()
    for (let tenth = 90; tenth <= 123; tenth += 3) {
      await stage.to(tenth / 10)
      await userEvent.keyboard('a')
    }
    await at(stage, page, 14.29, 'bad disconnected')
    await expect(note).toHaveFocus()
    await at(stage, page, 14.3, 'modal')
    await expect(note.value).toBe('a'.repeat(12))
  }),
}

export const Composing: Story = {
  name: 'ux-16: a composition that is held for 5 s is typing all the while, and 2 s longer',
  play: outage(60, async (stage, page) => {
    const note = noteOf(page)
    note.focus()
    await stage.to(8.2)
    note.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }))
    await at(stage, page, 13.2, 'bad disconnected')
    note.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }))
    await at(stage, page, 15.19, 'bad disconnected')
    await expect(note).toHaveFocus()
    await at(stage, page, 15.2, 'modal')
  }),
}

export const TypedThrough: Story = {
  name: 'ux-17: typing through the 10 s loses no character; later keys press nothing in the modal',
  play: outage(60, async (stage, page) => {
    const note = noteOf(page)
    note.focus()
    const text = 'two loaves, sliced, for the corner shop'
    for (const [index, letter] of [...text].entries()) {
      await stage.to(8 + index / 10)
      await userEvent.keyboard(letter)
    }
    await expect(note.value).toBe(text)
    await at(stage, page, 13.79, 'bad disconnected')
    await at(stage, page, 13.8, 'modal')
    await userEvent.keyboard('and one {Enter} {Enter}')
    await at(stage, page, 14.9, 'modal')
    await expect(note.value).toBe(text)
    // None by hand: those of the schedule alone.
    await expect(stage.attempts()).toEqual([0.25, 0.8, 3.85, 6.9, 9.95])
    await expect(stage.desk.queue.actions).toHaveLength(0)
  }),
}

export const StillTheSameIncident: Story = {
  name: 'ux-20: dismissed, it stays away while the link comes and goes, and is there again in another incident',
  play: outage(13, async (stage, page, words) => {
    await at(stage, page, 12, 'modal')
    await userEvent.click(within(page).getByRole('button', { name: words.actions['keep-working'] }))
    // Up for three seconds: that is no end.
    await at(stage, page, 15.05, 'ok recovered')
    await stage.to(18)
    const heal = stage.network.apply({ type: 'refuse' })
    stage.ask()
    await at(stage, page, 28.04, 'warn reconnecting')
    await at(stage, page, 28.05, 'bad disconnected')
    await at(stage, page, 50, 'bad disconnected')
    // Trying goes on all the while.
    await expect(stage.attempts().filter((seconds) => seconds > 18).length).toBeGreaterThanOrEqual(4)
    heal()
    await stage.to(100)
    stage.network.apply({ type: 'refuse' })
    stage.ask()
    await at(stage, page, 110.04, 'warn reconnecting')
    await at(stage, page, 112, 'modal')
    await expect(surfaces(stage).filter((line) => line.includes('modal'))).toHaveLength(2)
  }),
}

/** A dialog of the application with a field, in which somebody writes. */
function theirOwn() {
  const dialog = document.body.appendChild(document.createElement('dialog'))
  const field = dialog.appendChild(document.createElement('input'))
  field.ariaLabel = 'Name of the bakery'
  return { dialog, field }
}

export const OverTheirOwn: Story = {
  name: 'ux-22: a modal dialog of the application keeps ours away, and the focus; ours gives way to one that comes later',
  play: outage(60, async (stage, page) => {
    const { dialog, field } = theirOwn()
    try {
      const { seen } = watch(stage, page)
      await stage.to(5)
      dialog.showModal()
      field.focus()
      await at(stage, page, 14, 'bad disconnected')
      await expect(field).toHaveFocus()
      await expect(seen).toEqual(['1.00 warn reconnecting', '10.00 bad disconnected'])
      dialog.close()
      await at(stage, page, 14.01, 'modal')
      dialog.showModal()
      field.focus()
      await at(stage, page, 14.02, 'bad disconnected')
      await drawn()
      await expect(field).toHaveFocus()
      await expect(dialog).toHaveAttribute('open')
      await waitFor(() => expect(document.querySelectorAll(':modal')).toHaveLength(1))
    } finally {
      dialog.remove()
    }
  }),
}
