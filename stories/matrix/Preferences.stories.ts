import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { h } from 'vue'
import { expect, waitFor } from 'storybook/test'
import { RetryModal, StatusBar, type Locale } from '../../src/components/index.js'
import { MODALS } from '../components/modals.js'
import { handlesOf, still } from '../support/still.js'

/** What the toolbar says that the person prefers, and what the kit makes of it. */
const meta = { title: 'Matrix/Preferences', tags: ['!autodocs'] } satisfies Meta

export default meta
type Story = StoryObj

const shown = (locale: Locale) => [h(StatusBar, { locale }), h(RetryModal, { locale })]

/** The icons that turn while an attempt takes long. */
const turning = (root: HTMLElement) =>
  [...root.querySelectorAll('.hf-icon')].filter((icon) => icon.getAnimations().length > 0)

const attempt: Story = { ...still({ ...MODALS.trying, icon: 'sync', surface: 'panel' }, shown) }

/** An attempt that takes so long that people are told of it. */
const takesLong = async (context: Parameters<NonNullable<Story['play']>>[0]) => {
  await handlesOf(context).fixed.clock.advance(600)
  await waitFor(() =>
    expect(context.canvas.getAllByRole('button')[0]).toHaveAttribute('aria-disabled', 'true'),
  )
}

export const UsualMotion: Story = {
  ...attempt,
  name: 'Motion as the system says: the icon turns while an attempt takes long',
  async play(context) {
    await takesLong(context)
    const asksForLess = matchMedia('(prefers-reduced-motion: reduce)').matches
    await expect(turning(context.canvasElement).length > 0).toBe(!asksForLess)
  },
}

export const ReducedMotion: Story = {
  ...attempt,
  name: 'ux-32: Motion reduced: nothing moves',
  globals: { motion: 'reduced' },
  async play(context) {
    await takesLong(context)
    await expect(document.getAnimations()).toEqual([])
  },
}

const token = (root: HTMLElement, name: string) =>
  getComputedStyle(root.querySelector('.hf-dialog')!).getPropertyValue(name)

export const MoreContrast: Story = {
  ...still({ ...MODALS.disconnected, surface: 'panel' }, shown),
  name: 'More contrast: quiet words and lines are as strong as the others',
  globals: { contrast: 'more' },
  async play({ canvasElement }) {
    await expect(token(canvasElement, '--hf-fg-muted')).toBe(token(canvasElement, '--hf-fg'))
    await expect(token(canvasElement, '--hf-border')).toBe(token(canvasElement, '--hf-fg'))
  },
}
