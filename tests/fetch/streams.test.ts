/** Bodies are the caller's: the kit's part ends with the head of the answer. */
import { HttpResponse } from 'msw'
import { expect, test } from 'vitest'
import { isHoldfastError } from '../../src/core/errors.js'
import { createHand, watch } from './hand.js'
import { BASE, createRig } from './rig.js'

/** What a reader has seen so far. */
function follow(response: Response) {
  const seen = { text: '', state: 'open' }
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  const read = async (): Promise<void> => {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true }
      if (done) return
      seen.text += value
    }
  }
  void read().then(
    () => (seen.state = 'ended'),
    (error: Error) => (seen.state = error.message),
  )
  return seen
}

test('B07: server-sent events over fetch come one by one, and their silence is nobody’s business', async () => {
  const rig = createRig()
  await rig.online()
  rig.on('/events', () => {
    const body = new ReadableStream({
      async start(controller) {
        for (const text of ['data: 1\n\n', 'data: 2\n\n']) {
          await rig.network.delay(90_000)
          controller.enqueue(new TextEncoder().encode(text))
        }
        controller.close()
      },
    })
    return new HttpResponse(body, { headers: { 'content-type': 'text/event-stream' } })
  })
  let seen = { text: '', state: 'waiting' }
  void rig
    .ask('/events', { headers: { Accept: 'text/event-stream' } })
    .then((answer) => (seen = follow(answer)))
  await rig.clock.advance(1_000)
  expect(seen).toEqual({ text: '', state: 'open' })
  const before = rig.events.length
  await rig.clock.advance(90_000)
  expect(seen.text).toBe('data: 1\n\n')
  await rig.clock.advance(90_000)
  expect(seen).toEqual({ text: 'data: 1\n\ndata: 2\n\n', state: 'ended' })
  expect(rig.events.slice(before)).toEqual([])
  expect(rig.facts.pendingSince).toBeNull()
  expect(rig.attempts('/events')).toBe(1)
})

test('a body that breaks off is its reader’s error, and the request is not sent again', async () => {
  const rig = createRig()
  await rig.online()
  rig.network.apply({ type: 'reset', afterBytes: 4, only: { path: '/orders' } })
  let seen = { text: '', state: 'waiting' }
  void rig.ask('/orders').then((answer) => (seen = follow(answer)))
  await rig.clock.advance(10_000)
  // What breaks as its head arrives gives its reader no bytes (docs/spec/simulator.md, fact 14).
  expect(seen).toEqual({ text: '', state: 'network error' })
  expect(rig.attempts('/orders')).toBe(1)
})

test('the answer is the platform’s own object, untouched', async () => {
  const rig = createRig()
  const mine = new Response('{}', { headers: { 'content-type': 'application/json' } })
  const { fetch } = createRig({ fetch: () => Promise.resolve(mine) }).http
  await rig.online()
  expect(await fetch(`${BASE}/orders`)).toBe(mine)
  expect(mine.bodyUsed).toBe(false)
})

test('HTML that nobody asked for is looked into, and still all of it is there to be read', async () => {
  const hand = createHand()
  const rig = createRig({ fetch: hand.fetch })
  await rig.online()
  const asked = rig.ask('/orders')
  hand.last.answer(200, '\n\n {"from":"a back end that calls everything HTML"}', {
    'content-type': 'text/html',
  })
  expect(await (await asked).json()).toEqual({ from: 'a back end that calls everything HTML' })
})

test.each([
  ['asked for', { Accept: 'text/html' }, {}],
  ['marked', {}, { Holdfast: '1' }],
])('HTML that was %s is not looked into: its stream is given at once', async (_, headers, marked) => {
  const hand = createHand()
  const rig = createRig({ fetch: hand.fetch })
  await rig.online()
  const asked = watch(rig.ask('/page', { headers: headers as Record<string, string> }))
  hand.last.answer(200, new ReadableStream(), { 'content-type': 'text/html', ...marked })
  await rig.clock.settle()
  expect(asked).toMatchObject({ state: 'resolved', value: { status: 200 } })
})

test('a long poll that is declared may be silent for as long as it likes', async () => {
  const hand = createHand()
  const rig = createRig({ fetch: hand.fetch })
  await rig.online()
  const before = rig.events.length
  const asked = watch(rig.ask('/poll', { holdfast: { stalledMs: Infinity } }))
  await rig.clock.advance(600_000)
  expect(asked.state).toBe('pending')
  expect(rig.events.slice(before)).toEqual([])
  hand.last.answer()
  await rig.clock.settle()
  expect(asked.state).toBe('resolved')
})

test('I28: a page of somebody else is known by its beginning, however it comes', async () => {
  const hand = createHand()
  const rig = createRig({ fetch: hand.fetch, retries: 0 })
  await rig.online()
  const asked = watch(rig.ask('/orders'))
  const pieces = ['\n', '  ', '<!doctype html>'].map((text) => new TextEncoder().encode(text))
  const body = new ReadableStream({
    pull(controller) {
      const piece = pieces.shift()
      if (piece) controller.enqueue(piece)
    },
  })
  hand.last.answer(200, body, { 'content-type': 'text/html' })
  await rig.clock.advance(100)
  expect(isHoldfastError(asked.value, 'not-ours')).toBe(true)
})
