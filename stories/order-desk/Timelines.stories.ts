import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { say } from '../../src/components/locales/text.js'
import { steady } from '../../src/presets.js'
import { at, drawn, surfaces, watch } from './look.js'
import OrderDesk from './OrderDesk.vue'
import { onStage, outage, stageLoader, stageOf, takeDown } from './play.js'

/** The timelines of docs/spec/ux.md, 1.4, on a clock that stands still. 0 is the moment of the loss. */
const meta = {
  title: 'Order desk/Timelines',
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

export const S1: Story = {
  name: 'S1, ux-1, ux-7: a blip of 0.7 s shows nothing and says nothing',
  play: outage(0.7, async (stage, page) => {
    for (let tenth = 0; tenth <= 60; tenth += 1) await at(stage, page, tenth / 10, 'none')
    await expect(stage.attempts()).toEqual([0.25, 0.8])
    await expect(surfaces(stage)).toEqual([])
    for (const region of page.querySelectorAll('[data-hf] [role=status], [data-hf] [role=alert]')) {
      await expect(region.textContent).toBe('')
    }
  }),
}

/** How long it still takes a bar that goes to be gone (ms). */
function leavingMs(page: HTMLElement): number {
  const leaving = page.querySelector('.hf-bar-leave-active')
  const { transitionDuration = '0s', transitionDelay = '0s' } = leaving ? getComputedStyle(leaving) : {}
  const longest = (list: string) => Math.max(...list.split(',').map(Number.parseFloat))
  return 1000 * (longest(transitionDuration) + longest(transitionDelay))
}

export const S2: Story = {
  name: 'S2, ux-2, ux-7, R06: an outage of 4 s has a bar from 1.00, and three seconds of green',
  play: outage(4, async (stage, page) => {
    await at(stage, page, 0.99, 'none')
    await at(stage, page, 1, 'warn reconnecting')
    await at(stage, page, 6.94, 'warn reconnecting')
    await at(stage, page, 6.95, 'ok recovered')
    await at(stage, page, 9.94, 'ok recovered')
    await at(stage, page, 9.95, 'none')
    await expect(leavingMs(page)).toBeLessThanOrEqual(200)
    await waitFor(() => expect(page.querySelector('.hf-bar')).toBeNull())
    await expect(stage.attempts()).toEqual([0.25, 0.8, 3.85, 6.9])
    await expect(surfaces(stage)).toEqual(['1.00 reconnecting/bar', '6.95 recovered/bar', '9.95 none'])
  }),
}

export const S3: Story = {
  name: 'S3, ux-5, ux-11: an outage of 60 s opens the modal at 10.00 and not before',
  play: outage(60, async (stage, page) => {
    await at(stage, page, 9.99, 'warn reconnecting')
    await at(stage, page, 10, 'modal')
    await expect(page.ownerDocument.activeElement?.tagName).toMatch(/^H\d$/)
    await at(stage, page, 75.2, 'ok recovered')
    await at(stage, page, 78.2, 'none')
    await expect(stage.attempts()).toEqual([0.25, 0.8, 3.85, 6.9, 9.95, 15, 25.05, 45.1, 75.15])
    await expect(surfaces(stage)).toEqual([
      '1.00 reconnecting/bar',
      '10.00 disconnected/modal',
      '75.20 recovered/bar',
      '78.20 none',
    ])
  }),
}

export const S4: Story = {
  name: 'S4, ux-15: who types until 13 s is not interrupted; the modal opens when they pause',
  play: outage(20, async (stage, page) => {
    const note = page.querySelector<HTMLInputElement>('input[name=note]')!
    await stage.to(9)
    note.focus()
    for (let half = 18; half <= 26; half += 1) {
      await stage.to(half / 2)
      await userEvent.type(note, 'ab')
    }
    await at(stage, page, 14.99, 'bad disconnected')
    await at(stage, page, 15.04, 'bad disconnected')
    await at(stage, page, 15.05, 'modal')
    await expect(note.value).toBe('ab'.repeat(9))
    await at(stage, page, 25.1, 'ok recovered')
    await expect(surfaces(stage).slice(0, 4)).toEqual([
      '1.00 reconnecting/bar',
      '10.00 disconnected/bar',
      '15.05 disconnected/modal',
      '25.10 recovered/bar',
    ])
  }),
}

export const S5: Story = {
  name: 'S5, ux-20: who keeps working sees the modal once, and trying goes on',
  play: outage(40, async (stage, page, words) => {
    await at(stage, page, 12, 'modal')
    await userEvent.click(within(page).getByRole('button', { name: words.actions['keep-working'] }))
    await at(stage, page, 12.05, 'bad disconnected')
    await at(stage, page, 45.14, 'bad disconnected')
    await at(stage, page, 45.15, 'ok recovered')
    await at(stage, page, 48.15, 'none')
    await expect(surfaces(stage).filter((line) => line.includes('modal'))).toEqual([
      '10.00 disconnected/modal',
    ])
  }),
}

export const S6: Story = {
  name: 'S6, ux-10: six flaps of 2 s make two greens, no modal, and a bar that never leaves',
  play: async ({ id, canvasElement }) => {
    const stage = stageOf(id)
    await stage.ready()
    const beginAt = stage.clock.now()
    for (let flap = 0; flap < 6; flap += 1) {
      stage.clock.schedule(beginAt + flap * 4_000, 0, () => {
        const heal = stage.network.apply({ type: 'refuse' })
        stage.clock.schedule(stage.clock.now() + 2_050, 0, heal)
        if (flap > 0) stage.ask()
      })
    }
    await stage.clock.advance(0)
    await stage.lose()
    const { heard } = watch(stage, canvasElement)
    await at(stage, canvasElement, 3.9, 'ok recovered')
    await at(stage, canvasElement, 7.05, 'ok recovered')
    await at(stage, canvasElement, 11.05, 'warn unstable')
    await at(stage, canvasElement, 53.04, 'warn unstable')
    await at(stage, canvasElement, 53.05, 'none')
    const seen = surfaces(stage)
    await expect(seen.filter((line) => line.includes('recovered'))).toEqual([
      '3.90 recovered/bar',
      '7.05 recovered/bar',
    ])
    await expect(seen.filter((line) => line.includes('modal') || line.includes('none'))).toEqual([
      '53.05 none',
    ])
    await stage.to(120)
    await drawn()
    await expect(heard.map((line) => line.split(':')[0])).toEqual(['1.00 status', '11.05 status'])
  },
}

/** How far it is, for the eye and for the ear. */
const progressOf = (page: HTMLElement) => {
  const progress = page.querySelector('progress')
  return [progress?.value, progress?.max, progress?.getAttribute('aria-valuetext')]
}

export const S7: Story = {
  name: 'S7, ux-6, ux-37, ux-45: seven orders wait; an attempt that lands at 10.00 opens no modal, and they are sent',
  loaders: [stageLoader({ workMs: 250 })],
  play: outage(8, async (stage, page, words) => {
    for (let order = 1; order <= 7; order += 1) {
      await stage.desk.place({ item: 'Rye bread', qty: order, note: null })
    }
    await at(stage, page, 0, 'warn reconnecting')
    await waitFor(() => expect(page.querySelectorAll('.hf-row')).toHaveLength(7))
    await at(stage, page, 9.99, 'warn reconnecting')
    for (let sent = 0; sent < 7; sent += 1) {
      await at(stage, page, 10 + 0.3 * sent, 'info syncing')
      const read = say(words, { key: 'progress', params: { sent, total: 7 } })
      await waitFor(() => expect(progressOf(page)).toEqual([sent, 7, read]))
    }
    await at(stage, page, 12.09, 'info syncing')
    await at(stage, page, 12.1, 'ok recovered')
    await expect(surfaces(stage).slice(0, 3)).toEqual([
      '0.00 reconnecting/bar',
      '10.00 syncing/bar',
      '12.10 recovered/bar',
    ])
    await expect(stage.api.ledger.map(({ qty }) => qty)).toEqual([1, 2, 3, 4, 5, 6, 7])
    await expect(new Set(stage.api.ledger.map(({ key }) => key)).size).toBe(7)
    // The list that the last one asked for is still on its way.
    await at(stage, page, 12.5, 'ok recovered')
    await waitFor(() => expect(page.querySelectorAll('.desk-orders li')).toHaveLength(7))
  }),
}

export const S8: Story = {
  name: 'S8, ux-4: an order at 0.30, in the grace, shows the bar at once',
  play: outage(4, async (stage, page) => {
    await at(stage, page, 0.3, 'none')
    await userEvent.click(page.querySelector<HTMLElement>('button[type=submit]')!)
    await at(stage, page, 0.31, 'warn reconnecting')
    await waitFor(() => expect(page.querySelectorAll('.hf-row')).toHaveLength(1))
    await expect(surfaces(stage)).toEqual(['0.30 reconnecting/bar'])
    await expect(page.querySelector('.desk-receipt')?.textContent).toBe('Saved on this device')
  }),
}

export const S9: Story = {
  name: 'S9, ux-51: a planned restart of 25 s is blue at once, polled every 3 s, and never a modal',
  play: async ({ id, canvasElement }) => {
    const stage = stageOf(id)
    await stage.ready()
    // The notice comes at 0: the request is answered 503 at −0.05, and the probe asks at once.
    const drained = stage.network.apply({ type: 'status', code: 503, from: 'service' })
    await stage.lose()
    stage.clock.schedule(stage.clock.now() + 50 + 25_000, 0, drained)
    stage.rebase(0.05)
    await at(stage, canvasElement, 0, 'info maintenance')
    await at(stage, canvasElement, 27.44, 'info maintenance')
    await at(stage, canvasElement, 27.45, 'ok recovered')
    await at(stage, canvasElement, 30.45, 'none')
    await expect(stage.attempts()).toEqual([3, 6.05, 9.1, 12.15, 15.2, 18.25, 21.3, 24.35, 27.4])
    await expect(surfaces(stage)).toEqual(['0.00 maintenance/bar', '27.45 recovered/bar', '30.45 none'])
  },
}

export const DefaultSchedule: Story = {
  name: 'R01: with the default schedule the bar comes at 1.0 s, the modal at 10 s, and green stays 3 s',
  loaders: [stageLoader({ schedule: steady })],
  play: outage(20, async (stage, page) => {
    await at(stage, page, 0.99, 'none')
    await at(stage, page, 1, 'warn reconnecting')
    await at(stage, page, 9.99, 'warn reconnecting')
    await at(stage, page, 12, 'modal')
    await stage.to(40)
    const [bar, modal, green, gone] = surfaces(stage)
    await expect(bar).toBe('1.00 reconnecting/bar')
    // An attempt in flight may hold it until it lands, 50 ms later.
    await expect(Number(modal?.split(' ')[0])).toBeLessThanOrEqual(10.05)
    await expect(Number(gone?.split(' ')[0]) - Number(green?.split(' ')[0])).toBeCloseTo(3, 5)
  }),
}
