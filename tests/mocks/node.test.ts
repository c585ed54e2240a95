import axios from 'axios'
import { http, HttpResponse } from 'msw'
import { afterEach, expect, test } from 'vitest'
import type { Fault } from '../../mocks/faults.js'
import { createNetwork, manualClock } from '../../mocks/index.js'
import { installNode } from '../../mocks/node.js'

const CART = 'https://shop.example/cart'
const handlers = [
  http.get(CART, () => HttpResponse.json(['rope'])),
  http.post(CART, async ({ request }) => HttpResponse.json([await request.json()], { status: 201 })),
]

const realFetch = globalThis.fetch
let stop = () => {}
afterEach(() => stop())

function install() {
  const clock = manualClock()
  const network = createNetwork({ clock, hosts: ['shop.example'], handlers })
  const uninstall = installNode(network)
  stop = () => {
    uninstall()
    network.dispose()
  }
  return { clock, network }
}

/** Lets the network's time pass until this has ended. */
async function during<T>(clock: ReturnType<typeof manualClock>, asked: Promise<T>): Promise<T> {
  let state: 'asked' | 'over' = 'asked'
  void asked.catch(() => {}).then(() => (state = 'over'))
  for (let turn = 0; turn < 1_000 && (state as string) !== 'over'; turn++) await clock.advance(10)
  return asked
}

test('fetch of this process is answered by the handlers, over the network', async () => {
  const { clock, network } = install()
  const answer = fetch(CART).then((given) => given.json())
  await clock.advance(40)
  expect(await answer).toEqual(['rope'])
  expect(network.log).toMatchObject([{ who: 'fetch', status: 200, ms: 40 }])
})

test('axios as Node has it is answered, too, with what it has sent', async () => {
  const { clock, network } = install()
  const { status, data } = await during(clock, axios.post(CART, { item: 'lamp' }, { adapter: 'http' }))
  expect([status, data]).toEqual([201, [{ item: 'lamp' }]])
  expect(network.log).toMatchObject([{ who: 'node', method: 'POST', status: 201 }])
})

test.each<[Fault, string]>([
  [{ type: 'refuse' }, 'ECONNREFUSED'],
  [{ type: 'offline' }, 'EAI_AGAIN'],
  [{ type: 'reset' }, 'ECONNRESET'],
])('%o has the code that Node gives it, by fetch and by node:http', async (fault, code) => {
  const { clock, network } = install()
  network.apply(fault)
  const byFetch = await during(
    clock,
    fetch(CART).catch((error: TypeError) => error),
  )
  expect(byFetch).toMatchObject({ message: 'fetch failed', cause: { code } })
  const byAxios = await during(
    clock,
    axios.get(CART, { adapter: 'http' }).catch((error: unknown) => error),
  )
  expect(byAxios).toMatchObject({ code })
})

test('nothing is sent again by itself: a kept connection that is cut is the end of its request', async () => {
  const { clock, network } = install()
  await during(clock, axios.get(CART, { adapter: 'http' }))
  network.apply({ type: 'failTimes', n: 1, fault: { type: 'reset' } })
  const error = await during(
    clock,
    axios.get(CART, { adapter: 'http' }).catch((reason: unknown) => reason),
  )
  expect(error).toMatchObject({ code: 'ECONNRESET' })
  expect(network.calls({ end: 'resent' })).toEqual([])
})

test("a caller's abort ends its request, and the network hears of it", async () => {
  const { clock, network } = install()
  network.apply({ type: 'blackhole' })
  const caller = new AbortController()
  const asked = axios.get(CART, { adapter: 'http', signal: caller.signal }).catch((reason: unknown) => reason)
  for (let turn = 0; turn < 100 && network.pending === 0; turn++) await clock.advance(10)
  caller.abort()
  expect(await asked).toMatchObject({ code: 'ERR_CANCELED' })
  await clock.advance(1_000)
  expect(network.log).toMatchObject([{ end: 'aborted' }])
})

test('other hosts pass, and the stop gives the process its own network back', async () => {
  install()
  await expect(fetch('http://127.0.0.1:1/')).rejects.toThrow('fetch failed')
  stop()
  expect(globalThis.fetch).toBe(realFetch)
})

test('a network of all hosts is refused', () => {
  const network = createNetwork({ clock: manualClock() })
  expect(() => installNode(network)).toThrow(/hosts is "not given"/)
})
