import { http, HttpResponse } from 'msw'
import { afterEach, expect, test } from 'vitest'
import { exposeNetwork, createNetwork, manualClock, type Scenario } from '../../mocks/index.js'
import { networkFixtures, networkOf, type PageLike, type PageNetwork } from '../../mocks/playwright.js'

const handlers = [http.get('https://shop.example/cart', () => HttpResponse.json(['rope']))]

/** A page in this process: what crosses its border is copied, as by Playwright. */
const page: PageLike = {
  evaluate: async (run, asked) => structuredClone(await run(structuredClone(asked))),
}

let stop = () => {}
afterEach(() => stop())

function open(own: Readonly<Record<string, Scenario>> = {}) {
  const network = createNetwork({ clock: manualClock(), hosts: ['shop.example'], handlers })
  const unexpose = exposeNetwork(network, own)
  stop = () => {
    unexpose()
    network.dispose()
  }
  return { inside: network, outside: networkOf(page) }
}

test('the fixture hands each test the network of its page', async () => {
  const { inside } = open()
  let seen: PageNetwork | null = null
  await networkFixtures.network({ page }, async (network) => {
    seen = network
    await network.apply({ type: 'refuse' })
  })
  expect(seen).not.toBeNull()
  const answer = inside.fetch('https://shop.example/cart').catch((error: Error) => error.message)
  await inside.advance(40)
  expect(await answer).toBe('Failed to fetch')
})

test('a fault is in force until it is taken back', async () => {
  const { inside, outside } = open()
  const ask = async () => {
    const answer = inside.fetch('https://shop.example/cart').catch(() => {})
    await outside.advance(40)
    await answer
  }
  const release = await outside.apply({ type: 'status', code: 500 })
  await ask()
  await release()
  await ask()
  expect(await outside.log()).toMatchObject([{ status: 500 }, { status: 200 }])
  expect(await outside.calls({ status: 500 })).toHaveLength(1)
  expect(await outside.logHash()).toBe(inside.logHash())
})

test('scenarios go by name or as data, with a seed; calm ends them', async () => {
  const refused: Scenario = {
    name: 'R',
    sentence: 'Nobody listens.',
    steps: [{ atMs: 0, do: { type: 'refuse' } }],
  }
  const { inside, outside } = open({ refused })
  const end = async () => {
    const answer = inside.fetch('https://shop.example/cart').then(
      ({ status }) => status,
      () => 'failed',
    )
    await outside.advance(40)
    return answer
  }
  await outside.run('refused', { seed: 3 })
  expect(await end()).toBe('failed')
  await outside.calm()
  expect(await end()).toBe(200)
  await outside.run(refused)
  expect(await end()).toBe('failed')
})

test('each restart has its call', async () => {
  const { inside, outside } = open()
  const boots: string[] = []
  await outside.restart.kill({ downMs: 100 })
  await outside.advance(100)
  boots.push(inside.boot)
  await outside.restart.graceful({ drainMs: 100, downMs: 100 })
  await outside.advance(200)
  boots.push(inside.boot)
  await outside.restart.crashLoop({ times: 2, upMs: 100, downMs: 100 })
  await outside.advance(300)
  boots.push(inside.boot)
  await outside.restart.lostSession({ downMs: 100 })
  await outside.advance(100)
  boots.push(inside.boot)
  expect(boots).toEqual(['boot-2', 'boot-3', 'boot-5', 'boot-6'])
  await outside.restart.rolling({ instances: 2, drainMs: 100, downMs: 100 })
})

test('what cannot be is refused by name', async () => {
  const { outside } = open()
  await expect(outside.run('a-good-day')).rejects.toThrow(/scenario is "a-good-day"; allowed: blip/)
  await expect(outside.apply({ type: 'gremlin' } as never)).rejects.toThrow(/fault.type is "gremlin"/)
  await expect(outside.restart.kill({ downMs: -1 })).rejects.toThrow(/downMs is -1/)
  const alone = { instances: 1, drainMs: 100, downMs: 100 }
  await expect(outside.restart.rolling(alone)).rejects.toThrow(/instances is 1/)
})

test('the newest network of a page counts, and taking down an older one leaves it alone', async () => {
  const first = open()
  const unexposeFirst = stop
  const second = open()
  unexposeFirst()
  expect(await second.outside.logHash()).toBe(second.inside.logHash())
  expect(first.inside).not.toBe(second.inside)
})
