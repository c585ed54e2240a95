import { bypass, http, HttpResponse, passthrough } from 'msw'
import { expect, onTestFinished, test, vi } from 'vitest'
import { installPage } from '../../mocks/install-page.js'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork } from '../../mocks/network.js'
import type { Stop } from '../../src/core/state.js'

const URL_OF_ORDERS = 'https://api.example/orders'

test('of several handlers the one of the method answers; a path that is a function is asked of each request', async () => {
  const asked: string[] = []
  const clock = manualClock()
  const { fetch } = createNetwork({
    clock,
    hosts: ['api.example'],
    handlers: [
      http.post(
        ({ request }) => {
          asked.push(request.method)
          return true
        },
        () => HttpResponse.text('by a function'),
      ),
      http.delete(URL_OF_ORDERS, () => HttpResponse.text('deleted')),
      http.get(URL_OF_ORDERS, () => HttpResponse.text('got')),
      http.all(URL_OF_ORDERS, () => HttpResponse.text('all')),
    ],
  })
  const answers = ['GET', 'DELETE', 'POST', 'PUT'].map(async (method) =>
    (await fetch(URL_OF_ORDERS, { method })).text(),
  )
  await clock.advance(1000)
  expect(await Promise.all(answers)).toEqual(['got', 'deleted', 'by a function', 'all'])
  expect(asked).toEqual(['GET', 'DELETE', 'POST', 'PUT'])
})

test('a request whose handler answers with JSON or a text takes no Blob', async () => {
  const clock = manualClock()
  const { fetch } = createNetwork({
    clock,
    hosts: ['api.example'],
    handlers: [
      http.get('https://api.example/json', () => HttpResponse.json({ name: 'Zoë' })),
      http.get('https://api.example/text', () => HttpResponse.text('Zoë')),
    ],
  })
  const Blob = vi.fn()
  stub('Blob', Blob)
  const answers = ['json', 'text'].map(async (path) => (await fetch(`https://api.example/${path}`)).text())
  await clock.advance(1000)
  expect(await Promise.all(answers)).toEqual(['{"name":"Zoë"}', 'Zoë'])
  expect(Blob).not.toHaveBeenCalled()
})

/** Until the test is over, and what it has put in front of it is taken away. */
function stub(name: string, value: unknown, takeAway: () => void = () => {}): void {
  vi.stubGlobal(name, value)
  onTestFinished(() => {
    takeAway()
    vi.unstubAllGlobals()
  })
}

/** A page whose own fetch is a real server, with two networks in front of it: the last one is the page's. */
function createRealServer() {
  const asked: Request[] = []
  const stops: Stop[] = []
  const real = async (input: RequestInfo | URL, init?: RequestInit) => {
    asked.push(new Request(input, init))
    return new Response('really', { status: 201, headers: { 'X-Real': 'yes' } })
  }
  stub('fetch', real, () => {
    for (const stop of stops.reverse()) stop()
  })
  const clock = manualClock()
  const handlers = [http.all(URL_OF_ORDERS, () => passthrough())]
  const networks = [1, 2].map(() => createNetwork({ clock, hosts: ['api.example'], handlers }))
  for (const network of networks) stops.push(installPage(network))
  return { asked, clock, network: networks[1]! }
}

test('what a handler passes through is answered by the real server, over the simulated network', async () => {
  const { asked, clock, network } = createRealServer()
  network.apply({ type: 'latency', ms: 500 })
  const answer = fetch(URL_OF_ORDERS, { method: 'POST', body: 'rope' })
  await clock.advance(1000)
  const { status, headers } = await answer
  expect([status, headers.get('X-Real'), headers.get('Holdfast')]).toEqual([201, 'yes', '1'])
  expect([asked.length, asked[0]?.method, await asked[0]?.text()]).toEqual([1, 'POST', 'rope'])
  expect(network.log).toMatchObject([{ end: 'answered', status: 201, ms: 540, reached: true }])
})

test('a real server that is not there is a network error to whoever is passed through', async () => {
  const clock = manualClock()
  stub('fetch', () => Promise.reject(new TypeError('no server')))
  const { fetch } = createNetwork({ clock, handlers: [http.get(URL_OF_ORDERS, () => passthrough())] })
  const answer = fetch(URL_OF_ORDERS).catch(String)
  await clock.advance(1000)
  expect(await answer).toBe('TypeError: Failed to fetch')
})

test('what is marked with bypass never meets the network, nor does the real server see the mark', async () => {
  const { asked, network } = createRealServer()
  const headers = { Accept: 'text/plain' }
  expect(await (await fetch(bypass(URL_OF_ORDERS, { headers }))).text()).toBe('really')
  expect(await (await fetch(bypass(URL_OF_ORDERS))).text()).toBe('really')
  expect(asked.map((request) => request.headers.get('Accept'))).toEqual(['text/plain', null])
  expect(network.log).toEqual([])
})
