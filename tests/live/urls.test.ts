import { expect, test } from 'vitest'
import { readUrls } from '../../src/live/urls.js'
import { createChannelDesk } from './channel-desk.js'

const shown = (given: Parameters<typeof readUrls>[0]) => {
  const { endpoints, sends } = readUrls(given)
  return [...endpoints.map((endpoint) => Object.values(endpoint).map(String)), sends.map(String)]
}

test('one base gives all doors, and each can be named apart', () => {
  expect(shown('https://api.example/v1')).toEqual([
    ['wss://api.example/v1/ws', 'https://api.example/v1/sse', 'https://api.example/v1/poll'],
    ['https://api.example/v1/send'],
  ])
  expect(
    shown({ base: 'http://localhost:8787', websocket: 'ws://localhost:9000/live', send: '/say' }),
  ).toEqual([
    ['ws://localhost:9000/live', 'http://localhost:8787/sse', 'http://localhost:8787/poll'],
    ['http://localhost:8787/say'],
  ])
})

test('what would carry a token where it must not go is refused', () => {
  expect(() => readUrls([])).toThrow('channel.url is "[]"')
  expect(() => readUrls('/')).toThrow('channel.url is "/"; allowed: a URL, absolute outside a page')
  expect(() => readUrls(1 as never)).toThrow('channel.url is 1')
  expect(() => readUrls({ base: 'https://a.example/', sse: 'x' } as never)).toThrow('channel.url.sse')
  expect(() => readUrls(['https://a.example/', 'http://b.example/'])).toThrow('wss or https')
  expect(() => readUrls({ base: 'https://a.example/', send: 'http://a.example/send' })).toThrow(
    'wss or https',
  )
  expect(() => readUrls('https://ada:secret@a.example/')).toThrow('without user and password')
  expect(() => readUrls('https://ada:secret@a.example/')).not.toThrow('secret')
})

test('of several servers another one is posted to when one fails', async () => {
  const { dial, open, follow, channel, outcome, posts, clock } = createChannelDesk({
    url: ['https://a.example/', 'https://b.example/'],
  })
  follow('chat')
  await open()
  ;(await dial('event-stream')).hello()
  const sent = outcome(channel.send('chat', 1))
  await clock.settle()
  await posts[0]!.fail()
  await clock.advance(1600)
  await posts[1]!.answer(200, { offset: 1 })
  expect(posts.map(({ url }) => url)).toEqual(['https://a.example/send', 'https://b.example/send'])
  expect(sent.is).toBe('ok 1')
})
