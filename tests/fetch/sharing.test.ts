/** After an outage the same question is asked once over fetch, too: everybody reads an answer of his own. */
import { expect, test } from 'vitest'
import { createHand, JSON_TYPE, watch } from './hand.js'
import { BASE, createRig } from './rig.js'

const url = `${BASE}/orders`

async function start() {
  const hand = createHand()
  const rig = createRig({ fetch: hand.fetch })
  await rig.online()
  await rig.lose()
  const settle = async () => {
    await rig.clock.settle()
    await new Promise((resolve) => setImmediate(resolve))
  }
  /** Answers whatever is open, and what goes out because of that. */
  const answerAll = async (...answer: Parameters<(typeof hand.last)['answer']>) => {
    while (hand.open > 0) {
      for (const call of hand.calls) if (call.isOpen()) call.answer(...answer)
      await settle()
    }
  }
  return { ...rig, hand, fetch: rig.http.fetch, answerAll, settle }
}

/** A body that comes when it is told to, and knows whether anybody still wants it. */
function slowBody() {
  let control!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>
  let isWanted = true
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => void (control = controller),
    cancel: () => void (isWanted = false),
  })
  return {
    stream,
    isWanted: () => isWanted,
    send: (text: string) => control.enqueue(new TextEncoder().encode(text)),
    end: () => control.close(),
  }
}

test('the same read, held by many, is sent once, and each reads a body of his own', async () => {
  const { fetch, hand, recover, answerAll } = await start()
  const ask = (signal?: AbortSignal) =>
    fetch(url, { headers: { Accept: 'application/json' }, ...(signal ? { signal } : {}) })
  const asked = [ask(), ask(new AbortController().signal), ask()]
  const other = watch(fetch(`${url}?page=2`))
  await recover()
  await answerAll()
  expect(hand.calls.map(({ request }) => request.url)).toEqual([url, `${url}?page=2`])
  expect(other.state).toBe('resolved')
  const answers = await Promise.all(asked)
  expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual(Array(3).fill({ ok: true }))
  expect(new Set(answers).size).toBe(3)
  for (const { status, headers, redirected, type } of answers)
    expect([status, headers.get('content-type'), redirected, type]).toEqual([
      200,
      'application/json',
      false,
      'default',
    ])
})

test.each<[string, RequestInit & Record<string, unknown>, RequestInit?]>([
  ['another token', { headers: { Authorization: 'Bearer other' } }],
  ['credentials of its own', { credentials: 'omit' }],
  ['another cache', { cache: 'no-store' }],
  ['something that we do not know', { dispatcher: {} }],
  ['another method', { method: 'HEAD' }],
  ['a write', { method: 'POST' }],
  [
    'an event stream for an answer',
    { headers: { Accept: 'text/event-stream' } },
    { headers: { Accept: 'text/event-stream' } },
  ],
])('a request with %s is not the same', async (_title, init, first = {}) => {
  const { fetch, hand, recover, answerAll } = await start()
  watch(fetch(url, first))
  watch(fetch(url, init))
  await recover()
  await answerAll()
  expect(hand.calls).toHaveLength(2)
})

test('a Request and its address with the same settings are the same', async () => {
  const { fetch, hand, recover, answerAll } = await start()
  const asked = [fetch(new Request(url)), fetch(new Request(url))].map(watch)
  await recover()
  await answerAll()
  expect(hand.calls).toHaveLength(1)
  expect(asked.map(({ state }) => state)).toEqual(['resolved', 'resolved'])
})

test('while the link is up everybody asks for himself', async () => {
  const { fetch, hand, recover, answerAll } = await start()
  await recover()
  watch(fetch(url))
  watch(fetch(url))
  expect(hand.open).toBe(2)
  await answerAll()
})

test('one who aborts before the answer does not end it for the others, whether he asks for all or waits', async () => {
  const { fetch, hand, recover, settle, answerAll } = await start()
  const [leader, follower] = [new AbortController(), new AbortController()]
  const asked = [leader, follower, null, null].map((one) =>
    watch(fetch(url, one ? { signal: one.signal } : {})),
  )
  await recover()
  expect(hand.calls).toHaveLength(1)
  follower.abort()
  await settle()
  expect(asked.map(({ state }) => state)).toEqual(['pending', 'rejected', 'pending', 'pending'])
  leader.abort()
  await settle()
  expect(hand.calls).toHaveLength(2)
  await answerAll()
  expect(asked.map(({ state }) => state)).toEqual(['rejected', 'rejected', 'resolved', 'resolved'])
})

test('one who aborts while he reads ends his own part alone, with his own reason', async () => {
  const { fetch, hand, recover, settle } = await start()
  const controllers = [new AbortController(), new AbortController(), new AbortController()]
  const asked = controllers.map(({ signal }) => fetch(url, { signal }))
  await recover()
  const body = slowBody()
  hand.last.answer(200, body.stream, JSON_TYPE)
  const texts = (await Promise.all(asked)).map((answer) => watch(answer.text()))
  body.send('{"a":')
  await settle()
  const reason = new Error('no longer wanted')
  controllers[0]!.abort(reason)
  controllers[2]!.abort(reason)
  await settle()
  expect(texts.map(({ state }) => state)).toEqual(['rejected', 'pending', 'rejected'])
  expect([texts[0]!.value, texts[2]!.value]).toEqual([reason, reason])
  expect(body.isWanted()).toBe(true)
  body.send('1}')
  body.end()
  await settle()
  expect(texts[1]).toMatchObject({ state: 'resolved', value: '{"a":1}' })
})

test('when the last one lets go of his part, the connection is let go', async () => {
  const { fetch, hand, recover, settle } = await start()
  const controller = new AbortController()
  const asked = [fetch(url, { signal: controller.signal }), fetch(url), fetch(url)]
  await recover()
  const body = slowBody()
  hand.last.answer(200, body.stream, JSON_TYPE)
  const [, second, third] = await Promise.all(asked)
  controller.abort()
  // What is copied is let go when the last copy is: until then nobody can say that it was.
  void second!.body!.cancel()
  await settle()
  expect(body.isWanted()).toBe(true)
  void third!.body!.cancel()
  await settle()
  expect(body.isWanted()).toBe(false)
})

test('a refusal is everybody’s, and each reads it for himself', async () => {
  const { fetch, hand, recover, answerAll } = await start()
  const asked = [1, 2].map(() => fetch(url))
  await recover()
  await answerAll(404, '{"why":"gone"}')
  const answers = await Promise.all(asked)
  expect(hand.calls).toHaveLength(1)
  expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual(Array(2).fill({ why: 'gone' }))
})

test('an answer without a body reaches everybody', async () => {
  const { fetch, hand, recover, answerAll } = await start()
  const asked = [1, 2].map(() => fetch(url, { signal: new AbortController().signal }))
  await recover()
  await answerAll(204, null)
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([204, 204])
  expect(hand.calls).toHaveLength(1)
})

test('of an answer that cannot be made twice (redirected by hand) each asks for his own', async () => {
  const { fetch, hand, recover, settle } = await start()
  const asked = [1, 2].map(() => watch(fetch(url, { redirect: 'manual' })))
  await recover()
  const opaque = () => Object.defineProperties(new Response(null), { status: { value: 0 } })
  while (hand.open > 0) {
    hand.last.give(opaque())
    await settle()
  }
  expect(hand.calls).toHaveLength(2)
  expect(asked.map(({ times }) => times)).toEqual([1, 1])
})

test('when the attempts are used up, each has an error of his own, and it is the platform’s', async () => {
  const { fetch, hand, clock, recover, settle, network } = await start()
  const asked = [1, 2].map(() => watch(fetch(url, { holdfast: { retries: 0 } })))
  await recover()
  hand.last.fail()
  await settle()
  // The link is suspected for a moment; proved to be up, the attempt counts.
  await clock.advance(1_000)
  while (hand.open > 0) {
    hand.last.fail()
    await clock.advance(1_000)
  }
  expect(asked.map(({ state }) => state)).toEqual(['rejected', 'rejected'])
  for (const { value } of asked) {
    expect(value).toBeInstanceOf(TypeError)
    expect(value).toMatchObject({ message: 'Failed to fetch', holdfast: { why: 'retries-used' } })
  }
  expect(asked[0]!.value).not.toBe(asked[1]!.value)
  network.dispose()
})

test('taken off while it is shared, everybody hears of it, and nothing is left', async () => {
  const { fetch, hand, http, connection, clock, recover, settle } = await start()
  const asked = [1, 2, 3].map(() => watch(fetch(url)))
  await recover()
  http.detach()
  hand.last.answer()
  await settle()
  expect(asked.map(({ times }) => times)).toEqual([1, 1, 1])
  connection.stop()
  await settle()
  expect(clock.pending()).toBe(0)
})
