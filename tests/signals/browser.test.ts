import { expect, it } from 'vitest'
import type { ConnectionEvent } from '../../src/core/state.js'
import { browserSignals } from '../../src/signals/browser.js'

function fakeWindow(over: { onLine?: boolean; visibilityState?: string } = {}) {
  const document = Object.assign(new EventTarget(), { visibilityState: over.visibilityState ?? 'visible' })
  return Object.assign(new EventTarget(), { navigator: { onLine: over.onLine ?? true }, document })
}

function listen(page: ReturnType<typeof fakeWindow>) {
  const heard: ConnectionEvent['type'][] = []
  const stop = browserSignals({ window: page })((event) => heard.push(event.type), {} as never)
  return { heard, stop }
}

it('R03: turns what the browser says into hints', () => {
  const page = fakeWindow()
  const { heard } = listen(page)
  page.dispatchEvent(new Event('offline'))
  page.dispatchEvent(new Event('online'))
  page.document.visibilityState = 'hidden'
  page.document.dispatchEvent(new Event('visibilitychange'))
  page.document.visibilityState = 'visible'
  page.document.dispatchEvent(new Event('visibilitychange'))
  page.document.dispatchEvent(new Event('resume'))
  page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }))
  expect(heard).toEqual(['NAV_OFFLINE', 'NAV_ONLINE', 'HIDDEN', 'VISIBLE', 'WAKE', 'WAKE'])
})

it('says at once what is so when it starts, and nothing after its stop', () => {
  const page = fakeWindow({ onLine: false, visibilityState: 'hidden' })
  const { heard, stop } = listen(page)
  expect(heard).toEqual(['NAV_OFFLINE', 'HIDDEN'])
  stop()
  page.dispatchEvent(new Event('online'))
  expect(heard).toHaveLength(2)
})

it('B18: does nothing on a server', () => {
  expect(browserSignals()(() => {}, {} as never)()).toBeUndefined()
})
