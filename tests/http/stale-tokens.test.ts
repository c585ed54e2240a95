import { expect, test } from 'vitest'
import { createRig, rejection, watch, type Rig, type RigOptions } from './rig.js'

/** A service that takes one token, and a port whose refreshes make the next one after 50 ms. */
function createWorld({ number: first = 1, ...options }: Partial<RigOptions> & { number?: number } = {}) {
  let number = first
  let refreshes = 0
  const rig: Rig = createRig({
    auth: {
      token: () => `token-${number}`,
      refresh: () =>
        new Promise((resolve) => {
          refreshes += 1
          rig.clock.setTimeout(() => resolve(void (number += 1)), 50)
        }),
    },
    ...options,
  })
  let answered = 0
  let refused = 0
  /** Answers whatever has arrived by the token that it bears. */
  const serve = async (isGood: (token: string) => boolean): Promise<void> => {
    for (; answered < rig.net.sent.length; answered += 1) {
      const request = rig.net.sent[answered]!
      const isTaken = isGood(request.headers['authorization'] ?? '')
      if (!isTaken) refused += 1
      request.answer(isTaken ? 200 : 401)
    }
    await rig.clock.settle()
  }
  return {
    rig,
    serve,
    renew: () => void (number += 1),
    get refreshes() {
      return refreshes
    },
    get refused() {
      return refused
    },
  }
}

const bearing = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } })
const ten = Array.from({ length: 10 }, (_, at) => at)

test('I17: ten requests that were held with a token that was renewed meanwhile ask for no other refresh', async () => {
  const world = createWorld()
  const { rig } = world
  await rig.online()
  await rig.lose()
  const asked = ten.map((at) => watch(rig.api.get(`/${at}`, bearing('token-1'))))
  world.renew()
  await rig.recover()
  for (let turn = 0; turn < 60; turn += 1) {
    await world.serve((token) => token === 'Bearer token-2')
    await rig.clock.advance(500)
  }
  expect(asked.map(({ state }) => state)).toEqual(ten.map(() => 'resolved'))
  expect(world.refreshes).toBe(0)
})

test('I17: ten that were held with a token that is over are one refresh', async () => {
  const world = createWorld()
  const { rig } = world
  await rig.online()
  await rig.lose()
  const asked = ten.map((at) => watch(rig.api.get(`/${at}`, bearing('token-1'))))
  await rig.recover()
  for (let turn = 0; turn < 60; turn += 1) {
    await world.serve((token) => token === 'Bearer token-2')
    await rig.clock.advance(500)
  }
  expect(asked.map(({ state }) => state)).toEqual(ten.map(() => 'resolved'))
  expect(world.refreshes).toBe(1)
  expect(world.refused).toBe(10)
})

test('I17: today’s token is over, too: it is renewed once, and the request goes a third time', async () => {
  const world = createWorld({ number: 2 })
  const { rig } = world
  await rig.online()
  const asked = watch(rig.api.get('/a', bearing('token-1')))
  for (let turn = 0; turn < 4; turn += 1) {
    await rig.clock.settle()
    await world.serve((token) => token === 'Bearer token-3')
    await rig.clock.advance(100)
  }
  expect(asked.state).toBe('resolved')
  expect([world.refreshes, rig.net.sent.length]).toEqual([1, 3])
})

test('a port that makes another token each time it is asked is no loop', async () => {
  let made = 0
  let refreshes = 0
  const rig = createRig({
    auth: { token: () => `made-${(made += 1)}`, refresh: async () => void (refreshes += 1) },
  })
  await rig.online()
  const asked = rejection(rig.api.get('/a', bearing('old')))
  for (let turn = 0; turn < 20; turn += 1) {
    await rig.clock.settle()
    for (const request of rig.net.sent) request.answer(401)
    await rig.clock.advance(100)
  }
  expect(await asked).toMatchObject({ response: { status: 401 } })
  expect([rig.net.sent.length, refreshes]).toEqual([3, 2])
})

test('I21: a token that takes long to be had is not waited for to spare a refresh', async () => {
  let refreshes = 0
  const rig = createRig({
    auth: { token: () => new Promise<string>(() => {}), refresh: async () => void (refreshes += 1) },
  })
  await rig.online()
  void watch(rig.api.get('/a', bearing('old')))
  await rig.clock.settle()
  rig.net.last.answer(401)
  await rig.clock.advance(1_001)
  expect(refreshes).toBe(1)
})

test('I14: whoever signs out while today’s token is asked for: nobody’s is renewed, and nothing goes out', async () => {
  let refreshes = 0
  const rig = createRig({
    auth: { token: () => new Promise<string>(() => {}), refresh: async () => void (refreshes += 1) },
  })
  await rig.online()
  const asked = rejection(rig.api.get('/a', bearing('old')))
  await rig.clock.settle()
  rig.net.last.answer(401)
  await rig.clock.settle()
  rig.connection.signedOut()
  expect(await asked).toMatchObject({ code: 'signed-out' })
  await rig.clock.advance(60_000)
  expect([refreshes, rig.net.sent.length]).toEqual([0, 1])
})
