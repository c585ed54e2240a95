import type { Meta, StoryObj } from '@storybook/vue3-vite'
import { http } from 'msw'
import { expect, waitFor } from 'storybook/test'
import { problem } from '../../mocks/order-api.js'
import { fill } from '../../src/components/locales/text.js'
import { localeOf } from '../support/still.js'
import { at, surfaces } from './look.js'
import OrderDesk from './OrderDesk.vue'
import { onStage, outage, stageLoader, stageOf, takeDown, type PlayContext } from './play.js'
import { BASE, type DeskStage } from './stage.js'

/** What a server may answer to what the queue sends, and what becomes of it. 0 is when the first order is placed. */
const meta = {
  title: 'Order desk/Answers',
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

/** An order as it came to the service. */
interface Arrival {
  /** Seconds. */
  readonly at: number
  readonly key: string | null
}

type Answer = readonly [status: number, retryAfter?: string]

/** Answers the first orders so, one after the other, and lets the others through; every one is noted. */
function answering(stage: DeskStage, ...answers: readonly Answer[]): readonly Arrival[] {
  const arrived: Arrival[] = []
  const zeroAt = stage.clock.now()
  stage.network.use(
    http.post(`${BASE}/orders`, ({ request }) => {
      const answer = answers[arrived.length]
      arrived.push({
        at: (stage.clock.now() - zeroAt) / 1000,
        key: request.headers.get('Idempotency-Key'),
      })
      if (!answer) return undefined
      const [status, retryAfter] = answer
      return problem(status, 'about:blank', 'No', {}, retryAfter ? { 'Retry-After': retryAfter } : {})
    }),
  )
  return arrived
}

/** Places orders of 1, 2, 3 … pieces on a desk on which all is well. */
async function place(stage: DeskStage, orders: number): Promise<void> {
  for (let qty = 1; qty <= orders; qty++) await stage.desk.place({ item: 'Rye bread', qty, note: null })
}

const onDesk =
  (go: (stage: DeskStage, context: PlayContext) => Promise<void>) =>
  async (context: PlayContext): Promise<void> => {
    const stage = stageOf(context.id)
    await stage.ready()
    stage.rebase(1)
    await go(stage, context)
  }

const rowsOf = (page: HTMLElement) =>
  [...page.querySelectorAll<HTMLElement>('.hf-row')].map(({ dataset }) => dataset['state'])
const applied = (stage: DeskStage) => stage.api.ledger.map(({ qty }) => qty)
const barOf = (page: HTMLElement) => page.querySelector<HTMLElement>('.hf-bar')!

export const Conflicts: Story = {
  name: 'ux-39, ux-38: 412, and 409 without Retry-After, are conflicts with their reason; they are never sent again, and hold up nothing',
  play: onDesk(async (stage, { canvasElement: page, globals }) => {
    const { list } = localeOf(globals)
    const arrived = answering(stage, [412], [409])
    await place(stage, 4)
    await at(stage, page, 2, 'warn attention')
    await expect(applied(stage)).toEqual([3, 4])
    // What was sent is shown for two seconds more.
    await at(stage, page, 5, 'warn attention')
    await waitFor(() => expect(rowsOf(page)).toEqual(['conflict', 'conflict']))
    for (const row of page.querySelectorAll('.hf-row')) {
      await expect(row.querySelector('.hf-row-state')).toHaveTextContent(list.reasons.conflict)
    }
    await at(stage, page, 3600, 'warn attention')
    await expect(arrived).toHaveLength(4)
    await expect(applied(stage)).toEqual([3, 4])
    await expect(surfaces(stage).filter((line) => line.includes('recovered'))).toEqual([])
  }),
}

export const AtWork: Story = {
  name: 'ux-39: 409 with Retry-After is sent again, no sooner and with the same key',
  play: onDesk(async (stage, { canvasElement: page }) => {
    const arrived = answering(stage, [409, '7'])
    await place(stage, 1)
    await stage.to(7)
    await expect(arrived).toHaveLength(1)
    await expect(stage.desk.queue.actions.map(({ state }) => state.name)).toEqual(['unconfirmed'])
    await waitFor(() => expect(rowsOf(page)).toEqual(['queued']))
    await stage.to(9)
    await expect(arrived).toHaveLength(2)
    const [first, second] = arrived
    await expect(second!.at - first!.at).toBeGreaterThanOrEqual(7)
    await expect(second!.key).toBe(first!.key)
    await expect(applied(stage)).toEqual([1])
    await stage.to(60)
    await expect(arrived).toHaveLength(2)
    await waitFor(() => expect(rowsOf(page)).toEqual([]))
  }),
}

/** Nothing is sent before the time that it was told, which is counted down. */
const waits = (status: number): Story => ({
  play: onDesk(async (stage, { canvasElement: page, globals }) => {
    const words = localeOf(globals)
    const arrived = answering(stage, [status, '30'])
    await place(stage, 2)
    await at(stage, page, 10, 'info syncing')
    await waitFor(() => expect(barOf(page)).toHaveTextContent(String(words.messages['waiting-to-send'])))
    // 20 s are left, and what keeps those apart who were all told the same.
    const counted = Number(/\d+/.exec(barOf(page).textContent ?? '')?.[0])
    await expect([20, 21, 22]).toContain(counted)
    await stage.to(30)
    await expect(arrived).toHaveLength(1)
    await stage.to(35)
    await expect(arrived[1]!.at - arrived[0]!.at).toBeGreaterThanOrEqual(30)
    await expect(applied(stage)).toEqual([1, 2])
    await expect(new Set(arrived.map(({ key }) => key)).size).toBe(2)
  }),
})

export const TooMany: Story = {
  ...waits(429),
  name: 'ux-40: 429 with Retry-After: nothing is sent for as long, and until when is said',
}
export const Overloaded: Story = {
  ...waits(503),
  name: 'ux-40: 503 with Retry-After: nothing is sent for as long, and until when is said',
}

export const ReplyLost: Story = {
  name: 'ux-42: the reply is lost after the server has committed: the order is sent again with its key, and applied once',
  play: onDesk(async (stage, { canvasElement: page }) => {
    const arrived = answering(stage)
    // What is cut once, or twice, the browser itself sends again: here the queue has to.
    const heal = stage.network.apply({ type: 'reset', only: { method: 'POST' } })
    await place(stage, 2)
    await stage.to(4)
    await expect(stage.desk.queue.actions[0]!.attempts).toBeGreaterThanOrEqual(2)
    await expect(applied(stage)).toEqual([1])
    heal()
    await stage.to(60)
    await expect(applied(stage)).toEqual([1, 2])
    await expect(new Set(arrived.map(({ key }) => key)).size).toBe(2)
    await expect(stage.api.ledger.map(({ replays }) => replays > 0)).toEqual([true, false])
    await waitFor(() => expect(page.querySelectorAll('.desk-orders li')).toHaveLength(2))
    await expect(rowsOf(page)).toEqual([])
  }),
}

export const Placed: Story = {
  name: 'ux-37: an order that is placed while the service is away is a row within 100 ms, and nothing says that it is saved',
  play: outage(60, async (stage, page, words) => {
    await at(stage, page, 5, 'warn reconnecting')
    page.querySelector<HTMLElement>('button[type=submit]')!.click()
    await stage.to(5.1)
    await waitFor(() => expect(rowsOf(page)).toEqual(['queued']))
    await expect(page.querySelector('.desk-waiting')).toHaveTextContent(
      fill(words, words.list.count, { count: 1 }),
    )
    await expect(page.querySelector('.desk-receipt')?.textContent).toBe('Saved on this device')
    await expect(page.querySelectorAll('.desk-orders li')).toHaveLength(0)
    await expect(applied(stage)).toEqual([])
  }),
}
