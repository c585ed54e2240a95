import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { http, HttpResponse } from 'msw'
import { scaledClock } from '../../mocks/dev-server-clock.js'
import { installFromUrl, type InstallFromUrlOptions, type Simulation } from '../../mocks/dev-server.js'
import { manualClock } from '../../mocks/manual-clock.js'
import { EXPOSED } from '../../mocks/playwright-page.js'
import { isHoldfastError, systemClock } from '../../src/index.js'

const handlers = [http.get('https://shop.example/cart', () => HttpResponse.json(['rope']))]
const realFetch = globalThis.fetch

let simulation: Simulation | null = null
const told = vi.spyOn(console, 'info').mockImplementation(() => {})
afterAll(() => told.mockRestore())
afterEach(() => {
  simulation?.stop()
  simulation = null
  vi.unstubAllEnvs()
})

function open(query: string, options: InstallFromUrlOptions = {}): Simulation | null {
  simulation?.stop()
  simulation = null
  simulation = installFromUrl({ url: `http://localhost:5173/${query}`, handlers, ...options })
  return simulation
}

/** Asks, and lets the network's time pass. */
async function ask(path: string): Promise<string> {
  const answer = fetch(path).then(
    async (given) => `${given.status} ${await given.text()}`,
    (error: Error) => error.message,
  )
  await simulation?.network.advance(100)
  return answer
}

test('without ?network= nothing is put in place', () => {
  expect(open('?seed=3&speed=10')).toBeNull()
  expect(globalThis.fetch).toBe(realFetch)
})

test('in a production build nothing is put in place, whatever the address says', () => {
  const complained = vi.spyOn(console, 'error').mockImplementation(() => {})
  vi.stubEnv('NODE_ENV', 'production')
  expect(open('?network=a-good-day')).toBeNull()
  expect(globalThis.fetch).toBe(realFetch)
  expect(complained).toHaveBeenCalledOnce()
  complained.mockRestore()
})

test('all-well: the handlers answer over the network, and the stop gives the page its own back', async () => {
  expect(open('?network=all-well&clock=manual')).toMatchObject({ scenario: null })
  expect(await ask('https://shop.example/cart')).toBe('200 ["rope"]')
  expect(simulation?.network.log).toMatchObject([{ who: 'fetch', status: 200 }])
  expect(Reflect.has(globalThis, EXPOSED)).toBe(true)
  simulation?.stop()
  expect(globalThis.fetch).toBe(realFetch)
  expect(Reflect.has(globalThis, EXPOSED)).toBe(false)
})

test('R38: the scenario of the address is played', async () => {
  open('?network=blip&clock=manual')
  await simulation?.network.advance(1_100)
  expect(await ask('https://shop.example/cart')).toBe('Failed to fetch')
  await simulation?.network.advance(700)
  expect(await ask('https://shop.example/cart')).toBe('200 ["rope"]')
})

test('the seed of the address is the luck of its requests', async () => {
  const ends = async (query: string) => {
    open(query)
    const answers: string[] = []
    for (let turn = 0; turn < 20; turn++) answers.push(await ask('https://shop.example/cart'))
    simulation?.stop()
    return answers.map((answer) => answer.slice(0, 3)).join()
  }
  const first = await ends('?network=flaky&clock=manual&seed=3')
  expect(await ends('?network=flaky&clock=manual&seed=3')).toBe(first)
  expect(await ends('?network=flaky&clock=manual&seed=4')).not.toBe(first)
})

test("an application's own scenarios go before the catalogue's", async () => {
  const refused = {
    name: 'Refused',
    sentence: 'Nobody listens.',
    steps: [{ atMs: 0, do: { type: 'refuse' } }],
  } as const
  open('?network=blip&clock=manual', { scenarios: { blip: refused } })
  expect(simulation?.scenario).toEqual(refused)
  expect(await ask('https://shop.example/cart')).toBe('Failed to fetch')
})

test('speed: the clock goes so many times as fast', () => {
  const base = manualClock(1_000_000)
  const clock = scaledClock(10, base)
  const at: number[] = []
  clock.setTimeout(() => at.push(clock.now()), 30_000)
  return base.advance(3_000).then(() => {
    expect(at).toEqual([1_030_000])
    expect(clock.now()).toBe(1_030_000)
  })
})

test('speed: the address says it, and the application can hurry with its network', () => {
  expect(open('?network=blip')!.network.clock).toBe(systemClock)
  const { clock, network } = open('?network=blip&speed=100')!
  expect(network.clock).not.toBe(systemClock)
  expect(clock).toBe(network.device.clock)
})

test('what no handler takes goes over the network to the real server', async () => {
  const server = createServer((_, response) => response.end('the real one')).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    open('?network=all-well&clock=manual', { hosts: [host] })
    expect(await ask(`http://${host}/orders`)).toBe('200 the real one')
    simulation?.network.apply({ type: 'status', code: 500, body: 'struck' })
    expect(await ask(`http://${host}/orders`)).toBe('500 struck')
  } finally {
    server.close()
    server.closeAllConnections()
  }
})

test('without hosts and handlers that name one, the network is that of the page', () => {
  open('?network=all-well&clock=manual', { handlers: [http.get('/api/cart', () => HttpResponse.json([]))] })
  expect(simulation?.network.owns(new URL('http://localhost:5173/api/cart'))).toBe(true)
  expect(simulation?.network.owns(new URL('https://shop.example/cart'))).toBe(false)
})

test.each([
  ['?network=a-good-day', /network is "a-good-day"; allowed: all-well, blip, .*server-restarts/],
  ['?network=', /network is ""; allowed: all-well, blip/],
  ['?network=blip&seed=1.5', /seed is "1.5"; allowed: a whole number from 0/],
  ['?network=blip&speed=1000', /speed is "1000"; allowed: a number from 0.1 to 100/],
  ['?network=blip&speed=', /speed is ""; allowed: a number/],
  ['?network=blip&clock=stopped', /clock is "stopped"; allowed: system, manual/],
])('%s is refused by name, with what is allowed', (query, message) => {
  const refusal = (() => {
    try {
      return open(query)
    } catch (error) {
      return error
    }
  })()
  expect(isHoldfastError(refusal, 'bad-option')).toBe(true)
  expect((refusal as Error).message).toMatch(message)
  expect(globalThis.fetch).toBe(realFetch)
})

test('an option that there is not is refused', () => {
  expect(() => open('?network=blip', { host: ['a'] } as InstallFromUrlOptions)).toThrow(/installFromUrl.host/)
})
