import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect, fn, userEvent, waitFor, within } from 'storybook/test'
import { h, markRaw, nextTick } from 'vue'
import { BLANK } from '../../src/core/memory.js'
import type { ConnectionState } from '../../src/core/state.js'
import { NO_FACTS } from '../../src/status/facts.js'
import { forgetHidden, setHidden } from '../support/page-state.js'
import { localeOf } from '../support/still.js'
import ReloadNotice from './ReloadNotice.vue'
import { createWalkStage, type WalkStage } from './walk-stage.js'

/** The session is lost: the page has to be loaded again, and when is up to the person. */
const meta = {
  title: 'Status/Reloading',
  component: ReloadNotice,
  args: { auto: true, reload: fn() },
  loaders: [() => ({ stage: markRaw(createWalkStage({})) })],
  render: (args, { loaded, globals }) => ({
    render: () => h(ReloadNotice, { ...args, stage: stageOf(loaded), locale: localeOf(globals) }),
  }),
  beforeEach: () => forgetHidden,
  tags: ['!autodocs'],
} satisfies Meta<typeof ReloadNotice>

export default meta
type Story = StoryObj<{ auto: boolean; reload: () => void }>

const stageOf = (loaded: Record<string, unknown>) => loaded['stage'] as WalkStage

/** It is there with the next rendering. That it fades in takes frames, and a busy machine has none to spare. */
async function loseSession(stage: WalkStage, page: HTMLElement): Promise<void> {
  stage.setFacts({ ...NO_FACTS, session: 'lost' })
  await nextTick()
  await expect(page.querySelector('.hf-bar[data-phase=sessionLost]')).not.toBeNull()
}

const countdown = (page: HTMLElement) => page.querySelector('.reload')?.textContent?.match(/\d+/)?.[0] ?? null

export const Never: Story = {
  name: 'ux-50: nobody asked for it: in an hour nothing is reloaded',
  args: { auto: false },
  async play({ canvasElement, loaded }) {
    const stage = stageOf(loaded)
    const navigated = fn()
    const { navigation } = window as unknown as { navigation: EventTarget }
    navigation.addEventListener('navigate', navigated)
    await loseSession(stage, canvasElement)
    await stage.clock.advance(3_600_000)
    await expect(canvasElement.querySelector('.hf-bar[data-phase=sessionLost]')).not.toBeNull()
    await expect(navigated).not.toHaveBeenCalled()
    navigation.removeEventListener('navigate', navigated)
  },
}

export const Counts: Story = {
  name: 'ux-50: an application that asks for it: 20 s are counted down, and then it is reloaded once',
  async play({ canvasElement: page, loaded, args }) {
    const stage = stageOf(loaded)
    await loseSession(stage, page)
    await waitFor(() => expect(countdown(page)).toBe('20'))
    await stage.clock.advance(19_999)
    await waitFor(() => expect(countdown(page)).toBe('1'))
    await expect(args.reload).not.toHaveBeenCalled()
    await stage.clock.advance(1)
    await expect(args.reload).toHaveBeenCalledOnce()
    await stage.clock.advance(600_000)
    await expect(args.reload).toHaveBeenCalledOnce()
  },
}

export const Cancelled: Story = {
  name: 'ux-50: one press ends it for good, and it can be put off as often as one likes',
  async play({ canvasElement: page, loaded, args }) {
    const stage = stageOf(loaded)
    await loseSession(stage, page)
    for (let time = 0; time < 11; time++) {
      await stage.clock.advance(19_000)
      await userEvent.click(within(page).getByRole('button', { name: 'Later' }))
      await waitFor(() => expect(countdown(page)).toBe('20'))
    }
    await userEvent.click(within(page).getByRole('button', { name: 'Don’t reload' }))
    await waitFor(() => expect(countdown(page)).toBeNull())
    await stage.clock.advance(3_600_000)
    await expect(args.reload).not.toHaveBeenCalled()
    await expect(stage.clock.pending()).toBe(0)
  },
}

export const AtWork: Story = {
  name: 'ux-50: it never comes over somebody who types, nor while nobody sees the page',
  async play({ canvasElement: page, loaded, args }) {
    const stage = stageOf(loaded)
    await loseSession(stage, page)
    for (let time = 0; time < 5; time++) {
      await stage.clock.advance(15_000)
      await userEvent.type(page.querySelector('.reload-note')!, 'x')
    }
    await waitFor(() => expect(countdown(page)).toBe('20'))
    setHidden(true)
    await stage.clock.advance(3_600_000)
    await expect(args.reload).not.toHaveBeenCalled()
    setHidden(false)
    await waitFor(() => expect(countdown(page)).toBe('20'))
    await stage.clock.advance(20_000)
    await expect(args.reload).toHaveBeenCalledOnce()
  },
}

export const NewVersion: Story = {
  name: 'B21, ux-50: a new version is offered, put away with a press, and never loaded by itself',
  args: { auto: false },
  async play({ canvasElement: page, loaded, globals }) {
    const stage = stageOf(loaded)
    const { actions } = localeOf(globals)
    const offer = () => stage.setFacts({ ...NO_FACTS, newVersionAt: stage.clock.now() })
    const barOf = () => page.querySelector<HTMLElement>('.hf-bar:not(.hf-bar-leave-active *)')
    stage.setConnection(upSince(stage.clock.now()))
    await stage.clock.advance(60_000)
    offer()
    await waitFor(() => expect(barOf()?.dataset['tone']).toBe('info'))
    const reload = within(barOf()!).getByRole('button', { name: actions.reload })
    await stage.clock.advance(3_600_000)
    await expect(reload).toBeInTheDocument()
    await userEvent.click(within(barOf()!).getByRole('button', { name: actions.dismiss }))
    await waitFor(() => expect(barOf()).toBeNull())
    await stage.clock.advance(60_000)
    offer()
    await waitFor(() => expect(barOf()).not.toBeNull())
  },
}

const upSince = (since: number): ConnectionState => ({
  link: { name: 'online', since, memory: { ...BLANK, everOnline: true, onlineAt: since } },
  auth: 'unknown',
  intent: 'online',
  resync: 'none',
})
