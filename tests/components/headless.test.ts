import { createSSRApp, defineComponent } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { expect, test, vi } from 'vitest'
import {
  useLiveRegions,
  useRetryDialog,
  useStatusBar,
  type StatusBarOptions,
} from '../../src/components/index.js'
import { zhCN } from '../../src/components/locales/zh-cn.js'
import type { StatusView } from '../../src/status/view.js'
import { createHoldfast } from '../../src/vue/index.js'
import { BARS } from '../../stories/components/phases.js'
import { MODALS } from '../../stories/components/modals.js'
import { fixedHoldfast } from '../../stories/support/fixed-status.js'

/** Calls a composable in the setup of a component, on a server: nothing is mounted. */
async function inSetup<T>(view: Partial<StatusView>, use: () => T) {
  const { status, connections, clock, events, asked } = fixedHoldfast(view)
  let used: T | undefined
  const root = defineComponent({ setup: () => ((used = use()), () => null) })
  await renderToString(createSSRApp(root).use(createHoldfast({ connections, status })))
  return { used: used!, clock, events, asked }
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
