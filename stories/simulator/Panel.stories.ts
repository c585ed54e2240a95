import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import type { Script } from '../../mocks/playback/script.js'
import { createBench, type Bench } from './panel-bench.js'
import { panelOnBench, type Outside } from './panel-on-bench.js'

/** The panel Network of the addon, on a bench: what it draws, and that everything in it can be used by keyboard. */
interface PanelArgs {
  script: Script
  atMs: number
  width: string
  height: string
}

interface Loaded {
  readonly bench: Bench | null
  readonly outside: Outside
}

const RESTART: Script = {
  seed: 1,
  commands: [
    { atMs: 0, do: 'run', what: 'server-restarts' },
    { atMs: 13_500, do: 'begin', what: 'latency' },
  ],
}
const QUIET: Script = { seed: 1, commands: [] }

const loadedOf = (context: { readonly loaded: Record<string, unknown> }): Loaded =>
  context.loaded as unknown as Loaded

const meta: Meta<PanelArgs> = {
  title: 'Simulator/Panel',
  tags: ['!autodocs'],
  args: { script: RESTART, atMs: 16_000, width: '100%', height: '520px' },
  argTypes: { script: { control: false } },
  loaders: [
    async ({ args: { script, atMs } }) => {
      const bench = createBench(script, atMs)
      await bench.playback.settled()
      return { bench, outside: { speeds: [], copied: [] } satisfies Outside }
    },
  ],
  render: ({ width, height }, context) =>
    panelOnBench({
      ...loadedOf(context),
      ...{ width, height, theme: context.globals['theme'] === 'dark' ? 'dark' : 'light' },
    }),
}

export default meta
type Story = StoryObj<PanelArgs>

interface PlayContext {
  readonly canvasElement: HTMLElement
  readonly loaded: Record<string, unknown>
}

/** What a play function reads and pulls. */
function handlesOf(context: PlayContext) {
  const { bench, outside } = loadedOf(context)
  const panel = within(context.canvasElement)
  const playback = bench!.playback
  const press = async (name: string): Promise<void> => {
    await userEvent.click(panel.getByRole('button', { name }))
    await playback.settled()
  }
  return {
    ...{ panel, playback, outside, press },
    scrubber: panel.getByRole('slider', { name: 'Time' }),
    barsOf: (lane: string) =>
      [...context.canvasElement.querySelectorAll(`[data-lane=${lane}] .hfs-mark`)].map(
        (bar) => bar.textContent,
      ),
    lines: () => context.canvasElement.querySelectorAll('.hfs-table tbody tr'),
  }
}

export const Restart: Story = {
  name: 'A restart, and latency by hand: all lanes',
  async play(context) {
    const { barsOf } = handlesOf(context)
    await expect(barsOf('server')).toEqual(['draining', 'down', 'warming'])
    await expect(barsOf('network')).toEqual(['latency 800 ms ± 400'])
    await expect(barsOf('connection')).toContain('online')
    await expect(barsOf('phase')).toContain('maintenance')
    await expect(barsOf('sockets').length).toBeGreaterThan(0)
    await expect(barsOf('requests').length).toBeGreaterThan(8)
  },
}

/** The panel draws its colours from Storybook's theme, which is set before it is drawn. */
export const Dark: Story = {
  name: 'In Storybook’s dark theme',
  globals: { theme: 'dark' },
}

export const Narrow: Story = {
  name: 'Beside the story, narrow',
  args: { width: '400px', height: '760px' },
}

export const Tunnel: Story = {
  name: 'A tunnel, in the middle of its bad cell',
  args: { script: { seed: 1, commands: [{ atMs: 0, do: 'run', what: 'tunnel' }] }, atMs: 17_000 },
}

export const Back: Story = {
  name: 'The scrubber goes back: the same log up to then, and what comes again stays in sight',
  args: { script: RESTART, atMs: 12_000 },
  async play(context) {
    const { playback, scrubber, barsOf, lines } = handlesOf(context)
    const before = JSON.stringify(playback.network.log.filter(({ at }) => at - playback.startAt <= 6_000))
    const bars = barsOf('requests').length
    scrubber.focus()
    await userEvent.keyboard('{PageDown>6/}')
    await playback.settled()
    await expect(playback.nowMs).toBe(6_000)
    await expect(playback.world).toBeGreaterThan(1)
    await expect(JSON.stringify(playback.network.log)).toBe(before)
    await waitFor(() => expect(lines()).toHaveLength(playback.network.log.length))
    await expect(barsOf('requests').length).toBeGreaterThanOrEqual(bars - 1)
    await userEvent.keyboard('{Home}')
    await playback.settled()
    await expect(playback.nowMs).toBe(0)
    await waitFor(() => expect(scrubber).toHaveAttribute('aria-valuetext', '0.000 seconds'))
  },
}

export const Keys: Story = {
  name: 'Everything is reached by Tab and used by keys, in the order in which it is read',
  args: { script: QUIET, atMs: 2_000 },
  async play(context) {
    const { panel, playback, scrubber, outside } = handlesOf(context)
    const names: string[] = []
    for (let presses = 0; presses < 60; presses++) {
      await userEvent.tab()
      const focused = document.activeElement as HTMLElement
      if (!context.canvasElement.contains(focused)) break
      names.push(focused.getAttribute('aria-label') ?? focused.textContent ?? '')
    }
    await expect(names.slice(0, 7)).toEqual([
      ...['From the beginning', 'Play', 'Step to the next event', 'Speed', 'Start over', 'Copy link', 'Time'],
    ])
    await expect(names).toContain('Rolling')
    const line = /^\d+: [A-Z]+ \S+, .+, at [\d.]+ s$/
    await expect(names.slice(-4).map((name) => name.replace(line, 'a line'))).toEqual([
      ...['Filter the log', 'Copy log', 'Lines of the log', 'a line'],
    ])
    scrubber.focus()
    await userEvent.keyboard('{ArrowRight}{Shift>}{ArrowRight}{/Shift}')
    await playback.settled()
    await expect(playback.nowMs).toBe(2_101)
    panel.getByRole('button', { name: 'Step to the next event' }).focus()
    await userEvent.keyboard('{Enter}')
    await playback.settled()
    await expect(playback.nowMs).toBeGreaterThan(2_101)
    await expect(playback.nowMs).toBeLessThanOrEqual(3_000)
    panel.getByRole('button', { name: 'Play' }).focus()
    await userEvent.keyboard(' ')
    await waitFor(() => expect(panel.getByRole('button', { name: 'Pause' })).toHaveFocus())
    // Lines come and come: how many there are is not read aloud.
    await expect(panel.getByText(/lines$/)).toHaveAttribute('aria-live', 'off')
    await userEvent.keyboard(' ')
    await playback.settled()
    await userEvent.selectOptions(panel.getByRole('combobox', { name: 'Speed' }), '10×')
    await expect(outside.speeds).toEqual([10])
  },
}

export const ByHand: Story = {
  name: 'A fault by hand begins in the next millisecond, is drawn, and ends when pressed again',
  args: { script: QUIET, atMs: 2_000 },
  async play(context) {
    const { panel, playback, press, barsOf } = handlesOf(context)
    await press('Offline')
    const offline = panel.getByRole('button', { name: 'Offline' })
    await waitFor(() => expect(offline).toHaveAttribute('aria-pressed', 'true'))
    await expect(playback.network.device.onLine).toBe(false)
    await expect(barsOf('device')).toEqual(['offline'])
    await expect(panel.getByText('All well, but for what is done by hand.')).toBeVisible()
    playback.seek(4_000)
    await playback.settled()
    await waitFor(() => expect(barsOf('connection')).toContain('waiting'))
    await press('Offline')
    await waitFor(() => expect(offline).toHaveAttribute('aria-pressed', 'false'))
    await expect(playback.network.device.onLine).toBe(true)
    await expect(panel.getByText(/^All well\. Choose a scenario/)).toBeVisible()
    await expect(playback.script.commands).toEqual([
      { do: 'begin', what: 'offline', atMs: 2_001 },
      { do: 'end', what: 'offline', atMs: 4_001 },
    ])
    await press('Kill')
    await waitFor(() => expect(barsOf('server')).toEqual(['down']))
    await press('Start over')
    await expect(playback.script.commands).toEqual([])
    await expect(playback.nowMs).toBe(0)
  },
}

/** The newest line stays in sight when the panel is made lower, until somebody scrolls away from it. */
async function staysInSight(canvas: HTMLElement): Promise<void> {
  const scroll = canvas.querySelector('.hfs-scroll')!
  const place = canvas.querySelector<HTMLElement>('.hfs')!.parentElement!
  const fromEnd = () => Math.round(scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight)
  const resize = async (height: string): Promise<void> => {
    const { clientHeight } = scroll
    place.style.blockSize = height
    await waitFor(() => expect(scroll.clientHeight).not.toBe(clientHeight))
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  }
  await waitFor(() => expect(fromEnd()).toBe(0))
  await resize('440px')
  await expect(fromEnd()).toBe(0)
  scroll.scrollTop = 0
  await resize('520px')
  await expect(scroll.scrollTop).toBe(0)
}

export const Log: Story = {
  name: 'The log is filtered, walked through by arrows, and copied',
  args: { script: RESTART, atMs: 16_000 },
  async play(context) {
    const { panel, press, outside, lines } = handlesOf(context)
    await staysInSight(context.canvasElement)
    await userEvent.click(lines()[2]!.querySelector('.hfs-came')!)
    await waitFor(() => expect(lines()[2]).toHaveAttribute('data-chosen', 'true'))
    await userEvent.click(lines()[2]!.querySelector('button')!)
    await waitFor(() => expect(lines()[2]).toHaveAttribute('data-chosen', 'false'))
    const all = lines().length
    const field = panel.getByRole('searchbox', { name: 'Filter the log' })
    await userEvent.type(field, 'orders -get')
    await waitFor(() => expect(lines().length).toBeLessThan(all))
    for (const line of lines()) await expect(line).toHaveTextContent(/POST \/orders/)
    await press('Copy log')
    const [titles, ...rows] = outside.copied.at(-1)!.split('\n')
    await expect(titles?.split('\t')).toHaveLength(8)
    await expect(rows).toHaveLength(lines().length)
    await userEvent.clear(field)
    const last = lines()[lines().length - 1]!.querySelector('button')!
    last.focus()
    await userEvent.keyboard('{ArrowUp}')
    await waitFor(() => expect(context.canvasElement.querySelector('tr[data-chosen=true]')).not.toBeNull())
    const chosen = context.canvasElement.querySelector('tr[data-chosen=true] button')
    await expect(chosen).toHaveFocus()
    await expect(chosen).toHaveAttribute('aria-pressed', 'true')
    await expect(panel.getByText(/lines$/)).toHaveAttribute('aria-live', 'polite')
    await userEvent.keyboard('{Home}')
    await waitFor(() => expect(lines()[0]!.querySelector('button')).toHaveFocus())
    await userEvent.keyboard('{End}')
    await waitFor(() => expect(last).toHaveFocus())
    // Up the list, and the line is never beneath the head of the table.
    const head = context.canvasElement.querySelector('.hfs-table th')!
    for (let presses = 1; presses < lines().length; presses++) {
      await userEvent.keyboard('{ArrowUp}')
      const line = document.activeElement!.getBoundingClientRect()
      await expect(line.top).toBeGreaterThanOrEqual(head.getBoundingClientRect().bottom - 1)
    }
    await userEvent.keyboard('{End}{ArrowUp}')
  },
}

export const NoNetwork: Story = {
  name: 'A story without a network says how to give it one',
  loaders: [() => ({ bench: null, outside: { speeds: [], copied: [] } })],
  async play({ canvas }) {
    await expect(canvas.getByText(/no simulated network/)).toBeVisible()
  },
}
