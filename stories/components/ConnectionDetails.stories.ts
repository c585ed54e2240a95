import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { defineComponent, h, ref, watch } from 'vue'
import { expect, fn, userEvent, waitFor, within } from 'storybook/test'
import { manualClock } from '../../mocks/manual-clock.js'
import { seededRandom } from '../../mocks/random.js'
import { ConnectionDetails, StatusBar, type Locale } from '../../src/components/index.js'
import { fill } from '../../src/components/locales/text.js'
import type { ProbeResult } from '../../src/core/state.js'
import { createConnection, createStatus } from '../../src/index.js'
import { article } from '../../src/presets.js'
import { provideHoldfast } from '../../src/vue/index.js'
import { A_FEW_ROWS, fixedQueue, type RowSketch } from '../support/fixed-queue.js'
import { CHINESE, localeOf, RIGHT_TO_LEFT } from '../support/still.js'
import './matrix.css'

/** The connection is a real one here: what it tells is what it did. Only its server and its clock are at hand. */
const meta = {
  title: 'Components/ConnectionDetails',
  component: ConnectionDetails,
  args: { onCopied: fn() },
} satisfies Meta<typeof ConnectionDetails>

export default meta
type Story = StoryObj<typeof meta>

/** A connection, the server that it asks, and what is around both. */
function createWorld(rows: readonly RowSketch[], others: readonly string[] = []) {
  const clock = manualClock()
  const server: { answers: ProbeResult['kind'] } = { answers: 'good' }
  const connect = (probe: () => Promise<ProbeResult>) =>
    createConnection({ probe, clock, random: seededRandom(1), schedule: article })
  const connection = connect(async () => ({ kind: server.answers }) as ProbeResult)
  const well = others.map((name) => [name, connect(async () => ({ kind: 'good' }) as ProbeResult)] as const)
  const connections = { api: connection, ...Object.fromEntries(well) }
  const queue = fixedQueue(rows, clock.now())
  const status = createStatus({ connections, sources: [queue], escalation: 'bar' })
  return { clock, server, connection, connections, queue, status }
}
type World = ReturnType<typeof createWorld>

const worldOf = (context: { loaded: Record<string, unknown> }): World => context.loaded['world'] as World

interface Args {
  readonly locale?: Locale
  readonly open?: boolean
}

/** The bar above, its "Details" opens them. */
const page = ({ connections, status, queue }: World, locale: () => Locale, args: Args, isOpen: boolean) =>
  defineComponent({
    setup() {
      provideHoldfast({ connections, status, queue })
      const open = ref(args.open ?? isOpen)
      watch(
        () => args.open,
        (wanted) => (open.value = wanted ?? isOpen),
      )
      return () => [
        h(StatusBar, { locale: locale(), onDetails: () => (open.value = !open.value) }),
        h('div', { class: 'matrix' }, [
          h(ConnectionDetails, {
            ...args,
            locale: locale(),
            open: open.value,
            'onUpdate:open': (is: boolean) => (open.value = is),
          }),
        ]),
      ]
    },
  })

const withDetails = (isOpen: boolean, rows = A_FEW_ROWS, others: readonly string[] = []) => ({
  loaders: [() => ({ world: createWorld(rows, others) })],
  render: (args: Args, context: { loaded: Record<string, unknown>; globals: Record<string, unknown> }) =>
    page(worldOf(context), () => localeOf(context.globals, args), args, isOpen),
})

/** Up, then lost for as long, told by a failed request. */
async function outage({ clock, server, connection }: World, ms: number): Promise<void> {
  await clock.advance(20)
  server.answers = 'failed'
  connection.send({ type: 'SUSPICION', cause: 'server' })
  await clock.advance(ms)
}

const panelOf = (root: HTMLElement) => root.querySelector<HTMLElement>('.hf-details')
const linesOf = (root: HTMLElement) =>
  [...panelOf(root)!.querySelectorAll('li')].map((line) => line.lastChild!.textContent!.trim())

/** The page of documentation plays these, too: without their outage they would tell of none. */
const played = { docs: { story: { autoplay: true } } }

export const Quiet: Story = {
  ...withDetails(true, []),
  name: 'All is well: what is so, and the first connect',
  parameters: played,
  async play(context) {
    await worldOf(context).clock.advance(20)
    await waitFor(() => expect(linesOf(context.canvasElement).length).toBeGreaterThan(0))
    const { details } = localeOf(context.globals)
    const values = [...panelOf(context.canvasElement)!.querySelectorAll('dd')].map((one) => one.textContent)
    await expect(values).toEqual([expect.stringContaining('(online)')])
    await expect(linesOf(context.canvasElement)[0]).toBe(details.events.online)
  },
}

export const Outage: Story = {
  ...withDetails(true),
  parameters: played,
  name: 'R22: An outage: what was tried, when and why, the newest first',
  async play(context) {
    const world = worldOf(context)
    const { details } = localeOf(context.globals)
    const line = (event: keyof typeof details.events, reason = '', attempt = 0) =>
      details.events[event].replace('{reason}', reason).replace('{attempt}', String(attempt))
    await outage(world, 4000)
    await waitFor(() =>
      expect(linesOf(context.canvasElement).slice(0, 4)).toEqual([
        line('failed', details.causes.server, 3),
        line('trying', details.tries.due, 3),
        line('failed', details.causes.server, 2),
        line('trying', details.tries.due, 2),
      ]),
    )
    world.connection.retryNow()
    await world.clock.advance(20)
    await waitFor(() =>
      expect(linesOf(context.canvasElement)[1]).toBe(line('trying', details.tries.byHand, 4)),
    )
    world.server.answers = 'good'
    await world.clock.advance(60_000)
    await waitFor(() => expect(linesOf(context.canvasElement)[0]).toBe(line('online')))
  },
}

export const Lasting: Story = {
  ...withDetails(true),
  parameters: played,
  name: 'In the middle of an outage: state, since when, why, what waits',
  async play(context) {
    await outage(worldOf(context), 30_000)
    const { details } = localeOf(context.globals)
    await waitFor(() => {
      const names = [...panelOf(context.canvasElement)!.querySelectorAll('dt')].map(
        (name) => name.textContent,
      )
      expect(names).toEqual([details.state, details.since, details.cause, details.next, details.changes])
    })
  },
}

export const SeveralServices: Story = {
  ...withDetails(true, [], ['chat']),
  name: 'Several services: what happened to which, by the names that people have for them',
  args: { services: { api: 'Orders', chat: 'Kitchen chat' } },
  parameters: played,
  async play(context) {
    await outage(worldOf(context), 4000)
    const words = localeOf(context.globals)
    const named = (name: string, value: string) => fill(words, words.details.named, { name, value })
    await waitFor(() => {
      const lines = linesOf(context.canvasElement)
      expect(lines).toContain(named('Kitchen chat', words.details.events.online))
      expect(lines[0]!.startsWith(named('Orders', ''))).toBe(true)
    })
  },
}

export const Copy: Story = {
  ...withDetails(true),
  name: 'Copied as text: everything, with codes and comparable times, the oldest first, without the query of the page',
  async play(context) {
    const { args, canvas, canvasElement, globals } = context
    await outage(worldOf(context), 12_000)
    const words = localeOf(globals)
    const { details } = words
    const named = (name: string, value: string) => fill(words, details.named, { name, value })
    let copied = ''
    const write = (text: string) => {
      copied = text
      return Promise.resolve()
    }
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: write }, configurable: true })
    try {
      await userEvent.click(canvas.getByRole('button', { name: details.copy }))
    } finally {
      Reflect.deleteProperty(navigator, 'clipboard')
    }
    await waitFor(() => expect(args['onCopied']).toHaveBeenCalledWith(copied))
    await expect(panelOf(canvasElement)!.querySelector('[role=status]')!.textContent).toBe(details.copied)
    const lines = copied.split('\n')
    await expect(lines[0]).toBe(named(details.title, '2026-01-01 09:00:12 UTC'))
    await expect(copied).toContain('(disconnected)')
    await expect(copied).toContain('(server)')
    await expect(copied).toContain(`${named(details.page, location.origin + location.pathname)}\n`)
    await expect(copied).toContain(navigator.userAgent)
    const times = lines.flatMap((line) => line.match(/^2026-01-01 [\d:]+(?= UTC {2})/) ?? [])
    await expect(times.length).toBeGreaterThan(5)
    await expect(times).toEqual(times.toSorted())
  },
}

export const CannotCopy: Story = {
  ...withDetails(true),
  name: 'The browser does not let us copy: the text is there to be selected',
  async play(context) {
    const { canvas, canvasElement, globals } = context
    await worldOf(context).clock.advance(20)
    const { details } = localeOf(globals)
    const write = () => Promise.reject(new DOMException('denied', 'NotAllowedError'))
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: write }, configurable: true })
    try {
      await userEvent.click(canvas.getByRole('button', { name: details.copy }))
      await waitFor(() =>
        expect(panelOf(canvasElement)!.querySelector('[role=status]')!.textContent).toBe(details.notCopied),
      )
    } finally {
      Reflect.deleteProperty(navigator, 'clipboard')
    }
    await expect(panelOf(canvasElement)!.querySelector('pre')!.textContent).toContain(details.title)
  },
}

export const OpensAndCloses: Story = {
  ...withDetails(false),
  name: 'ux-21: Details opens them with the focus on the heading; Escape and the x give it back; the diary goes on',
  async play(context) {
    const { canvas, canvasElement, globals } = context
    const words = localeOf(globals)
    await outage(worldOf(context), 12_000)
    const opener = await canvas.findByRole('button', { name: words.actions.details })
    for (const close of ['{Escape}', 'x']) {
      opener.focus()
      await userEvent.keyboard('{Enter}')
      const heading = await waitFor(() => within(panelOf(canvasElement)!).getByRole('heading', { level: 2 }))
      await waitFor(() => expect(heading).toHaveFocus())
      await expect(linesOf(canvasElement).length).toBeGreaterThan(5)
      if (close === 'x') await userEvent.click(canvas.getByRole('button', { name: words.details.close }))
      else await userEvent.keyboard(close)
      await waitFor(() => expect(panelOf(canvasElement)).toBeNull())
      await waitFor(() => expect(opener).toHaveFocus())
    }
  },
}

const lasting = (extra: object): Story => ({
  ...withDetails(true),
  parameters: played,
  play: async (context) => {
    await outage(worldOf(context), 12_000)
    await waitFor(() => expect(linesOf(context.canvasElement).length).toBeGreaterThan(5))
  },
  ...extra,
})
export const Chinese = lasting({ name: 'ux-36: In Chinese', globals: CHINESE })
export const RightToLeft = lasting({ name: 'ux-34: From right to left', globals: RIGHT_TO_LEFT })
export const Narrow: Story = {
  ...withDetails(true),
  render: (args, context) => {
    const part = page(worldOf(context), () => localeOf(context.globals), { ...args }, true)
    return { render: () => h('div', { class: 'matrix', 'data-width': 320 }, [h(part)]) }
  },
  name: 'ux-30, ux-31: In 320 px nothing overflows, and every target is at least 24 px',
  async play(context) {
    const { canvasElement, canvas } = context
    await outage(worldOf(context), 12_000)
    await waitFor(() => expect(linesOf(canvasElement).length).toBeGreaterThan(5))
    const panel = panelOf(canvasElement)!
    const wide = [panel, ...panel.querySelectorAll('*')].filter(
      (one) => one.scrollWidth > one.clientWidth + 1,
    )
    await expect(wide.filter((one) => getComputedStyle(one).display !== 'inline')).toEqual([])
    await expect(canvas.getAllByRole('button').filter((button) => button.offsetHeight < 24)).toEqual([])
  },
}
