import { createSSRApp, effectScope } from 'vue'
import { expect, test, vi } from 'vitest'
import {
  createContext,
  createHoldfast,
  useConnection,
  useCountdown,
  useQueue,
  useRetryCountdown,
  useStatus,
  type HoldfastOptions,
} from '../../src/vue/index.js'
import { BARS } from '../../stories/components/phases.js'
import { EVERY_ROW, fixedQueue } from '../../stories/support/fixed-queue.js'
import { fixedHoldfast } from '../../stories/support/fixed-status.js'

function setup(view = {}) {
  const fixed = fixedHoldfast(view)
  const queue = fixedQueue(EVERY_ROW, fixed.clock.now())
  const options: HoldfastOptions = { connections: fixed.connections, status: fixed.status, queue }
  const context = createContext(options)
  const scope = effectScope()
  const use = <T>(composable: () => T): T => scope.run(composable)!
  return { ...fixed, queue, options, context, scope, use }
}

test('useStatus follows the view until its scope ends', () => {
  const { context, scope, use, show } = setup()
  const { view } = use(() => useStatus({ context }))
  show({ phase: 'reconnecting' })
  expect(view.value.phase).toBe('reconnecting')
  scope.stop()
  show({ phase: 'recovered' })
  expect(view.value.phase).toBe('reconnecting')
})

test('useStatus hands on what a person wants, to every service', () => {
  const { context, use, events, asked } = setup()
  const { dismiss, retryNow, goOnline, send } = use(() => useStatus({ context }))
  dismiss()
  retryNow()
  goOnline()
  send({ type: 'TYPED' })
  expect(events).toEqual([{ type: 'DISMISS' }, { type: 'TYPED' }])
  expect(asked).toEqual(['RETRY_NOW', 'online'])
})

test('what a composable returns cannot be written to', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { context, use } = setup()
  const { view } = use(() => useStatus({ context }))
  const before = view.value
  Object.assign(view, { value: null })
  expect(view.value).toBe(before)
  warn.mockRestore()
})

test('useConnection gives the first service, or the one that is named, and refuses a name that is not there', () => {
  const { context, use, connections } = setup()
  expect(use(() => useConnection(undefined, { context })).connection).toBe(connections.api)
  expect(use(() => useConnection('api', { context })).connection).toBe(connections.api)
  expect(() => use(() => useConnection('chat', { context }))).toThrow(/"chat"; allowed: api/)
})

test('the countdown goes down on the whole seconds of the clock, ends at 1, and leaves no timer', async () => {
  const { context, use, clock } = setup()
  const { seconds } = use(() => useCountdown(clock.now() + 2300, { context }))
  expect(seconds.value).toBe(3)
  await clock.advance(299)
  expect(seconds.value).toBe(3)
  await clock.advance(1)
  expect(seconds.value).toBe(2)
  await clock.advance(1000)
  expect(seconds.value).toBe(1)
  expect(clock.pending()).toBe(0)
  await clock.advance(5000)
  expect(seconds.value).toBe(1)
})

test('the countdown to the next attempt has a timer only while there is one, and none after its scope', () => {
  const { context, scope, use, clock, show } = setup()
  const { seconds } = use(() => useRetryCountdown({ context }))
  expect([seconds.value, clock.pending()]).toEqual([null, 0])
  show({ nextAttemptAt: clock.now() + 8000 })
  expect([seconds.value, clock.pending()]).toEqual([8, 1])
  show({ nextAttemptAt: null })
  expect([seconds.value, clock.pending()]).toEqual([null, 0])
  show({ nextAttemptAt: clock.now() + 4000 })
  scope.stop()
  expect(clock.pending()).toBe(0)
})

test('useQueue follows the actions and the counts', async () => {
  const { context, use, queue } = setup()
  const { actions, facts } = use(() => useQueue({ context }))
  expect(facts.value?.waiting).toBe(EVERY_ROW.length)
  await queue.discard('b')
  expect(actions.value.map(({ id }) => id)).not.toContain('b')
  expect(facts.value?.waiting).toBe(EVERY_ROW.length - 1)
})

test('useQueue hands on all that a person may do, and says where the changes are kept', async () => {
  const { context, use, queue } = setup()
  const { queue: handed, notes } = use(() => useQueue({ context }))
  expect(notes.value).toEqual([])
  queue.tell({ persisted: false, standIn: 'blocked' })
  expect(notes.value.map(({ message }) => message.key)).toEqual(['store-blocked'])
  expect(await handed.edit('d', { label: 'Order 500 rye breads' })).toBe('d')
  expect(await handed.override('c')).toBe('c')
  expect(queue.asked).toEqual(['edit d', 'override c'])
})

test('useQueue without a queue, and any composable without the plugin, say what is missing', () => {
  const { options, use } = setup()
  const context = createContext({ connections: options.connections, status: options.status })
  expect(() => use(() => useQueue({ context }))).toThrow(/createHoldfast.queue is "missing"/)
  const app = createSSRApp({})
  expect(() => app.runWithContext(() => useStatus())).toThrow(/not installed/)
})

test('the plugin provides the context, and refuses no connection and misspelt options', () => {
  const { options, status } = setup(BARS.reconnecting)
  const app = createSSRApp({}).use(createHoldfast(options))
  expect(app.runWithContext(() => effectScope().run(() => useStatus()))?.view.value.phase).toBe(
    'reconnecting',
  )
  expect(() => createContext({ connections: {}, status })).toThrow(/at least one/)
  const one = options.connections['api'] as unknown as HoldfastOptions['connections']
  expect(() => createContext({ connections: one, status })).toThrow(/at least one, by name/)
  const none = { connections: options.connections } as HoldfastOptions
  expect(() => createContext(none)).toThrow(/status is undefined; allowed: a status/)
  expect(() => createContext({ ...options, que: null } as HoldfastOptions)).toThrow(/que/)
})
