/** The caller's signal is heard whatever the request is waiting for, and ends it with its own reason. */
import { expect, test } from 'vitest'
import { createHand, watch } from './hand.js'
import { BASE, createRig } from './rig.js'

const url = `${BASE}/orders`

async function start() {
  const hand = createHand()
  const rig = createRig({ fetch: hand.fetch })
  await rig.online()
  return { ...rig, hand, fetch: rig.http.fetch }
}

/** Each way to give a signal. */
const WAYS: [string, (signal: AbortSignal) => [RequestInfo, { signal?: AbortSignal; holdfast?: object }?]][] =
  [
    ['in the init', (signal) => [url, { signal }]],
    ['on a Request', (signal) => [new Request(url, { signal })]],
    ['in the mark', (signal) => [url, { holdfast: { signal } }]],
  ]

test.each(WAYS)(
  'a signal %s ends a request that is held, in the air, or between two attempts',
  async (_, given) => {
    const { fetch, hand, clock, lose, recover, facts, network } = await start()
    const reason = new Error('no longer wanted')
    const ask = () => {
      const controller = new AbortController()
      const asked = watch(fetch(...given(controller.signal)))
      return { asked, abort: () => controller.abort(reason) }
    }
    const inTheAir = ask()
    expect(hand.open).toBe(1)
    inTheAir.abort()
    await clock.settle()
    const between = ask()
    hand.last.answer(503)
    await clock.settle()
    between.abort()
    await clock.settle()
    await lose()
    const held = ask()
    await clock.settle()
    expect(facts.held).toBe(1)
    held.abort()
    await clock.settle()
    const already = ask()
    already.abort()
    for (const { asked } of [inTheAir, between, held]) {
      expect(asked).toMatchObject({ state: 'rejected', times: 1 })
      expect(asked.value).toBe(reason)
    }
    await recover()
    expect(hand.calls).toHaveLength(2)
    expect(hand.open).toBe(0)
    expect(facts).toEqual({ held: 0, pendingSince: null })
    network.dispose()
  },
)

test('a signal that has aborted already sends nothing, and is no evidence', async () => {
  const { fetch, hand, clock, events } = await start()
  const before = events.length
  const asked = watch(fetch(url, { signal: AbortSignal.abort() }))
  await clock.settle()
  expect(asked.value).toMatchObject({ name: 'AbortError' })
  expect(hand.calls).toHaveLength(0)
  expect(events).toHaveLength(before)
})

test('a timeout of the caller’s own is his, never repeated and no evidence', async () => {
  const { fetch, hand, clock, events } = await start()
  const before = events.length
  const controller = new AbortController()
  const asked = watch(fetch(url, { signal: controller.signal }))
  controller.abort(new DOMException('The operation timed out.', 'TimeoutError'))
  await clock.advance(5_000)
  expect(asked.value).toMatchObject({ name: 'TimeoutError' })
  expect(hand.calls).toHaveLength(1)
  expect(events).toHaveLength(before)
})

test('`signal: null` takes away the one of the Request', async () => {
  const { fetch, hand, clock } = await start()
  const controller = new AbortController()
  const asked = watch(fetch(new Request(url, { signal: controller.signal }), { signal: null }))
  controller.abort()
  hand.last.answer()
  await clock.settle()
  expect(asked.state).toBe('resolved')
})

test('after the head the signal ends the body', async () => {
  const { fetch, hand } = await start()
  const controller = new AbortController()
  const asked = fetch(url, { signal: controller.signal })
  hand.last.answer(200, new ReadableStream())
  const reading = watch((await asked).text())
  controller.abort(new Error('enough'))
  await new Promise((resolve) => setImmediate(resolve))
  expect(reading).toMatchObject({ state: 'rejected', value: { message: 'enough' } })
})

test('neither a later request that is ended nor a loss of the link touches a body that is being read', async () => {
  const { fetch, hand, clock, lose } = await start()
  let push = (_text: string) => {}
  let close = () => {}
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      push = (text) => controller.enqueue(new TextEncoder().encode(text))
      close = () => controller.close()
    },
  })
  const first = fetch(url)
  hand.last.answer(200, body)
  const reading = (await first).text()
  push('one ')
  const controller = new AbortController()
  const second = watch(fetch(url, { signal: controller.signal }))
  controller.abort()
  await clock.settle()
  await lose()
  push('two')
  close()
  expect(await reading).toBe('one two')
  expect(second.state).toBe('rejected')
})

test('no listener stays on a signal that lives long', async () => {
  const { fetch, hand, clock, lose, recover } = await start()
  const { signal } = new AbortController()
  let listeners = 0
  const { addEventListener: add, removeEventListener: remove } = signal
  signal.addEventListener = (...given: unknown[]) => (listeners++, Reflect.apply(add, signal, given))
  signal.removeEventListener = (...given: unknown[]) => (listeners--, Reflect.apply(remove, signal, given))
  const asked = watch(fetch(url, { signal }))
  await lose()
  hand.last.fail()
  await clock.settle()
  await recover()
  hand.last.answer()
  await clock.settle()
  expect(asked.state).toBe('resolved')
  expect(listeners).toBe(0)
})
