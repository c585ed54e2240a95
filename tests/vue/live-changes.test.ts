/** What is wanted changes: before the component is mounted, while it is, or not at all although it is written anew. */
import { computed, onBeforeMount, reactive, ref, shallowRef, type Ref } from 'vue'
import { expect, test } from 'vitest'
import { exponential, fixed } from '../../src/core/schedule.js'
import { fixedHeartbeat } from '../../src/live/heartbeat.js'
import { useChannel, useWebSocket, type UseWebSocketOptions } from '../../src/vue/live.js'
import { URL_OF_ECHO } from '../live/reconnecting/rig.js'
import { fakeChannel } from './fake-channel.js'
import { createDesk, mountWith } from './live-rig.js'

const ROOM = (name: string) => `${URL_OF_ECHO}?room=${name}`

test('useWebSocket: a URL that changes between setup and mount is the one that is dialled, and no other', async () => {
  const { options, clock, handshakes } = createDesk()
  const url = ref(ROOM('1'))
  const { is, unmount } = mountWith(() => {
    onBeforeMount(() => void (url.value = ROOM('2')))
    return useWebSocket(url, options)
  })
  expect(is.status.value).toBe('CONNECTING')
  await clock.advance(100)
  expect([is.ws.value?.url, is.status.value, handshakes().length]).toEqual([ROOM('2'), 'OPEN', 1])
  unmount()
  await clock.advance(100)
  expect([is.ws.value?.readyState, clock.pending()]).toEqual([3, 0])
})

test.each<[what: string, settings: UseWebSocketOptions, status: string]>([
  ['with immediate false: it is opened, as by any change', { immediate: false }, 'OPEN'],
  ['with autoConnect false: what opens at first is the new one', { autoConnect: false }, 'OPEN'],
  ['with both false: it waits for open()', { immediate: false, autoConnect: false }, 'CLOSED'],
])('useWebSocket: a URL that appears between setup and mount, %s', async (_what, settings, status) => {
  const { options, clock } = createDesk()
  const url = ref<string>()
  const { is } = mountWith(() => {
    onBeforeMount(() => void (url.value = ROOM('2')))
    return useWebSocket(url, { ...options, ...settings })
  })
  await clock.advance(100)
  expect(is.status.value).toBe(status)
  is.open()
  await clock.advance(500)
  expect([is.ws.value?.url, is.status.value]).toEqual([ROOM('2'), 'OPEN'])
})

test('useWebSocket: options that change between setup and mount are those of the socket', async () => {
  const { options, clock, handshakes } = createDesk()
  const given = reactive<UseWebSocketOptions>({ ...options, maxRetries: 3 })
  const { is } = mountWith(() => {
    onBeforeMount(() => void (given.protocols = 'v2'))
    return useWebSocket(URL_OF_ECHO, given)
  })
  await clock.advance(100)
  expect([is.ws.value?.protocol, is.status.value, handshakes().length]).toEqual(['v2', 'OPEN', 1])
})

test('useWebSocket: open() heeds what has changed, also where autoConnect is false', async () => {
  const { use, options, clock } = createDesk()
  const url = ref(ROOM('1'))
  const { ws, open } = use(() => useWebSocket(url, { ...options, autoConnect: false }))
  await clock.advance(100)
  url.value = ROOM('2')
  await clock.advance(100)
  expect(ws.value?.url).toBe(ROOM('1'))
  open()
  await clock.advance(100)
  expect([ws.value?.url, ws.value?.readyState]).toEqual([ROOM('2'), 1])
})

test('useWebSocket: options that are made anew and say the same redial nothing; the newest callbacks are called', async () => {
  const { use, options, clock, network, handshakes } = createDesk()
  const told: string[] = []
  const turn = ref(1)
  const { ws } = use(() =>
    useWebSocket(
      () => new URL(`${URL_OF_ECHO}?turn=${turn.value > 0 ? 'some' : 'none'}`),
      () => {
        const now = turn.value
        return {
          ...options,
          signals: [...options.signals!],
          protocols: () => ['v1'],
          maxRetries: 3,
          schedule: exponential({ baseMs: 500, capMs: 4000 }),
          heartbeat: fixedHeartbeat(10_000, { ping: () => 'ping', isPong: (text) => text === 'pong' }),
          judge: ({ code }) => (told.push(`judge ${now}: ${code}`), undefined),
          onMessage: (_ws, { data }) => void told.push(`message ${now}: ${data}`),
          onDisconnected: () => void told.push(`disconnected ${now}`),
        }
      },
    ),
  )
  await clock.advance(1000)
  const first = ws.value
  for (turn.value = 2; turn.value < 9; turn.value += 1) await clock.advance(100)
  expect([ws.value === first, handshakes().length, first?.readyState]).toEqual([true, 1, 1])
  network.clients.broadcast('news')
  await clock.advance(100)
  network.clients.list()[0]?.close(4000)
  await clock.advance(100)
  expect(told).toEqual(['message 9: news', 'judge 9: 4000', 'disconnected 9'])
})

test.each<[what: string, before: UseWebSocketOptions, after: UseWebSocketOptions]>([
  ['a number', { maxRetries: 3 }, { maxRetries: 4 }],
  ['an option that is not given any more', { maxRetries: 3 }, {}],
  ['sub-protocols', { protocols: ['v1'] }, { protocols: ['v1', 'v2'] }],
  ['another wait', { schedule: fixed(1000) }, { schedule: fixed(2000) }],
  ['another interval', { heartbeat: fixedHeartbeat(5000) }, { heartbeat: fixedHeartbeat(6000) }],
  ['no heartbeat', { heartbeat: fixedHeartbeat(5000) }, { heartbeat: null }],
  [
    'another question',
    { heartbeat: fixedHeartbeat(5000, { ping: () => 'a' }) },
    { heartbeat: fixedHeartbeat(5000, { ping: () => 'b' }) },
  ],
  ['a judge', {}, { judge: () => 'fatal' }],
])('useWebSocket: options that say something else are another socket: %s', async (_what, before, after) => {
  const { use, options, clock, handshakes } = createDesk()
  const given = shallowRef<UseWebSocketOptions>(before)
  const { ws, status } = use(() => useWebSocket(URL_OF_ECHO, () => ({ ...options, ...given.value })))
  await clock.advance(100)
  const first = ws.value
  given.value = { ...before }
  await clock.advance(100)
  expect([ws.value === first, handshakes().length]).toEqual([true, 1])
  given.value = after
  await clock.advance(100)
  expect([ws.value === first, status.value, first?.readyState, handshakes().length]).toEqual([
    false,
    'OPEN',
    3,
    2,
  ])
})

test('useWebSocket: a member of reactive options that changes is noticed, also within one', async () => {
  const { use, options, clock, handshakes } = createDesk()
  const protocols = reactive(['v1'])
  const given = reactive<UseWebSocketOptions>({ ...options, maxRetries: 3, protocols })
  const { ws, status } = use(() => useWebSocket(URL_OF_ECHO, given))
  await clock.advance(100)
  expect([status.value, ws.value?.protocol]).toEqual(['OPEN', 'v1'])
  given.maxRetries = 4
  await clock.advance(100)
  expect(handshakes()).toHaveLength(2)
  protocols.unshift('v2')
  await clock.advance(100)
  expect([handshakes().length, status.value, ws.value?.protocol]).toEqual([3, 'OPEN', 'v2'])
  given.autoConnect = false
  given.maxRetries = 5
  await clock.advance(100)
  expect(handshakes()).toHaveLength(3)
  given.autoConnect = true
  await clock.advance(100)
  expect(handshakes()).toHaveLength(4)
})

test('useWebSocket: what cannot be used is told, and the socket of before stays, with what it has kept', async () => {
  const { options, clock, network, heard } = createDesk()
  const url = ref(ROOM('1'))
  const refused: unknown[] = []
  const { is } = mountWith(
    () => useWebSocket(url, options),
    (reason) => void refused.push(reason),
  )
  await clock.advance(100)
  const first = is.ws.value
  network.apply({ type: 'refuse' })
  network.clients.list()[0]?.close(1011)
  await clock.advance(100)
  is.send('echo kept')
  url.value = 'ftp://api.example'
  await clock.advance(100)
  expect([refused.length, is.ws.value === first]).toEqual([1, true])
  network.calm()
  await clock.advance(10_000)
  expect(heard.filter((line) => line.startsWith('message echo kept'))).toHaveLength(1)
})

test('useWebSocket: what was kept outlives a time without a URL', async () => {
  const { use, options, clock, heard } = createDesk()
  const url = ref<string | undefined>(ROOM('1'))
  const { send, status } = use(() => useWebSocket(url, options))
  send('echo kept')
  url.value = undefined
  await clock.advance(100)
  expect(status.value).toBe('CLOSED')
  url.value = ROOM('2')
  await clock.advance(100)
  expect(heard.filter((line) => line.startsWith('message'))).toHaveLength(1)
})

test('useWebSocket: where fewer messages may wait than were kept, the rest is kept for the next socket', async () => {
  const { options, clock, network, heard } = createDesk()
  const given = reactive<UseWebSocketOptions>({ ...options, maxEnqueuedMessages: 5 })
  const refused: unknown[] = []
  const { is } = mountWith(
    () => useWebSocket(URL_OF_ECHO, given),
    (reason) => void refused.push(reason),
  )
  await clock.advance(100)
  network.apply({ type: 'refuse' })
  network.clients.list()[0]?.close(1011)
  await clock.advance(100)
  for (const name of ['one', 'two', 'three', 'four']) is.send(`echo ${name}`)
  given.maxEnqueuedMessages = 2
  await clock.advance(100)
  expect(refused).toHaveLength(1)
  network.calm()
  given.maxEnqueuedMessages = 5
  await clock.advance(10_000)
  for (const name of ['one', 'two', 'three', 'four'])
    expect(heard.filter((line) => line.startsWith(`message echo ${name}`))).toHaveLength(1)
})

test.each([
  ['named later', undefined, 'orders', 'e:1'],
  ['another one by then', 'orders', 'chat', undefined],
])(
  'useChannel: a topic that changes between setup and mount is the one that is followed, with the cursor if that is its: %s',
  (_what, before, after, cursor) => {
    const fake = fakeChannel()
    const topic: Ref<string | undefined> = ref(before)
    mountWith(() => {
      onBeforeMount(() => void (topic.value = after))
      return useChannel(fake.channel, { topic, cursor: 'e:1' })
    })
    expect([fake.followed(), fake.cursors]).toEqual([[after], [cursor]])
  },
)

test('useChannel: a topic that is computed anew and is the same is not followed anew', () => {
  const fake = fakeChannel()
  const room = ref({ name: 'orders' })
  mountWith(() => useChannel(fake.channel, { topic: computed(() => room.value.name) }))
  room.value = { name: 'orders' }
  expect([fake.followed(), fake.cursors]).toEqual([['orders'], [undefined]])
})
