/** The drivers over the platform's own fetch and WebSocket, against the reference server: what they tell is the same. */
import { afterEach, expect, test } from 'vitest'
import type { AppOptions } from '../../server/app.js'
import { systemTime } from '../../server/time.js'
import { systemClock } from '../../src/core/clock.js'
import { eventStream } from '../../src/live/event-stream.js'
import type { Driver, LineNews, LineRequest, Transport } from '../../src/live/line.js'
import { longPoll } from '../../src/live/long-poll.js'
import { webSocket } from '../../src/live/websocket.js'
import { sendMessage } from '../support/live-client.js'
import { startServer } from '../support/live-server.js'
import { createLineDesk, listen, requestOf, show, TRANSPORTS, type Told } from './line-desk.js'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

/** A server to play on. */
interface World {
  dial(transport: Transport, more?: Partial<LineRequest>): Told
  publish(...texts: string[]): Promise<unknown>
  /** Resolves when it holds, which is looked at whenever something was told. */
  until(holds: () => boolean): Promise<void>
  announce(): void
  /** After the announcement. */
  end(): void
  /** Cuts whatever is connected, until the line has heard of it: a poll may be between two connections. */
  cut(told: Told): Promise<void>
}

function simulated(): World {
  const { clock, network, api, dial } = createLineDesk()
  const world: World = {
    dial,
    async publish(...texts) {
      for (const text of texts) api.publish('chat', text)
    },
    async until(holds) {
      for (let ms = 0; !holds(); ms += 10) {
        if (ms > 60_000) throw new Error('it never came')
        await clock.advance(10)
      }
    },
    // It ends by itself.
    announce: () => network.restart.graceful({ drainMs: 2000, downMs: 3000 }),
    end() {},
    async cut(told) {
      network.restart.kill({ downMs: 500 })
      await world.until(() => told.end !== null)
      await clock.advance(500)
    },
  }
  return world
}

const PATHS = { websocket: '/ws', 'event-stream': '/sse', 'long-poll': '/poll' } as const
const drivers = (): Readonly<Record<Transport, Driver>> => ({
  websocket: webSocket(),
  'event-stream': eventStream(),
  'long-poll': longPoll(),
})

async function real(options: Partial<AppOptions> = {}) {
  // Its own time: a poll that asks not to be held is answered by a timer of 0 ms. Nothing here waits for longer.
  const server = await startServer({ time: systemTime, ...options })
  stops.push(server.stop)
  const { origin, app, sockets } = server
  const looking = new Set<() => void>()
  let ids = 0
  const dial = (
    transport: Transport,
    more: Partial<LineRequest> = {},
    path: string = PATHS[transport],
  ): Told => {
    const heard = () => [...looking].forEach((look) => look())
    const request = requestOf(path, { url: new URL(path, origin), ...more })
    const told = listen(drivers()[transport], request, { clock: systemClock, heard })
    stops.push(() => told.line.drop())
    return told
  }
  const world: World = {
    dial,
    async publish(...texts) {
      for (const data of texts) await sendMessage(origin, { id: `m${(ids += 1)}`, topic: 'chat', data })
    },
    until: (holds) =>
      new Promise((resolve) => {
        const look = () => {
          if (!holds()) return
          looking.delete(look)
          resolve()
        }
        looking.add(look)
        look()
      }),
    announce: () => app.streams.announce((place) => 4000 + place * 5),
    end: () => void app.streams.end((place) => 3000 + place * 5),
    async cut(told) {
      while (!told.end) {
        for (const socket of sockets()) socket.resetAndDestroy()
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
  return { ...server, ...world, dial }
}

/** Boots, epochs and waits are each server's own; how often there was nothing to say is, too. */
const compared = (news: readonly LineNews[]): string[] =>
  news
    .filter(({ type }) => type !== 'alive')
    .map((one) =>
      show(one)
        .replaceAll(/boot-\d/g, 'BOOT')
        .replaceAll(/("epoch":")[^"]+/g, '$1EPOCH')
        .replaceAll(/ [\da-z]+(?=:\d+$)/g, ' EPOCH')
        .replaceAll(/(retryAfterMs\\?":|after |retry (?!3000$))\d+(\.\d+)?/g, '$1N'),
    )

/** What the owner of a line says over it to hear of `chat`; streams and polls have asked in their request. */
function subscribe(transport: Transport, { line }: Told, cursor?: string) {
  if (transport !== 'websocket') return
  line.send(JSON.stringify({ type: 'SUBSCRIBE', topic: 'chat', ...(cursor !== undefined && { cursor }) }))
}

const count = (told: Told, part: string) => told.messages.filter((data) => String(data).includes(part)).length

/** Listens, is dropped, goes on where it was, goes on from nowhere, is cut, hears that the server goes. */
async function play(world: World, transport: Transport): Promise<string[][]> {
  const { dial, publish, until } = world
  const begin = async (cursor?: string): Promise<Told> => {
    const told = dial(transport, transport === 'websocket' ? {} : { cursor: cursor ?? null })
    await until(() => told.news.some(({ type }) => type === 'open'))
    subscribe(transport, told, cursor)
    return told
  }
  const told: Told[] = []
  const first = await begin()
  told.push(first)
  await until(() => count(first, transport === 'long-poll' ? 'HELLO' : 'RESUMED') === 1)
  for (const [index, text] of ['a', 'b'].entries()) {
    await publish(text)
    await until(() => count(first, 'EVENT') === index + 1)
  }
  const epoch = /"epoch":"([^"]+)"/.exec(String(first.messages[0]))?.[1]
  const hello = compared(first.news)
  first.line.drop()
  await publish('c', 'grüße')

  const second = await begin(`${epoch}:2`)
  told.push(second)
  await until(() => count(second, 'EVENT') === 2)
  second.line.drop()

  const stranger = await begin('elsewhere:3')
  told.push(stranger)
  await until(() => count(stranger, 'RESET') === 1)
  await publish('e')
  await until(() => count(stranger, 'EVENT') === 1)
  await world.cut(stranger)

  // A poll that waits when the server announces it is told at once, one that comes later with the next event: which of
  // the two it is depends on how fast it comes back.
  if (transport === 'long-poll') world.announce()
  const last = await begin(`${epoch}:5`)
  told.push(last)
  await publish('f')
  await until(() => count(last, 'EVENT') === 1)
  if (transport !== 'long-poll') world.announce()
  await until(() => count(last, 'DRAIN') === 1)
  if (transport === 'long-poll') last.line.drop()
  else {
    world.end()
    await until(() => last.end !== null)
  }
  return [hello, ...told.map(({ news }) => compared(news))]
}

test.each(TRANSPORTS)(
  'B07 I29 I30 the simulator and the server make a line tell the same: %s',
  async (transport) => {
    const there = await play(await real(), transport)
    const here = await play(simulated(), transport)
    expect(there).toEqual(here)
    expect(there.flat().filter((line) => line.includes('"EVENT"'))).toHaveLength(2 + 2 + 2 + 1 + 1)
    expect(there.at(-1)!.at(-1)).toMatch(
      {
        websocket: /^end later 1012 "{\\"retryAfterMs\\":N}" clean after N$/,
        'event-stream': /^end later 1000 "" clean after N$/,
        'long-poll': /"DRAIN"/,
      }[transport],
    )
  },
)

test.each(['event-stream', 'long-poll'] as const)(
  'R19 a server that wants a token is told one: %s',
  async (transport) => {
    const { dial, until, app } = await real({ auth: 'required' })
    const { accessToken } = (
      await app.inject({ method: 'POST', url: '/auth/login', payload: { user: 'ada' } })
    ).json<{
      accessToken: string
    }>()
    const without = dial(transport)
    const wrong = dial(transport, { token: 'wrong' })
    const good = dial(transport, { token: accessToken })
    await until(() => Boolean(without.end && wrong.end && good.messages.length > 0))
    for (const { lines } of [without, wrong])
      expect(lines).toEqual([expect.stringMatching(/^end needs-auth 1006 "unauthorized" unclean status 401/)])
    expect(good.lines[0]).toBe('open@0')
  },
)

test('R19 a socket that shows a wrong token is told so by its close code', async () => {
  const { dial, until } = await real({ auth: 'required' })
  const told = dial('websocket')
  await until(() => told.news.length > 0)
  told.line.send('{"type":"AUTH","token":"wrong"}')
  await until(() => told.end !== null)
  expect(told.end).toEqual({ verdict: 'needs-auth', code: 4401, reason: 'unauthorized', wasClean: true })
})

test('a server without the route is unsuitable where a status can be seen, else it is dialled again', async () => {
  const { dial, until } = await real()
  const told = TRANSPORTS.map((transport) => dial(transport, {}, '/nothing'))
  await until(() => told.every(({ end }) => end !== null))
  expect(told.map(({ end }) => [end?.verdict, end?.reason, end?.status])).toEqual([
    ['again', '', undefined],
    ['unsuitable', 'not-found', 404],
    ['unsuitable', 'not-found', 404],
  ])
})

test('B07 P6 a server that is full, or going, says when to come back: a socket by 1013, a stream and a poll by 503', async () => {
  const { dial, until, app } = await real()
  await app.streams.end(() => 7000)
  const told = TRANSPORTS.map((transport) => dial(transport))
  await until(() => told.every(({ end }) => end !== null))
  expect(told.map(({ end }) => [end?.verdict, end?.reason, end?.retryAfterMs])).toEqual([
    ['later', '{"retryAfterMs":7000}', 7000],
    ['later', 'status 503', 7000],
    ['later', 'status 503', 7000],
  ])
})

test('I34 a line that is dropped leaves no connection behind', async () => {
  const { dial, until, connections } = await real()
  const told = (['websocket', 'event-stream'] as const).map((transport) => dial(transport))
  await until(() => told.every(({ messages }) => messages.length > 0))
  expect(connections()).toBe(2)
  const [socket, stream] = told
  socket!.line.drop(4000, 'done')
  stream!.line.drop()
  // Asked until it is so, as its end is the server's to see; the test's own limit ends a vain wait.
  while (connections() > 0) await new Promise((resolve) => setImmediate(resolve))
  expect(told.map(({ end }) => end)).toEqual([null, null])
})
