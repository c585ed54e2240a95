import { http, HttpResponse, sse } from 'msw'
import { afterEach, expect, test, vi } from 'vitest'
import { createEventSourceClass } from '../../mocks/event-source.js'
import { installPage } from '../../mocks/install-page.js'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork } from '../../mocks/network.js'
import { BASE, createDesk } from './desk.js'

afterEach(() => vi.unstubAllGlobals())

/** What comes out of a source, with its times, and what was asked for it. */
function createSource(...pieces: readonly string[]) {
  const desk = createDesk()
  const asked: (string | null)[] = []
  const send = (): ReadableStream<Uint8Array> =>
    new ReadableStream({
      async start(controller) {
        for (const piece of pieces) {
          controller.enqueue(new TextEncoder().encode(piece))
          await desk.network.delay(100)
        }
        controller.close()
      },
    })
  desk.network.use(
    http.get(`${BASE}/events`, ({ request }) => {
      asked.push(request.headers.get('Last-Event-ID'))
      return new HttpResponse(send(), { headers: { 'Content-Type': 'text/event-stream' } })
    }),
  )
  const Source = createEventSourceClass(desk.network)
  const source = new Source(`${BASE}/events`)
  const told: string[] = []
  const note = (event: Event): void => {
    const { data, lastEventId } = event as MessageEvent<string>
    const words =
      data === undefined ? `${event.type} ${source.readyState}` : `${event.type} ${data} #${lastEventId}`
    told.push(`${desk.sinceStart()} ${words}`)
  }
  for (const type of ['open', 'message', 'price', 'error']) source.addEventListener(type, note)
  return { ...desk, Source, source, told, asked }
}

test('an EventSource tells events by their names, piece by piece, and their last id', async () => {
  const { clock, told } = createSource(
    'id: 7\ndata: one\n\nevent: price\nda',
    'ta: two\r\n\r\n',
    ': nothing\n\n',
  )
  await clock.advance(300)
  expect(told).toEqual(['40 open 1', '40 message one #7', '140 price two #7'])
})

test('it comes back after what the stream has said, with the last id; at first after 3 s', async () => {
  const { clock, told, asked } = createSource('retry: 500\nid: é\ndata: x\n\n')
  await clock.advance(1200)
  expect(told).toEqual([
    ...['40 open 1', '40 message x #é', '140 error 0'],
    ...['680 open 1', '680 message x #é', '780 error 0'],
  ])
  expect(asked).toEqual([null, String.fromCharCode(0xc3, 0xa9)])
  const plain = createSource('data: x\n\n')
  await plain.clock.advance(3200)
  expect(plain.told.at(-1)).toBe('3180 message x #')
})

test('it comes back through an outage, and tells each failure', async () => {
  const { clock, network, told } = createSource('data: x\n\n')
  const heal = network.apply({ type: 'refuse' })
  await clock.advance(3500)
  heal()
  await clock.advance(3000)
  expect(told.map((line) => line.replace(/^\d+ /, ''))).toEqual([
    ...['error 0', 'error 0', 'open 1', 'message x #', 'error 0'],
  ])
})

test.each([
  ['an error of the server', 503, 'text/event-stream'],
  ['no content', 204, 'text/event-stream'],
  ['another kind of answer', 200, 'text/html'],
  ['another charset', 200, 'text/event-stream; charset=iso-8859-1'],
])('%s closes it for good', async (_, status, type) => {
  const { network, clock } = createDesk()
  const body = status === 204 ? null : 'data: x\n\n'
  network.use(
    http.get(`${BASE}/events`, () => new HttpResponse(body, { status, headers: { 'Content-Type': type } })),
  )
  const source = new (createEventSourceClass(network))(`${BASE}/events`)
  let errors = 0
  source.onerror = () => errors++
  source.onmessage = () => expect.fail('it tells what is no event')
  await clock.advance(10_000)
  expect([source.readyState, errors, network.calls({ path: '/events' }).length]).toEqual([2, 1, 1])
})

test('what is closed asks no more, and tells nothing', async () => {
  const open = createSource('data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n')
  await open.clock.advance(50)
  open.source.close()
  await open.clock.advance(10_000)
  expect(open.told).toEqual(['40 open 1', '40 message 1 #'])
  expect(open.network.log).toMatchObject([{ who: 'event-source', end: 'aborted', transport: 'sse' }])
  const waiting = createSource('data: 1\n\n')
  waiting.source.addEventListener('error', () => waiting.source.close())
  await waiting.clock.advance(10_000)
  expect([waiting.asked.length, waiting.clock.pending()]).toEqual([1, 0])
})

test('it asks in the next turn: one that is closed at once has asked for nothing', async () => {
  const { clock, network, Source, source, asked } = createSource('data: 1\n\n')
  source.close()
  new Source(`${BASE}/events`).addEventListener('open', (event) => (event.target as EventSource).close())
  void network.fetch(`${BASE}/orders`)
  await clock.advance(1000)
  expect(asked).toHaveLength(1)
  expect(network.log.map(({ id, who }) => `${id} ${who}`).sort()).toEqual(['1 fetch', '2 event-source'])
})

test('a stream is in UTF-8, however that is written, and asked for past every cache', async () => {
  const { clock, network } = createDesk()
  const asked: unknown[] = []
  network.use(
    http.get(`${BASE}/events`, ({ request: { headers } }) => {
      asked.push(['Accept', 'Cache-Control', 'Pragma'].map((name) => headers.get(name)))
      return new HttpResponse('data: x\n\n', {
        headers: { 'Content-Type': 'Text/Event-Stream ; Charset="UTF-8"' },
      })
    }),
  )
  const source = new (createEventSourceClass(network))(`${BASE}/events`)
  let opened = 0
  source.onopen = () => opened++
  await clock.advance(100)
  source.close()
  expect([opened, asked]).toEqual([1, [['text/event-stream', 'no-cache', 'no-cache']]])
})

test('a network that is taken down closes it for good, whether a stream is open, asked for or waited for', async () => {
  for (const ms of [10, 50, 1000]) {
    const { clock, network, source, told } = createSource('data: 1\n\n', 'data: 2\n\n')
    await clock.advance(ms)
    network.dispose()
    await clock.advance(10_000)
    expect([source.readyState, told.filter((line) => line.endsWith('error 2')).length]).toEqual([2, 1])
    expect(clock.pending()).toBe(0)
  }
})

test('the sse handlers of MSW are answered, and faults of messages strike', async () => {
  vi.stubGlobal('EventSource', class {})
  const { network, clock } = createDesk()
  network.use(sse<{ message: string }>(`${BASE}/events`, ({ client }) => client.send({ data: 'one' })))
  network.apply({ type: 'duplicate' })
  const heard: unknown[] = []
  const source = new (createEventSourceClass(network))(`${BASE}/events`)
  source.onmessage = ({ data }) => heard.push(data)
  await clock.advance(100)
  expect(heard).toEqual(['one', 'one'])
  source.close()
})

test('its interface is the standard’s', () => {
  const { Source, source } = createSource()
  expect([Source.CONNECTING, source.OPEN, Source.CLOSED]).toEqual([0, 1, 2])
  expect([source.url, source.withCredentials, String(source)]).toEqual([
    ...[`${BASE}/events`, false, '[object EventSource]'],
  ])
  expect(() => new Source('http://')).toThrow(/Cannot open an EventSource/)
})

test('installPage puts it on the network for the hosts that are the network’s, and takes it back', async () => {
  class Original extends EventTarget {
    constructor(readonly url: string) {
      super()
    }
  }
  vi.stubGlobal('EventSource', Original)
  const network = createNetwork({ clock: manualClock(), hosts: ['shop.example'] })
  const stop = installPage(network)
  const [ours, theirs] = [
    new EventSource('https://shop.example/news'),
    new EventSource('https://other.example/'),
  ]
  expect([ours instanceof Original, theirs instanceof Original]).toEqual([false, true])
  expect([ours instanceof EventSource, theirs instanceof EventSource]).toEqual([true, true])
  ours.close()
  stop()
  expect(EventSource).toBe(Original)
})
