/** The shapes in which libraries use a fetch: a client that throws on a status, and a query that can be cancelled. */
import { HttpResponse } from 'msw'
import { expect, test } from 'vitest'
import type { HoldfastFetch } from '../../src/http/fetch.js'
import { watch } from './hand.js'
import { BASE, createRig } from './rig.js'

/** As ofetch does it: its own Request and Headers, its own retry, a body that it serialises, an error of its own. */
function createClient(fetch: typeof globalThis.fetch) {
  return async (
    path: string,
    options: { method?: string; body?: object; retry?: number } = {},
  ): Promise<unknown> => {
    const headers = new Headers({ accept: 'application/json' })
    if (options.body) headers.set('content-type', 'application/json')
    const init = { ...options, headers, ...(options.body ? { body: JSON.stringify(options.body) } : {}) }
    const response = await fetch(new Request(`${BASE}${path}`, init as RequestInit))
    if (!response.ok) throw Object.assign(new Error(`${response.status}`), { data: await response.json() })
    return response.json()
  }
}

/** As TanStack Query does it: each run has a signal, which aborts when nobody looks any more. */
function createQuery(fetch: HoldfastFetch, path: string) {
  const controller = new AbortController()
  const run = async ({ signal }: { signal: AbortSignal }): Promise<unknown> => {
    const response = await fetch(`${BASE}${path}`, { signal })
    return response.json()
  }
  return { result: watch(run({ signal: controller.signal })), unmount: () => controller.abort() }
}

test('a client that throws on a status reads the body of the last answer', async () => {
  const rig = createRig({ retries: 1 })
  await rig.online()
  rig.on('/orders', () => HttpResponse.json({ detail: 'no rope' }, { status: 500 }))
  const asked = watch(createClient(rig.http.fetch)('/orders', { retry: 0 }))
  await rig.clock.advance(2_000)
  expect(asked.value).toMatchObject({ message: '500', data: { detail: 'no rope' } })
  expect(rig.attempts('/orders')).toBe(2)
})

test('its writes wait for the link, and carry one key', async () => {
  const rig = createRig()
  await rig.online()
  await rig.lose()
  const asked = watch(createClient(rig.http.fetch)('/orders', { method: 'POST', body: { id: 7 } }))
  await rig.recover()
  expect(asked).toMatchObject({ state: 'resolved', value: { ok: true } })
  expect(rig.got).toMatchObject([{ method: 'POST', body: '{"id":7}' }])
})

test('a query that is held goes on after the outage; one that nobody looks at is never sent', async () => {
  const rig = createRig()
  await rig.online()
  await rig.lose()
  const wanted = createQuery(rig.http.fetch, '/wanted')
  const left = createQuery(rig.http.fetch, '/left')
  await rig.clock.settle()
  left.unmount()
  await rig.recover()
  expect(wanted.result).toMatchObject({ state: 'resolved', value: { ok: true } })
  expect(left.result).toMatchObject({ state: 'rejected', value: { name: 'AbortError' } })
  expect([rig.attempts('/wanted'), rig.attempts('/left')]).toEqual([1, 0])
})

test('one refresh for all who were refused, and each goes on with the new token', async () => {
  let refreshes = 0
  const auth = { token: () => `t${refreshes}`, refresh: async () => void (refreshes += 1) }
  const rig = createRig({ auth })
  await rig.online()
  rig.network.apply({ type: 'unauthorized', only: { path: '/orders' } })
  const headers = { Authorization: 'Bearer t0' }
  const asked = [1, 2, 3].map((n) => watch(rig.ask(`/orders?${n}`, { headers })))
  await rig.clock.advance(2_000)
  expect(asked.map(({ value }) => (value as Response).status)).toEqual([200, 200, 200])
  expect(refreshes).toBe(1)
  expect(rig.got.map((one) => one.headers.authorization)).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t1'])
})
