import { expect, test } from 'vitest'
import { createConnection } from '../../src/core/connection.js'
import { createChannel } from '../../src/live/channel.js'
import { ReconnectingWebSocket } from '../../src/live/reconnecting-websocket.js'
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

test('an option is named in errors as it was written', () => {
  const url = 'https://api.example/'
  const make = (options: object) => () => createChannelDesk({ url, ...options } as never)
  expect(make({ heartbeat: 5 })).toThrow('channel.heartbeat is 5; allowed: a heartbeat, such as adaptive()')
  expect(make({ window: 'page' })).toThrow('channel.window is "page"; allowed: a window, or null')
  expect(make({ schedule: 5 })).toThrow('channel.schedule is 5; allowed: a schedule')
  expect(make({ dialTimeoutMs: 5 })).toThrow('channel.dialTimeoutMs is 5')
  expect(make({ fetch: 5 })).toThrow('channel.fetch is 5; allowed: a fetch')
  expect(make({ onSessionLost: 5 })).toThrow('channel.onSessionLost is 5; allowed: a function')
  expect(make({ tabs: {} })).toThrow('channel.tabs is [object Object]; allowed: sharedTabs()')
  expect(make({ maxBytes: 0 })).toThrow('channel.maxBytes is 0')
  expect(make({ beat: 5 })).toThrow('channel.beat is')
  expect(make({ url: [url, 'http://b.example'] })).toThrow('channel.url[1].websocket is ws://b.example/ws')
  expect(make({ url: { base: url, send: 'https://me:secret@a.example' } })).toThrow(
    'channel.url[0].send is "https://***@a.example"',
  )
  const connection = createConnection({ probe: () => Promise.resolve({ kind: 'good' }) })
  const channel = (options: object) => () => createChannel({ connection, url, ...options })
  expect(channel({ betterAfterMs: 5 })).toThrow('channel.betterAfterMs is 5')
  expect(channel({ drivers: [] })).toThrow('channel.drivers is')
})

test('an option of a ReconnectingWebSocket is named in errors as it was written', () => {
  const make = (options: object) => () =>
    new ReconnectingWebSocket('wss://api.example/', [], {
      startClosed: true,
      WebSocket: Fake,
      ...options,
    } as never)
  class Fake {}
  const where = 'ReconnectingWebSocket'
  expect(make({ heartbeat: 5 })).toThrow(`${where}.heartbeat is 5; allowed: a heartbeat`)
  expect(make({ schedule: 5 })).toThrow(`${where}.schedule is 5; allowed: a schedule`)
  expect(make({ judge: 5 })).toThrow(`${where}.judge is 5; allowed: a function of an end`)
  expect(make({ maxMessageBytes: 0 })).toThrow(`${where}.maxMessageBytes is 0`)
  expect(make({ connection: {} })).toThrow(`${where}.connection is [object Object]`)
  expect(make({ minUptime: Number.NaN })).toThrow(`${where}.minUptime is NaN`)
  expect(make({ WebSocket: {} })).toThrow(
    `${where}.WebSocket is [object Object]; allowed: a class of sockets`,
  )
  expect(make({ window: null })).toThrow(`${where}.window is`)
  expect(make({ minUptime: undefined, maxRetries: undefined, judge: undefined })).not.toThrow()
})
