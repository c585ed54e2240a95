import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import CounterPage from './CounterPage.vue'
import { counterLoader, counterStageOf, onCounterStage, takeCounterDown, type CounterStage } from './stage.js'

/** A chat and a clock on live channels, through outages, on a clock that stands still. */
const meta = {
  title: 'Live channels/A chat through outages',
  component: CounterPage,
  decorators: [onCounterStage],
  loaders: [counterLoader()],
  beforeEach:
    ({ id }) =>
    () =>
      takeCounterDown(id),
  tags: ['!autodocs'],
} satisfies Meta<typeof CounterPage>

export default meta
type Story = StoryObj

interface PlayContext {
  readonly id: string
  readonly canvasElement: HTMLElement
}

/** What is read on the page. */
function readPage(page: HTMLElement) {
  const textsOf = (selector: string) =>
    [...page.querySelectorAll(selector)].map((one) => one.textContent?.trim().replaceAll(/\s+/g, ' ') ?? '')
  return {
    said: () => textsOf('.chat-text'),
    progress: () => textsOf('.chat-message[data-mine=true] .chat-meta'),
    hole: () => textsOf('.chat-hole'),
    /** Of the line, and of the chat. */
    states: () => [...textsOf('.line-head .state-pill'), ...textsOf('.chat-head .state-pill')],
    ticks: () => Number(textsOf('.line-ticks')[0]?.match(/^\d+/)?.[0]),
    diary: () => textsOf('.line-diary li > :last-child'),
  }
}

async function write(page: HTMLElement, text: string): Promise<void> {
  const form = within(page)
  await userEvent.type(form.getByRole('textbox', { name: 'Message' }), text)
  await userEvent.click(form.getByRole('button', { name: 'Send' }))
}

/** What the server has of the chat, in its order. */
const kept = ({ api }: CounterStage): string[] =>
  api.events.filter(({ topic }) => topic === 'chat').map(({ data }) => (data as { text: string }).text)

/** A conversation, and then a planned restart; it ends while nobody is there, with two messages that wait. */
async function untilAway({ id, canvasElement }: PlayContext): Promise<void> {
  const stage = counterStageOf(id)
  const { clock, network, says } = stage
  const page = readPage(canvasElement)
  await clock.advance(2_000)
  says('Good morning! Rye is out of the oven.')
  await clock.advance(1_000)
  await write(canvasElement, 'Twelve oat rolls for table 4, please')
  await waitFor(() => expect(page.progress()).toEqual(['Sending…']))
  await clock.advance(1_000)
  await waitFor(() => expect(page.progress()).toEqual(['Sent']))
  says('On their way.')
  await clock.advance(2_000)
  network.restart.graceful({ drainMs: 1_000, downMs: 8_000 })
  await clock.advance(4_000)
  await write(canvasElement, 'And one plum cake')
  await write(canvasElement, 'No sugar on it')
  await clock.advance(1_000)
  await waitFor(() => expect(page.progress().slice(1)).toEqual(['Kept in this tab', 'Kept in this tab']))
  await expect(page.states()).toEqual(['Waiting for the server', 'Behind until the line is back'])
}

export const Away: Story = {
  name: 'R23: the server restarts, and what is written is kept',
  play: untilAway,
}

/** Through the restart to its end: everything is there once and in order. */
const throughRestart = (live: string): NonNullable<Story['play']> =>
  async function play(context: PlayContext) {
    const stage = counterStageOf(context.id)
    const page = readPage(context.canvasElement)
    await untilAway(context)
    await expect(kept(stage)).toHaveLength(3)
    stage.says('The cinnamon buns are ready, too.')
    await stage.clock.advance(20_000)
    await waitFor(() => expect(page.progress()).toEqual(['Sent', 'Sent', 'Sent']))
    await expect(page.said()).toEqual([
      'Good morning! Rye is out of the oven.',
      'Twelve oat rolls for table 4, please',
      'On their way.',
      'The cinnamon buns are ready, too.',
      'And one plum cake',
      'No sugar on it',
    ])
    await expect(kept(stage)).toEqual(page.said())
    await expect(page.states()).toEqual([live, 'Caught up, nothing is missing'])
    await expect(page.hole()).toEqual([])
    const ticks = stage.api.events.filter(({ topic }) => topic === 'clock')
    await expect(page.ticks()).toBe(ticks.length)
  }

export const Restart: Story = {
  name: 'R16 R21 R23: over WebSocket, after a restart everything is there once and in order',
  loaders: [counterLoader({ transports: ['websocket'] })],
  play: throughRestart('Live over WebSocket'),
}

export const RestartOverEventStream: Story = {
  name: 'R17 R21 R23: over an event stream, after a restart everything is there once and in order',
  loaders: [counterLoader({ transports: ['event-stream'] })],
  play: throughRestart('Live over an event stream'),
}

export const RestartOverLongPolling: Story = {
  name: 'R15 R21 R23: over long polling, after a restart everything is there once and in order',
  loaders: [counterLoader({ transports: ['long-poll'] })],
  play: throughRestart('Live over long polling'),
}

export const Gap: Story = {
  name: 'R21: what the server no longer has is told as a gap, and the rest comes once',
  loaders: [counterLoader({ ring: 8 })],
  async play({ id, canvasElement }) {
    const stage = counterStageOf(id)
    const { clock, network, says } = stage
    const page = readPage(canvasElement)
    await clock.advance(2_000)
    says('Good morning!')
    await clock.advance(2_000)
    const back = network.apply({ type: 'offline' })
    await clock.advance(3_000)
    await write(canvasElement, 'Is there rye left?')
    for (let tray = 1; tray <= 15; tray += 1) {
      says(`Tray ${tray} is out of the oven.`)
      await clock.advance(1_000)
    }
    back()
    await clock.advance(5_000)
    await waitFor(() => expect(page.progress()).toEqual(['Sent']))
    const [hole] = page.hole()
    const [range] = hole?.match(/within events \d+ to \d+/) ?? []
    await expect(page.hole()).toHaveLength(1)
    await expect(page.states()).toEqual(['Live over WebSocket', `Gap: ${range}`])
    await expect(page.diary().at(-1)).toBe(`Chat: a gap ${range}`)
    const trays = page.said().slice(1, -1)
    await expect(trays.at(-1)).toBe('Tray 15 is out of the oven.')
    await expect(new Set(trays).size).toBe(trays.length)
    await expect(trays.length).toBeLessThan(15)
    await expect(page.said().at(0)).toBe('Good morning!')
    await expect(page.said().at(-1)).toBe('Is there rye left?')
  },
}

export const Queued: Story = {
  name: 'R24: a message that is written offline is shown as queued, and arrives once',
  loaders: [counterLoader({ isDurable: true })],
  async play({ id, canvasElement }) {
    const stage = counterStageOf(id)
    const { clock, network, says } = stage
    const page = readPage(canvasElement)
    const queued = () =>
      [...canvasElement.querySelectorAll('.hf-row-title')].map((one) => one.textContent?.trim())
    await clock.advance(2_000)
    says('Good morning!')
    await clock.advance(1_000)
    const back = network.apply({ type: 'offline' })
    await clock.advance(3_000)
    await write(canvasElement, 'Twelve oat rolls for table 4')
    await write(canvasElement, 'And one plum cake')
    await clock.advance(1_000)
    await waitFor(() => expect(page.progress()).toEqual(['In the queue', 'In the queue']))
    await waitFor(() =>
      expect(queued()).toEqual([
        'To the bakery: Twelve oat rolls for table 4',
        'To the bakery: And one plum cake',
      ]),
    )
    await expect(kept(stage)).toEqual(['Good morning!'])
    says('The cinnamon buns are ready.')
    back()
    await clock.advance(5_000)
    await waitFor(() => expect(page.progress()).toEqual(['Sent', 'Sent']))
    await waitFor(() => expect(queued()).toEqual([]))
    await expect(kept(stage)).toEqual([
      'Good morning!',
      'The cinnamon buns are ready.',
      'Twelve oat rolls for table 4',
      'And one plum cake',
    ])
    await expect(page.said()).toEqual(kept(stage))
  },
}
