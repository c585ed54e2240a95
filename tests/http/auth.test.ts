import { expect, test } from 'vitest'
import { sleep } from '../../src/core/clock.js'
import { sendRequest } from '../../src/http/index.js'
import { createQueue, memoryStore } from '../../src/queue/index.js'
import { BASE, createRig, rejection, watch } from './rig.js'

/** A port whose refreshes are decided by hand. */
function createAuth() {
  const waiting: { resolve: () => void; reject: (error: unknown) => void }[] = []
  let token = 'old'
  return {
    token: () => token,
    refresh: () => new Promise<void>((resolve, reject) => waiting.push({ resolve, reject })),
    get refreshes() {
      return waiting.length
    },
    grant(next: string) {
      token = next
      waiting.at(-1)?.resolve()
    },
    refuse: (code: string) => waiting.at(-1)?.reject(Object.assign(new Error(code), { code })),
  }
}

const bearer = { headers: { Authorization: 'Bearer old' } }

test('I17: a 401 waits for one refresh, and goes again with the new token', async () => {
  const auth = createAuth()
  const rig = createRig({ auth })
  await rig.online()
  const asked = [watch(rig.api.get('/a', bearer)), watch(rig.api.post('/b', {}, bearer))]
  await rig.clock.settle()
  for (const sent of [...rig.net.sent]) sent.answer(401)
  await rig.clock.settle()
  expect(auth.refreshes).toBe(1)
  auth.grant('new')
  await rig.clock.settle()
  expect(rig.net.sent).toHaveLength(4)
  const [, first, , second] = rig.net.sent
  expect(second?.headers.authorization).toBe('Bearer new')
  expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key'])
  for (const sent of rig.net.sent) sent.answer()
  await rig.clock.settle()
  expect(asked.map((one) => one.state)).toEqual(['resolved', 'resolved'])
})

test('a token with dollar signs arrives as it is', async () => {
  const auth = createAuth()
  const rig = createRig({ auth })
  await rig.online()
  watch(rig.api.get('/a', bearer))
  await rig.clock.settle()
  rig.net.last.answer(401)
  await rig.clock.settle()
  auth.grant('a$$b$&c')
  await rig.clock.settle()
  expect(rig.net.last.headers.authorization).toBe('Bearer a$$b$&c')
})

test('a 401 of a request from before the refresh needs no second one', async () => {
  const auth = createAuth()
  const rig = createRig({ auth })
  await rig.online()
  watch(rig.api.get('/a', bearer))
  const late = watch(rig.api.get('/b', bearer))
  await rig.clock.settle()
  const [first, second] = rig.net.sent
  first?.answer(401)
  await rig.clock.advance(10)
  auth.grant('new')
  await rig.clock.settle()
  second?.answer(401)
  await rig.clock.settle()
  expect(auth.refreshes).toBe(1)
  expect(rig.net.last.headers.authorization).toBe('Bearer new')
  rig.net.last.answer()
  await rig.clock.settle()
  expect(late.state).toBe('resolved')
})

test('the second 401 is the caller’s', async () => {
  const auth = createAuth()
  const rig = createRig({ auth })
  await rig.online()
  const asked = watch(rig.api.get('/a'))
  await rig.clock.settle()
  rig.net.last.answer(401)
  await rig.clock.settle()
  auth.grant('new')
  await rig.clock.advance(1)
  rig.net.last.answer(401)
  await rig.clock.settle()
  expect(asked.value).toMatchObject({
    response: { status: 401 },
    holdfast: { outcome: 'unauthorized', attempts: 2 },
  })
})

test.each(['unauthorized', 'network'])(
  'a refresh that ends in %s gives the 401 to the caller',
  async (code) => {
    const auth = createAuth()
    const rig = createRig({ auth })
    await rig.online()
    const asked = rejection(rig.api.get('/a'))
    await rig.clock.settle()
    rig.net.last.answer(401)
    await rig.clock.settle()
    auth.refuse(code)
    expect(await asked).toMatchObject({ response: { status: 401 } })
    expect(rig.net.sent).toHaveLength(1)
  },
)

test('without an auth port a 401 is the caller’s, and nobody is told', async () => {
  const rig = createRig()
  await rig.online()
  const asked = rejection(rig.api.get('/a'))
  await rig.clock.settle()
  rig.net.last.answer(401)
  expect(await asked).toMatchObject({ response: { status: 401 } })
  expect(rig.events.map(({ type }) => type)).not.toContain('UNAUTHORIZED')
})

const twenty = Array.from({ length: 20 }, (_, at) => at)

test('I17: twenty 401s at once are one refresh, and everyone goes on with the new token', async () => {
  const auth = createAuth()
  const rig = createRig({ auth })
  await rig.online()
  const asked = twenty.map((at) =>
    watch(at % 2 ? rig.api.get(`/${at}`, bearer) : rig.api.post(`/${at}`, {}, bearer)),
  )
  await rig.clock.settle()
  for (const sent of [...rig.net.sent]) sent.answer(401)
  await rig.clock.advance(200)
  expect(auth.refreshes).toBe(1)
  expect(rig.net.open).toBe(0)
  auth.grant('new')
  await rig.clock.settle()
  const again = rig.net.sent.slice(20)
  expect(again.map(({ headers }) => headers.authorization)).toEqual(twenty.map(() => 'Bearer new'))
  for (const sent of again) sent.answer()
  await rig.clock.settle()
  expect(asked.every(({ state, times }) => state === 'resolved' && times === 1)).toBe(true)
  expect(auth.refreshes).toBe(1)
})

test('I17: refused, all twenty get their 401, there is no loop, and nothing more is asked until sign-in', async () => {
  const auth = createAuth()
  const rig = createRig({ auth })
  await rig.online()
  const asked = twenty.map((at) => watch(rig.api.get(`/${at}`, bearer)))
  await rig.clock.settle()
  for (const sent of [...rig.net.sent]) sent.answer(401)
  await rig.clock.settle()
  auth.refuse('unauthorized')
  await rig.clock.advance(60_000)
  expect(rig.connection.state.auth).toBe('required')
  expect(auth.refreshes).toBe(1)
  expect(rig.net.sent).toHaveLength(20)
  for (const { value } of asked) {
    expect(value).toMatchObject({
      response: { status: 401 },
      holdfast: { outcome: 'unauthorized', attempts: 1, why: 'not-refreshed' },
    })
  }
  rig.connection.signedIn()
  const later = watch(rig.api.get('/later', bearer))
  await rig.clock.settle()
  rig.net.last.answer()
  await rig.clock.settle()
  expect(later.state).toBe('resolved')
})

test('a new token is put on requests to the service alone', async () => {
  const auth = createAuth()
  const rig = createRig({ auth })
  await rig.online()
  const asked = rejection(rig.api.get('https://other.test/a', bearer))
  await rig.clock.settle()
  rig.net.last.answer(401)
  expect(await asked).toMatchObject({ response: { status: 401 } })
  expect(auth.refreshes).toBe(0)
  expect(rig.net.sent).toHaveLength(1)
})

test('I17 refused with every new token, a queued write ends as a refusal, whoever asked for the tokens: no loop', async () => {
  for (const refreshMs of [0, 50]) {
    let refreshes = 0
    const refresh = async () => {
      refreshes += 1
      await sleep(rig.clock, refreshMs)
    }
    const rig = createRig({ auth: { token: () => 'new', refresh } })
    const { clock, connection, net } = rig
    await rig.online()
    const send = sendRequest(rig.api)
    const handlers = { request: { honoursKeys: true, send } }
    const queue = createQueue({ connection, store: memoryStore(), scope: 'ann', handlers })
    queue.start()
    const payload = { method: 'post', url: '/orders', headers: {}, data: '{}' }
    await queue.enqueue({ handler: 'request', label: 'Order', payload })
    for (let n = 0; n < 600 && refreshes < 50; n++) {
      await clock.advance(500)
      for (const request of net.sent) request.answer(401)
    }
    expect(queue.actions[0]?.state).toMatchObject({ name: 'failed', why: 'rejected', status: 401 })
    expect([net.sent.length, refreshes]).toEqual([7, 7])
    queue.stop()
  }
})

test('I21: a token that never comes keeps nobody for ever, and a caller who has had enough is let go at once', async () => {
  const rig = createRig({ auth: { token: () => new Promise(() => {}), refresh: async () => {} } })
  await rig.online()
  const controller = new AbortController()
  const gone = watch(rig.api.get('/a', { signal: controller.signal }))
  watch(rig.api.get('/b'))
  await rig.clock.settle()
  for (const request of rig.net.sent) request.answer(401)
  await rig.clock.settle()
  controller.abort()
  await rig.clock.settle()
  expect(gone.state).toBe('rejected')
  await rig.clock.advance(121_000)
  expect(rig.net.sent.map(({ url }) => url)).toEqual([`${BASE}/a`, `${BASE}/b`, `${BASE}/b`])
})
