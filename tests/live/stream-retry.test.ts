import { expect, test } from 'vitest'
import { eventStream } from '../../src/live/event-stream.js'
import { createLineDesk, requestOf } from './line-desk.js'
import { createLiveDesk } from './live-desk.js'

test('I24 a stream that begins with retry: 3000 and is cut without notice is dialled again at once', async () => {
  const { open, follow, clock, network, channel, states, at } = createLiveDesk({
    transports: ['event-stream'],
  })
  follow('chat')
  await open()
  await clock.advance(10_000)
  const cutAt = at()
  network.apply({ type: 'reset', only: { transport: 'sse' } })()
  await clock.advance(300)
  expect(states.slice(-2)).toEqual(['connecting', 'live event-stream'])
  expect(channel.state).toEqual({ name: 'live', transport: 'event-stream' })
  expect(at() - cutAt).toBe(300)
})

test('I24 what it was told holds up each later attempt, 3 to 3.75 s', async () => {
  const { open, follow, clock, network, channel } = createLiveDesk({ transports: ['event-stream'] })
  follow('chat')
  await open()
  await clock.advance(10_000)
  const dueAt: number[] = []
  channel.onChange((state) => {
    if (state.name === 'waiting' && state.nextAttemptAt !== null)
      dueAt.push(state.nextAttemptAt - clock.now())
  })
  network.apply({ type: 'refuse', only: { transport: 'sse' } })
  network.apply({ type: 'reset', only: { transport: 'sse' } })()
  await clock.advance(8_000)
  expect(dueAt.length).toBeGreaterThan(1)
  for (const ms of dueAt) expect(ms).toBeGreaterThanOrEqual(3_000)
})

test.each([
  ['retry: 2000\n\ndata: x\n\n', 'end again 1000 "" clean'],
  ['data: x\n\nretry: 2000\n\n', 'end later 1000 "" clean after 2000'],
  ['data: x\n\nretry: 2000\n\n:\n\n', 'end later 1000 "" clean after 2000'],
  ['data: x\n\nretry: 99999999\n\n', 'end later 1000 "" clean after 3600000'],
  ['data: x\n\nretry: -2\n\n', 'end again 1000 "" clean'],
  ['data: x\n\n', 'end again 1000 "" clean'],
])('I24 %j and a clean end: %s', async (text, end) => {
  const { clock, open } = createLineDesk()
  const fetch = () =>
    Promise.resolve(new Response(text, { headers: { 'content-type': 'text/event-stream' } }))
  const { lines } = open(eventStream({ fetch }), requestOf('/sse'))
  await clock.settle()
  expect(lines.at(-1)!.replace(/@\d+$/, '')).toBe(end)
})
