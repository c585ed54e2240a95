import { createSSRApp, defineComponent } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { expect, test, vi } from 'vitest'
import {
  useLiveRegions,
  useQueuedActions,
  useRetryDialog,
  useStatusBar,
  type StatusBarOptions,
} from '../../src/components/index.js'
import { zhCN } from '../../src/components/locales/zh-cn.js'
import type { StatusView } from '../../src/status/view.js'
import { createHoldfast } from '../../src/vue/index.js'
import { BARS } from '../../stories/components/phases.js'
import { MODALS } from '../../stories/components/modals.js'
import { EVERY_ROW, fixedQueue } from '../../stories/support/fixed-queue.js'
import { fixedHoldfast } from '../../stories/support/fixed-status.js'

/** Calls a composable in the setup of a component, on a server: nothing is mounted. */
async function inSetup<T>(view: Partial<StatusView>, use: () => T) {
  const { status, connections, clock, events, asked } = fixedHoldfast(view)
  const queue = fixedQueue(EVERY_ROW, clock.now())
  let used: T | undefined
  const root = defineComponent({ setup: () => ((used = use()), () => null) })
  await renderToString(createSSRApp(root).use(createHoldfast({ connections, status, queue })))
  return { used: used!, clock, events, asked, queue }
}

const bar = (view: Partial<StatusView>, options?: StatusBarOptions) =>
  inSetup(view, () => useStatusBar(options))

test('a bar of one’s own has the words of the kit’s, in the language that it is given', async () => {
  const english = await bar(BARS.reconnecting)
  expect(english.used.title.value).toBe('Reconnecting…')
  expect(english.used.buttons.value.map(({ label }) => label)).toEqual(['Try now'])
  const chinese = await bar(BARS.reconnecting, { locale: zhCN })
  expect(chinese.used.title.value).toBe('正在重新连接…')
  expect(chinese.used.buttons.value.map(({ label }) => label)).toEqual(['立即重试'])
})

test('its buttons do what the kit’s do; what needs the application is there only where it is named', async () => {
  const review = vi.fn()
  const view = { ...BARS.reconnecting, actions: ['review', 'retry', 'dismiss', 'go-online'] } as const
  const alone = await bar(view)
  expect(alone.used.buttons.value.map(({ action }) => action)).toEqual(['retry', 'dismiss'])
  for (const { run } of alone.used.buttons.value) run()
  expect(alone.asked).toEqual(['RETRY_NOW'])
  expect(alone.events).toEqual([{ type: 'DISMISS' }])
  const named = await bar(view, { handlers: { review } })
  expect(named.used.buttons.value.map(({ label }) => label)).toEqual(['Review', 'Try now'])
  named.used.buttons.value[0]!.run()
  expect(review).toHaveBeenCalledOnce()
})

test('a dialog of one’s own has the longer words, and writing `open` late dismisses nothing', async () => {
  const { used, events } = await inSetup(MODALS.disconnected, () => useRetryDialog())
  expect(used.title.value).toBe('We can’t reach the server')
  expect(used.body.value).toMatch(/You can keep reading/)
  expect(used.retryLabel.value).toBe('Try now')
  // Before it is mounted nothing is open: whoever tells of a dialog that closes is late.
  used.open.value = false
  expect(events).toEqual([])
  used.keepWorking()
  expect(events).toEqual([{ type: 'DISMISS' }])
})

/** What the rows say, and what their buttons are called. */
const told = ({ rows, viewOf }: ReturnType<typeof useQueuedActions>) =>
  rows.value.map((action) => {
    const { tone, text, buttons } = viewOf(action)
    return [tone, text, ...buttons.map(({ label }) => label)].join(' | ')
  })

test('a list of one’s own says of every change what the kit’s does, and offers the same', async () => {
  const { used } = await inSetup({}, () => useQueuedActions({ review: vi.fn() }))
  expect(used.title.value).toBe('4 changes waiting · 4 changes need you')
  expect(told(used)).toEqual([
    'info | Sending…',
    'idle | Waiting · 2 min ago | Discard',
    'bad | Not sent: someone else changed this item | Review | Keep mine | Keep theirs',
    'bad | Not sent: At most 500 pieces can be ordered at once. | Retry | Discard',
    'bad | Not sent: it waited too long | Retry | Discard',
    'idle | Waiting for another change | Discard',
    'warn | We don’t know yet whether this was saved | It was saved | Send again | Discard',
    'idle | Waiting · just now | Discard',
  ])
  // The server's words are of its language.
  expect(used.rows.value.map((action) => used.viewOf(action).isQuoted)).toEqual(
    [3].flatMap((at) => used.rows.value.map((_, place) => place === at)),
  )
  const chinese = await inSetup({}, () => useQueuedActions({ locale: zhCN }))
  expect(told(chinese.used)[2]).toContain(zhCN.list.mine)
})

test('its buttons do what the kit’s do: what needs a person can be taken back for 8 s, what waits is asked about', async () => {
  const { used, queue, clock } = await inSetup({}, () => useQueuedActions())
  const press = (row: number, hand: string) =>
    used
      .viewOf(used.rows.value[row]!)
      .buttons.find((button) => button.hand === hand)!
      .run()
  await press(3, 'discard')
  expect(told(used)[3]).toBe('idle | Discarded | Undo')
  expect(used.counts.value.needy).toBe(3)
  await press(3, 'undo')
  expect(told(used)[3]).toMatch(/^bad/)
  await press(3, 'discard')
  await clock.advance(7_999)
  expect(queue.asked).toEqual([])
  await clock.advance(1)
  expect(queue.asked).toEqual(['discard d'])
  await press(1, 'discard')
  expect(told(used)[1]).toBe('idle | Discard this change? It can’t be brought back. | Keep | Discard')
  await press(1, 'keep')
  await press(2, 'mine')
  expect(queue.asked).toEqual(['discard d', 'override c'])
})

test('what the queue refuses is told, and no button rejects', async () => {
  const { used, queue } = await inSetup({}, () => useQueuedActions())
  queue.retry = () => Promise.reject(new Error('the disk is full'))
  await used.viewOf(used.rows.value[3]!).buttons[0]!.run()
  expect(used.isRefused.value).toBe(true)
})

test('ux-60: on a server neither shows, nothing is said, and no timer is set', async () => {
  const { used, clock } = await inSetup(MODALS.disconnected, () => ({
    shown: useStatusBar().shown,
    open: useRetryDialog().open,
    ...useLiveRegions({ where: 'page' }),
  }))
  expect([used.shown.value, used.open.value, used.polite.value, used.assertive.value]).toEqual([
    false,
    false,
    '',
    '',
  ])
  expect(clock.pending()).toBe(0)
})
