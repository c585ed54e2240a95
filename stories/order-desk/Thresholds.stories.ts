import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect, userEvent, waitFor } from 'storybook/test'
import { fixed } from '../../src/index.js'
import { article, steady } from '../../src/presets.js'
import { at, drawn, surfaces, watch } from './look.js'
import OrderDesk from './OrderDesk.vue'
import { onStage, outage, stageLoader, stageOf, takeDown } from './play.js'

/** What must not move a threshold, and what must not leave under a pointer. */
const meta = {
  title: 'Order desk/Thresholds',
  component: OrderDesk,
  decorators: [onStage],
  loaders: [stageLoader()],
  beforeEach:
    ({ id }) =>
    () =>
      takeDown(id),
  tags: ['!autodocs'],
  parameters: { docs: { disable: true } },
} satisfies Meta<typeof OrderDesk>

export default meta
type Story = StoryObj

export const FailsAgainAndAgain: Story = {
  name: 'ux-3: attempts that fail every 200 ms do not put off the bar: it comes at 1.00',
  loaders: [stageLoader({ schedule: fixed(150) })],
  play: outage(30, async (stage, page) => {
    for (let tick = 1; tick < 5; tick++) {
      await at(stage, page, tick / 5, 'none')
      stage.ask()
    }
    await at(stage, page, 0.99, 'none')
    await at(stage, page, 1, 'warn reconnecting')
    await expect(stage.attempts().filter((seconds) => seconds < 1).length).toBeGreaterThanOrEqual(3)
    // Nor do they put off the modal, but for an attempt that is in flight.
    await at(stage, page, 9.99, 'warn reconnecting')
    await at(stage, page, 10.05, 'modal')
    await expect(surfaces(stage)[0]).toBe('1.00 reconnecting/bar')
  }),
}

const barOf = (page: HTMLElement) => page.querySelector<HTMLElement>('.hf-bar')!

export const GreenUnderAPointer: Story = {
  name: 'ux-8: green stays while the pointer is on it, and goes once its time is over',
  play: outage(4, async (stage, page) => {
    await at(stage, page, 9.85, 'ok recovered')
    await userEvent.hover(barOf(page))
    await at(stage, page, 60, 'ok recovered')
    await userEvent.unhover(barOf(page))
    await at(stage, page, 60.09, 'ok recovered')
    await at(stage, page, 60.1, 'none')
  }),
}

export const GreenUnderTheFocus: Story = {
  name: 'ux-8: green stays while the focus is in it, and a pointer that leaves does not end that',
  play: outage(4, async (stage, page) => {
    // It is there before the green is, on a button that goes with the loss.
    await at(stage, page, 6.9, 'warn reconnecting')
    barOf(page).querySelector('button')!.focus()
    await at(stage, page, 9.94, 'ok recovered')
    await userEvent.hover(barOf(page))
    await userEvent.unhover(barOf(page))
    await at(stage, page, 60, 'ok recovered')
    page.querySelector<HTMLInputElement>('input[name=note]')!.focus()
    await at(stage, page, 62.99, 'ok recovered')
    await at(stage, page, 63, 'none')
  }),
}

export const LostInGreen: Story = {
  name: 'ux-9: a loss while it is green: the same bar, of the same height, from frame to frame, and the page stands still',
  tags: ['!dev'],
  play: outage(4, async (stage, page) => {
    await at(stage, page, 6.95, 'ok recovered')
    const bar = barOf(page)
    await waitFor(() => expect(page.querySelectorAll('.hf-frame .hf-bar-enter-active')).toHaveLength(0))
    const { seen } = watch(stage, page)
    const lies = () =>
      `${bar.getBoundingClientRect().height} ${page.querySelector('main')!.getBoundingClientRect().top}`
    const before = lies()
    const places = new Set<string>()
    /** Looks at every frame, until nothing moves. */
    const lookOn = async () => {
      do {
        places.add(lies())
        await drawn()
      } while (bar.getAnimations({ subtree: true }).length > 0)
      places.add(lies())
    }
    await lookOn()
    stage.network.apply({ type: 'refuse' })
    stage.ask()
    await at(stage, page, 7.05, 'warn reconnecting')
    await lookOn()
    await stage.to(8)
    await lookOn()
    await expect([...places]).toEqual([before])
    await expect(before).toMatch(/^(40|52|72) /)
    await expect(barOf(page)).toBe(bar)
    await expect(seen).toEqual(['7.05 warn reconnecting'])
  }),
}

/** When attempts begin where each is refused after 50 ms: these waits, one after the other. */
const begun = (waitsMs: readonly number[]): number[] => {
  let now = -50
  return waitsMs.map((wait) => (now += wait + 50) / 1000)
}

const ARTICLE_MS = [250, 500, 3_000, 3_000, 3_000, 5_000, 10_000, 20_000, 30_000]

/** The attempts of so many seconds, with this chance at each of them. */
const attempts = (
  seconds: number,
  expected: readonly number[],
  options: Parameters<typeof stageLoader>[0],
): Pick<Story, 'loaders' | 'play'> => ({
  loaders: [stageLoader(options)],
  play: outage(seconds, async (stage) => {
    await stage.to(seconds - 1)
    const found = stage.attempts()
    await expect(found).toHaveLength(expected.length)
    for (const [place, second] of expected.entries()) await expect(found[place]).toBeCloseTo(second, 2)
  }),
})

export const ArticleAtItsShortest: Story = {
  name: 'ux-11: the preset article with the least chance: every wait is 20 % shorter',
  // Played, and nothing to be looked at.
  tags: ['!dev'],
  ...attempts(84, begun(ARTICLE_MS.map((ms) => ms * 0.8)), { schedule: article, roll: 0 }),
}

export const ArticleAtItsLongest: Story = {
  name: 'ux-11: the preset article with the greatest chance: every wait is 20 % longer',
  // Played, and nothing to be looked at.
  tags: ['!dev'],
  ...attempts(125, begun(ARTICLE_MS.map((ms) => ms * 1.2)), { schedule: article, roll: 1 }),
}

/** 0.5 s · (1 + 0.35 n), from n = 1 on. */
const steadyMs = (n: number, times: number) => Math.min(15_000, 500 * (1 + 0.35 * n)) * times
const SOME = Array.from({ length: 20 }, (_, place) => place + 1)

export const DefaultAtItsShortest: Story = {
  name: 'ux-11: the default with the least chance: 0.75 s after the loss, then 0.5 s · (1 + 0.35 n) · 0.75',
  // Played, and nothing to be looked at.
  tags: ['!dev'],
  ...attempts(39, begun([750, ...SOME.map((n) => steadyMs(n, 0.75))]), { schedule: steady, roll: 0 }),
}

export const DefaultAtItsLongest: Story = {
  name: 'ux-11: the default with the greatest chance: 0.9 s after the loss, then 0.5 s · (1 + 0.35 n) · 1.25',
  // Played, and nothing to be looked at.
  tags: ['!dev'],
  ...attempts(63, begun([900, ...SOME.map((n) => steadyMs(n, 1.25))]), { schedule: steady, roll: 1 }),
}

export const LyingFlag: Story = {
  name: 'ux-54: the browser says that it is online, and with a dead server it still comes to red',
  play: outage(30, async (stage, page, words) => {
    await expect(navigator.onLine).toBe(true)
    await at(stage, page, 10, 'modal')
    const dialog = page.querySelector('dialog')!
    await expect(dialog.dataset['tone']).toBe('bad')
    await expect(dialog).toHaveAccessibleName(String(words.modal.titles['cannot-reach']))
  }),
}

export const Slow: Story = {
  name: 'ux-52: requests of 2.9 and 3.1 s in turn make one hint, without a flicker; 10 s after the last it is gone',
  async play({ id, canvasElement: page }) {
    const stage = stageOf(id)
    await stage.ready()
    stage.rebase(1)
    const slow = (ms: number) =>
      stage.network.apply({ type: 'latency', ms: ms - 50, only: { path: '/orders' } })
    let now = 0
    /** Asks, and looks at the page just before and just after the answer. */
    const request = async (ms: number, seen: string) => {
      const heal = slow(ms)
      stage.ask()
      now += ms / 1000
      await at(stage, page, now - 0.001, seen)
      await at(stage, page, now, seen)
      heal()
    }
    await at(stage, page, 0, 'none')
    for (const ms of [2900, 2900, 2900]) await request(ms, 'none')
    for (const ms of [3100, 2900, 3100, 2900, 3100]) await request(ms, 'idle slow')
    await at(stage, page, now + 9.99, 'idle slow')
    await at(stage, page, now + 10, 'none')
    await waitFor(() =>
      expect(surfaces(stage).map((line) => line.split(' ')[1])).toEqual(['slow/bar', 'none']),
    )
  },
}

export const SlowWithNothingPending: Story = {
  name: 'ux-52: a slow network on which nobody waits for anything shows no hint',
  async play({ id, canvasElement: page }) {
    const stage = stageOf(id)
    await stage.ready()
    stage.network.apply({ type: 'latency', ms: 4_000, only: { path: '/orders' } })
    await stage.clock.advance(60_000)
    await expect(surfaces(stage)).toEqual([])
    await expect(page.querySelector('.hf-bar')).toBeNull()
  },
}
