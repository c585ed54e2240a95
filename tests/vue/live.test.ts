import { createSSRApp, h, ref, shallowRef } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { expect, test } from 'vitest'
import { useChannel, useWebSocket, type UseChannelOptions } from '../../src/vue/live.js'
import { URL_OF_ECHO } from '../live/reconnecting/rig.js'
import { fakeChannel } from './fake-channel.js'
import { createDesk, createScope } from './live-rig.js'

test('useWebSocket: opens, tells what came last, and closes with the scope; no timer is left', async () => {
  const { use, scope, options, clock, network } = createDesk()
  const { data, status, ws } = use(() => useWebSocket<string>(URL_OF_ECHO, options))
  expect([status.value, data.value]).toEqual(['CONNECTING', null])
  await clock.advance(40)
  expect(status.value).toBe('OPEN')
  network.clients.broadcast('news')
  await clock.advance(20)
  expect(data.value).toBe('news')
  const socket = ws.value
  scope.stop()
  await clock.advance(100)
  expect([socket?.readyState, network.clients.list().length, clock.pending()]).toEqual([3, 0, 0])
})

test('useWebSocket: after a loss it is CONNECTING, then OPEN again; what was sent meanwhile comes then', async () => {
  const { use, options, clock, network, heard } = createDesk()
  const told: string[] = []
  const { status, send } = use(() =>
    useWebSocket(URL_OF_ECHO, {
      ...options,
      onConnected: () => told.push('connected'),
      onDisconnected: (_, { code }) => told.push(`disconnected ${code}`),
      onError: () => told.push('error'),
      onMessage: (_, { data }) => told.push(`message ${data}`),
    }),
  )
  await clock.advance(6000)
  network.restart.kill({ downMs: 300 })
  await clock.advance(100)
  expect(status.value).toBe('CONNECTING')
  expect(send('never', false)).toBe(false)
  expect(send('echo later')).toBe(false)
  await clock.advance(5000)
  expect(status.value).toBe('OPEN')
  expect(send('echo now')).toBe(true)
  await clock.advance(100)
  expect(heard.filter((line) => line.startsWith('message')).map((line) => line.split('@')[0])).toEqual([
    'message echo later',
    'message echo now',
  ])
  expect(told.slice(0, 3)).toEqual(['connected', 'disconnected 1006', 'error'])
  expect(told.slice(-2)).toEqual(['message echo later', 'message echo now'])
})

test('useWebSocket: immediate false waits for open(); close() is final, open() is not', async () => {
  const { use, options, clock, handshakes } = createDesk()
  const { status, open, close } = use(() => useWebSocket(URL_OF_ECHO, { ...options, immediate: false }))
  await clock.advance(10_000)
  expect([status.value, handshakes().length]).toEqual(['CLOSED', 0])
  open()
  expect(status.value).toBe('CONNECTING')
  await clock.advance(40)
  close()
  await clock.advance(60_000)
  expect([status.value, handshakes().length]).toEqual(['CLOSED', 1])
  open()
  await clock.advance(40)
  expect(status.value).toBe('OPEN')
})

test('useWebSocket: a code that is final is CLOSED', async () => {
  const { use, options, clock, network } = createDesk()
  const { status } = use(() => useWebSocket(URL_OF_ECHO, options))
  await clock.advance(40)
  network.clients.list()[0]?.close(4403)
  await clock.advance(1000)
  expect(status.value).toBe('CLOSED')
})

test('useWebSocket: another URL is another socket; what was kept goes over to it, and the old one tells nothing more', async () => {
  const { use, options, clock, network, heard } = createDesk()
  const room = ref<string>()
  const { ws, status, send, data } = use(() =>
    useWebSocket(() => (room.value ? `${URL_OF_ECHO}?room=${room.value}` : undefined), options),
  )
  await clock.advance(1000)
  expect([ws.value, status.value, send('nobody is there')]).toEqual([undefined, 'CLOSED', false])
  room.value = '1'
  await clock.advance(0)
  const first = ws.value
  send('echo kept')
  room.value = '2'
  await clock.advance(500)
  expect(ws.value).not.toBe(first)
  expect([ws.value?.url, status.value]).toEqual([`${URL_OF_ECHO}?room=2`, 'OPEN'])
  expect(heard.filter((line) => line.startsWith('message'))).toHaveLength(1)
  expect(data.value).toBe('echo kept')
  expect([network.clients.list().length, first?.readyState]).toEqual([1, 3])
  room.value = undefined
  await clock.advance(500)
  expect([ws.value, status.value, network.clients.list().length]).toEqual([undefined, 'CLOSED', 0])
})

test('useWebSocket: other options are another socket; autoConnect false leaves it', async () => {
  const { use, options, clock } = createDesk()
  const given = shallowRef({ ...options, maxRetries: 3 })
  const { ws, status } = use(() => useWebSocket(URL_OF_ECHO, given))
  await clock.advance(100)
  const first = ws.value
  given.value = { ...options, maxRetries: 5 }
  await clock.advance(500)
  expect(ws.value).not.toBe(first)
  expect(status.value).toBe('OPEN')

  const url = ref(URL_OF_ECHO)
  const second = use(() => useWebSocket(url, { ...options, autoConnect: false }))
  await clock.advance(500)
  const kept = second.ws.value
  url.value += '?other'
  await clock.advance(500)
  expect(second.ws.value).toBe(kept)
})

test('useWebSocket: a function in a ref is asked at each dial', async () => {
  const { use, options, clock, network } = createDesk()
  let asked = 0
  const ticket = shallowRef(async () => `${URL_OF_ECHO}?ticket=${++asked}`)
  const { ws } = use(() => useWebSocket(ticket, options))
  await clock.advance(6000)
  network.apply({ type: 'reset' })()
  await clock.advance(1000)
  expect(ws.value?.url).toBe(`${URL_OF_ECHO}?ticket=2`)
})

test('useWebSocket: a URL that cannot be used, and a misspelt option, are refused in setup', () => {
  const { use, options } = createDesk()
  expect(() => use(() => useWebSocket('ftp://api.example', options))).toThrow(/another scheme/)
  expect(() => use(() => useWebSocket(URL_OF_ECHO, { ...options, maxRetry: 3 } as object))).toThrow(
    /maxRetry/,
  )
})

test('on a server nothing is dialled, with and without a class of its own', async () => {
  let dialled = 0
  class Counting extends EventTarget {
    constructor() {
      super()
      dialled++
    }
  }
  const seen: unknown[] = []
  const App = {
    setup() {
      const first = useWebSocket('wss://api.example/echo')
      const second = useWebSocket('wss://api.example/echo', { WebSocket: Counting as never })
      seen.push(first.status.value, first.ws.value, first.send('x'), second.status.value)
      return () => h('p', first.status.value)
    },
  }
  expect(await renderToString(createSSRApp(App))).toBe('<p>CLOSED</p>')
  expect([...seen, dialled]).toEqual(['CLOSED', undefined, false, 'CLOSED', 0])
})

function createChannelDesk(options: UseChannelOptions) {
  const fake = fakeChannel()
  const { scope, use } = createScope()
  return { ...fake, scope, ...use(() => useChannel(fake.channel, options)) }
}

test('useChannel: follows the state and the last event until its scope ends', () => {
  const { scope, state, event, says, tell, followed } = createChannelDesk({ topic: 'orders' })
  expect([state.value.name, event.value]).toEqual(['closed', null])
  says({ name: 'live', transport: 'websocket' })
  tell('orders', 7)
  expect([state.value, event.value]).toMatchObject([{ name: 'live' }, { topic: 'orders', data: 7 }])
  scope.stop()
  says({ name: 'closed' })
  expect([state.value.name, followed()]).toEqual(['live', []])
})

test('useChannel: another topic is followed in place of the first, whose cursor it does not take', () => {
  const topic = ref<string | null>('orders')
  const heard: unknown[] = []
  const { event, tell, followed, cursors } = createChannelDesk({
    topic,
    cursor: 'e:1',
    onEvent: ({ data }) => heard.push(data),
  })
  tell('orders', 1)
  topic.value = 'chat'
  expect([followed(), cursors, event.value]).toEqual([['chat'], ['e:1', undefined], null])
  tell('orders', 2)
  tell('chat', 3)
  topic.value = null
  expect([followed(), heard]).toEqual([[], [1, 3]])
})

test('useChannel: opens and closes only a channel that it is told to', () => {
  const shared = createChannelDesk({})
  shared.scope.stop()
  const own = createChannelDesk({ open: true })
  own.scope.stop()
  expect([shared.calls, own.calls]).toEqual([[], ['open', 'close']])
})

test('useChannel: sends to its topic', async () => {
  const { send, sent } = createChannelDesk({ topic: 'chat' })
  await send('hello', { policy: 'latest' })
  expect(sent).toEqual([['chat', 'hello', { policy: 'latest' }]])
})
