import { createSSRApp } from 'vue'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { PageEvent } from '../../src/status/view.js'
import { watchDialogs, watchLeaving, watchPage } from '../../src/vue/page.js'
import { createHoldfast, useHoldfast } from '../../src/vue/index.js'
import { EVERY_ROW, fixedQueue } from '../../stories/support/fixed-queue.js'
import { fixedHoldfast } from '../../stories/support/fixed-status.js'

/** The least of a document that the watchers need; it counts its listeners. */
class FakeDocument extends EventTarget {
  visibilityState: 'visible' | 'hidden' = 'visible'
  dialogs: { checkVisibility(): boolean; querySelector(selector: string): object | null }[] = []
  listeners = 0
  querySelectorAll = () => this.dialogs
  override addEventListener(...given: Parameters<EventTarget['addEventListener']>) {
    this.listeners++
    super.addEventListener(...given)
  }
  override removeEventListener(...given: Parameters<EventTarget['removeEventListener']>) {
    this.listeners--
    super.removeEventListener(...given)
  }
}

class FakeObserver {
  static running = new Set<FakeObserver>()
  constructor(readonly look: (records: readonly object[]) => void) {}
  observe() {
    FakeObserver.running.add(this)
  }
  disconnect() {
    FakeObserver.running.delete(this)
  }
}

let page: FakeDocument
let sent: PageEvent[]
const send = (event: PageEvent) => void sent.push(event)
const mutate = () => FakeObserver.running.forEach((observer) => observer.look([{ attributeName: 'open' }]))

beforeEach(() => {
  page = new FakeDocument()
  sent = []
  FakeObserver.running.clear()
  vi.stubGlobal('document', page)
  vi.stubGlobal('MutationObserver', FakeObserver)
  vi.stubGlobal('Element', class {})
})
afterEach(() => vi.unstubAllGlobals())

test('keys, pasting and what is dictated are typing; composing is told as long as it lasts (ux-15, ux-16)', () => {
  const stop = watchPage(send)
  for (const type of ['keydown', 'paste', 'beforeinput', 'compositionstart', 'compositionend'])
    page.dispatchEvent(new Event(type))
  expect(sent.slice(1)).toEqual([
    { type: 'TYPED' },
    { type: 'TYPED' },
    { type: 'TYPED' },
    { type: 'COMPOSING', on: true },
    { type: 'COMPOSING', on: false },
  ])
  stop()
  expect(page.listeners).toBe(0)
})

test('whether the page is hidden is told at once and at each change', () => {
  watchPage(send)
  page.visibilityState = 'hidden'
  page.dispatchEvent(new Event('visibilitychange'))
  expect(sent).toEqual([
    { type: 'HIDDEN', hidden: false },
    { type: 'HIDDEN', hidden: true },
  ])
})

/** A dialog; `inside` is what the selector of our mark finds in it. */
const dialog = (isVisible: boolean, inside: object | null = null) => ({
  checkVisibility: () => isVisible,
  querySelector: () => inside,
})

test('ux-22: a dialog that is not ours is told when it opens and when it closes, once each', () => {
  const stop = watchDialogs(send)
  page.dialogs = [dialog(false)]
  mutate()
  expect(sent).toEqual([])
  page.dialogs = [dialog(true)]
  mutate()
  mutate()
  page.dialogs = []
  mutate()
  expect(sent.map((event) => 'open' in event && event.open)).toEqual([true, false])
  stop()
  expect(FakeObserver.running.size).toBe(0)
})

test('ux-22: a dialog of a library that holds our mark is ours, and not told', () => {
  watchDialogs(send)
  page.dialogs = [dialog(true, {})]
  mutate()
  expect(sent).toEqual([])
})

test('ux-47: whoever leaves is asked while changes are kept in this page alone, and not otherwise', () => {
  const window = new EventTarget()
  vi.stubGlobal('window', window)
  const asks = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))
  const queue = fixedQueue([EVERY_ROW[3]!], 0, { persisted: false })
  const stop = watchLeaving(queue)
  expect(asks()).toBe(true)
  queue.tell({ persisted: true })
  expect(asks()).toBe(false)
  queue.tell({ persisted: false, standIn: 'blocked' })
  expect(asks()).toBe(true)
  queue.confirm('d')
  expect(asks()).toBe(false)
  const other = watchLeaving(fixedQueue([EVERY_ROW[3]!], 0, { persisted: false }))
  stop()
  expect(asks()).toBe(true)
  other()
  expect(asks()).toBe(false)
})

test('in a browser the plugin starts everything when it is installed and stops it with the application', () => {
  const { status, connections, clock, show } = fixedHoldfast({})
  const queue = fixedQueue([EVERY_ROW[3]!], clock.now(), { persisted: false })
  const window = new EventTarget()
  vi.stubGlobal('window', window)
  const asks = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))
  const log: string[] = []
  vi.spyOn(connections.api, 'start').mockImplementation(() => void log.push('start api'))
  vi.spyOn(connections.api, 'stop').mockImplementation(() => void log.push('stop api'))
  vi.spyOn(queue, 'start').mockImplementation(() => (log.push('start queue'), () => log.push('stop queue')))
  vi.spyOn(status, 'start').mockImplementation(
    () => (log.push('start status'), () => log.push('stop status')),
  )
  const stops: (() => void)[] = []
  const app = createSSRApp({})
  vi.spyOn(app, 'onUnmount').mockImplementation((stop) => void stops.push(stop))

  app.use(createHoldfast({ connections, status, queue }))
  expect(log).toEqual(['start status', 'start api', 'start queue'])
  expect(asks()).toBe(true)
  expect(FakeObserver.running.size).toBe(0)
  show({ phase: 'grace' })
  expect(FakeObserver.running.size).toBe(1)
  show({ phase: 'online' })
  expect(FakeObserver.running.size).toBe(0)

  log.length = 0
  stops.forEach((stop) => stop())
  expect(log).toEqual(['stop queue', 'stop api', 'stop status'])
  expect(page.listeners).toBe(0)
  expect(asks()).toBe(false)
})

test('several applications of a page that install one plugin share it: it starts once, and stops with the last of them', () => {
  const { status, connections } = fixedHoldfast({})
  const log: string[] = []
  vi.spyOn(connections.api, 'start').mockImplementation(() => void log.push('start'))
  vi.spyOn(connections.api, 'stop').mockImplementation(() => void log.push('stop'))
  const plugin = createHoldfast({ connections, status })
  const contexts: unknown[] = []
  const install = () => {
    let unmount = () => {}
    const app = createSSRApp({})
    vi.spyOn(app, 'onUnmount').mockImplementation((stop) => (unmount = stop))
    app.use(plugin)
    contexts.push(app.runWithContext(() => useHoldfast()))
    return unmount
  }
  const island = install()
  const other = install()
  // One voice for the page: two bars do not both speak (ux-26).
  expect(contexts[0]).toBe(contexts[1])
  island()
  expect([log, page.listeners > 0]).toEqual([['start'], true])
  other()
  expect([log, page.listeners]).toEqual([['start', 'stop'], 0])
  install()
  expect(log).toEqual(['start', 'stop', 'start'])
})
