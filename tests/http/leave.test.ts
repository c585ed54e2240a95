import { afterEach, expect, test, vi } from 'vitest'
import { attachHttp } from '../../src/http/index.js'
import { createRig, watch } from './rig.js'

afterEach(() => vi.unstubAllGlobals())

/** A window that counts who listens, and asks them. */
function createWindow() {
  const listeners = new Set<(event: Event) => void>()
  let added = 0
  return {
    addEventListener(type: string, listener: (event: Event) => void) {
      expect(type).toBe('beforeunload')
      added += 1
      listeners.add(listener)
    },
    removeEventListener: (_type: string, listener: (event: Event) => void) => void listeners.delete(listener),
    get listeners() {
      return listeners.size
    },
    get added() {
      return added
    },
    /** Whether the browser would ask. */
    leave() {
      const event = new Event('beforeunload', { cancelable: true })
      for (const listener of listeners) listener(event)
      return event.defaultPrevented
    },
  }
}

test('whoever leaves while an unmarked write is held is asked first, and only as long as it is', async () => {
  const window = createWindow()
  const rig = createRig({ window })
  await rig.online()
  await rig.lose()
  watch(rig.api.get('/orders'))
  await rig.clock.settle()
  expect(window.leave()).toBe(false)
  expect(window.added).toBe(0)
  watch(rig.api.post('/orders', {}))
  watch(rig.api.put('/orders/1', {}))
  await rig.clock.settle()
  expect(window.listeners).toBe(1)
  expect(window.leave()).toBe(true)
  await rig.recover()
  while (rig.net.open > 0) {
    for (const sent of rig.net.sent) sent.answer()
    await rig.clock.settle()
  }
  expect(window.listeners).toBe(0)
  expect(window.leave()).toBe(false)
})

test('a write that waits for its next attempt counts as well', async () => {
  const window = createWindow()
  const rig = createRig({ window })
  await rig.online()
  watch(rig.api.post('/orders', {}))
  await rig.clock.settle()
  expect(window.leave()).toBe(false)
  rig.net.last.answer(503)
  await rig.clock.settle()
  expect(window.leave()).toBe(true)
  rig.http.detach()
  expect(window.listeners).toBe(0)
})

test('a durable write warns nobody: it is kept', async () => {
  const window = createWindow()
  const rig = createRig({ window, queue: { enqueueRequest: () => new Promise(() => {}) } })
  await rig.online()
  await rig.lose()
  watch(rig.api.post('/orders', {}, { durable: { label: 'Order 7' } }))
  await rig.clock.settle()
  expect(window.added).toBe(0)
})

test('without being told it listens at the global window; null: nowhere', async () => {
  const window = createWindow()
  vi.stubGlobal('window', window)
  vi.stubGlobal('document', {})
  for (const [given, expected] of [
    [{}, 1],
    [{ window: null }, 0],
  ] as const) {
    const rig = createRig()
    rig.http.detach()
    const http = attachHttp(rig.api, { connection: rig.connection, ...given })
    await rig.online()
    await rig.lose()
    watch(rig.api.post('/orders', {}))
    await rig.clock.settle()
    expect(window.listeners).toBe(expected)
    http.detach()
  }
})
