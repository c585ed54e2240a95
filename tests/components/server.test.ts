import { createSSRApp, h } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { afterEach, expect, test, vi } from 'vitest'
import { QueuedActionList, RetryModal, StatusBar } from '../../src/components/index.js'
import { createHoldfast } from '../../src/vue/index.js'
import { MODALS } from '../../stories/components/modals.js'
import { EVERY_ROW, fixedQueue } from '../../stories/support/fixed-queue.js'
import { fixedHoldfast } from '../../stories/support/fixed-status.js'

afterEach(() => vi.restoreAllMocks())

function renderAll() {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { status, connections, clock } = fixedHoldfast(MODALS.disconnected)
  const queue = fixedQueue(EVERY_ROW, clock.now())
  const listens = [vi.spyOn(status, 'subscribe'), vi.spyOn(status, 'onAnnounce'), vi.spyOn(queue, 'onChange')]
  const start = vi.spyOn(connections.api, 'start')
  const app = createSSRApp({ render: () => [h(StatusBar), h(RetryModal), h(QueuedActionList)] })
  app.use(createHoldfast({ connections, status, queue }))
  return { html: renderToString(app), warn, listens, start, clock }
}

test('ux-60: on a server the bar is its empty live regions, whatever the status, and nothing warns', async () => {
  const { html, warn } = renderAll()
  const page = await html
  expect(page).toContain(
    '<div role="status" aria-atomic="true"></div><div role="alert" aria-atomic="true"></div>',
  )
  expect(page).not.toContain('hf-bar')
  expect(page).not.toMatch(/<dialog[^>]* open/)
  expect(warn).not.toHaveBeenCalled()
})

test('nothing that is rendered has a style attribute (strict CSP)', async () => {
  expect(await renderAll().html).not.toContain('style=')
})

test('a server starts nothing, listens to nothing and sets no timer', async () => {
  const { html, listens, start, clock } = renderAll()
  await html
  for (const listen of listens) expect(listen).not.toHaveBeenCalled()
  expect(start).not.toHaveBeenCalled()
  expect(clock.pending()).toBe(0)
})
