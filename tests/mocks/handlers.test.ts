import { http, HttpResponse } from 'msw'
import { afterEach, expect, test, vi } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork } from '../../mocks/network.js'

const URL_OF_ORDERS = 'https://api.example/orders'

afterEach(() => void vi.unstubAllGlobals())

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
  vi.stubGlobal('Blob', Blob)
  const answers = ['json', 'text'].map(async (path) => (await fetch(`https://api.example/${path}`)).text())
  await clock.advance(1000)
  expect(await Promise.all(answers)).toEqual(['{"name":"Zoë"}', 'Zoë'])
  expect(Blob).not.toHaveBeenCalled()
})
