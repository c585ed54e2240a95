import axios, { isCancel, type AxiosRequestConfig } from 'axios'
import { expect, test } from 'vitest'
import { createRig, watch, type Rig } from './rig.js'

/** An abort signal that counts its listeners. */
function counted() {
  const controller = new AbortController()
  const { signal } = controller
  let listeners = 0
  const { addEventListener: add, removeEventListener: remove } = signal
  signal.addEventListener = (...given: unknown[]) => {
    listeners += 1
    Reflect.apply(add, signal, given)
  }
  signal.removeEventListener = (...given: unknown[]) => {
    listeners -= 1
    Reflect.apply(remove, signal, given)
  }
  return { config: { signal }, cancel: () => controller.abort(), left: () => listeners }
}

function token() {
  const source = axios.CancelToken.source()
  const inner = source.token as unknown as { _listeners?: unknown[] | null }
  return {
    config: { cancelToken: source.token },
    cancel: () => source.cancel('enough'),
    left: () => inner._listeners?.length ?? 0,
  }
}

const ways = [
  ['signal', counted],
  ['CancelToken', token],
] as const

type Situation = readonly [
  title: string,
  reach: (rig: Rig, config: AxiosRequestConfig) => Promise<ReturnType<typeof watch>>,
]

const situations: readonly Situation[] = [
  [
    'in flight',
    async (rig, config) => {
      await rig.online()
      const asked = watch(rig.api.get('/orders', config))
      await rig.clock.settle()
      expect(rig.net.open).toBe(1)
      return asked
    },
  ],
  [
    'while held',
    async (rig, config) => {
      await rig.online()
      await rig.lose()
      const asked = watch(rig.api.get('/orders', config))
      await rig.clock.settle()
      expect(rig.facts.held).toBe(1)
      return asked
    },
  ],
  [
    'while it waits for a retry',
    async (rig, config) => {
      await rig.online()
      const asked = watch(rig.api.get('/orders', config))
      await rig.clock.settle()
      rig.net.last.answer(500)
      await rig.clock.advance(500)
      return asked
    },
  ],
  [
    'in flight for the second time',
    async (rig, config) => {
      await rig.online()
      const asked = watch(rig.api.get('/orders', config))
      await rig.clock.settle()
      rig.net.last.answer(500)
      await rig.clock.advance(1_000)
      expect(rig.net.open).toBe(1)
      return asked
    },
  ],
]

for (const [way, create] of ways) {
  for (const [title, reach] of situations) {
    test(`${way}: cancelled ${title}, it rejects with axios’ own CanceledError and leaves no listener`, async () => {
      const rig = createRig()
      const { config, cancel, left } = create()
      const asked = await reach(rig, config)
      const suspicions = rig.events.length
      cancel()
      await rig.clock.settle()
      expect(asked.state).toBe('rejected')
      expect(isCancel(asked.value)).toBe(true)
      expect(asked.value).toBeInstanceOf(axios.CanceledError)
      expect(rig.net.open).toBe(0)
      expect(rig.facts.held).toBe(0)
      await rig.recover()
      await rig.clock.advance(60_000)
      expect(rig.events.slice(suspicions)).toEqual([])
      expect(left()).toBe(0)
      rig.http.detach()
    })
  }

  test(`${way}: a request that ends well leaves no listener`, async () => {
    const rig = createRig()
    const { config, left } = create()
    await rig.online()
    const asked = watch(rig.api.get('/orders', config))
    await rig.clock.settle()
    rig.net.last.answer(500)
    await rig.clock.advance(1_000)
    rig.net.last.answer()
    await rig.clock.settle()
    expect(asked.state).toBe('resolved')
    expect(left()).toBe(0)
  })
}

test('cancelled before it is asked, a request is never sent', async () => {
  const rig = createRig()
  await rig.online()
  const asked = watch(rig.api.get('/orders', { signal: AbortSignal.abort() }))
  await rig.clock.settle()
  expect(isCancel(asked.value)).toBe(true)
  expect(rig.net.sent).toHaveLength(0)
})
