/** Libraries that take a class of sockets are given ReconnectingWebSocket, unchanged packages against real servers. */
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'graphql'
import { createClient } from 'graphql-ws'
import { useServer } from 'graphql-ws/use/ws'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import PartyWebSocket from 'partysocket/ws'
import ThatReconnectingWebSocket from 'reconnecting-websocket'
import { expect, onTestFinished, test } from 'vitest'
import * as sync from 'y-protocols/sync'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { createConnection } from '../../src/core/connection.js'
import { fixed } from '../../src/core/schedule.js'
import { ReconnectingWebSocket } from '../../src/live/reconnecting-websocket.js'
import { probe } from '../../src/signals/probe.js'
import { startSocketServer, type SocketServer } from './socket-server.js'

async function until(what: string, isTrue: () => boolean): Promise<void> {
  for (let waited = 0; !isTrue(); waited += 10) {
    if (waited > 20_000) throw new Error(`In 20 s this has not come: ${what}`)
    await sleep(10)
  }
}

/** A verdict about that server, at a quick pace. */
function connect({ host }: SocketServer) {
  const connection = createConnection({ probe: probe(`http://${host}/health`), schedule: fixed(200) })
  connection.start()
  onTestFinished(() => connection.stop())
  return connection
}

test('R23: graphql-ws: a subscription goes on after an outage, with one socket at a time, within two attempts', async () => {
  const waiting = new Set<(tick: number) => void>()
  async function* ticks() {
    for (;;) yield { data: { tick: await new Promise<number>((resolve) => waiting.add(resolve)) } }
  }
  const publish = (value: number) => {
    const all = [...waiting]
    waiting.clear()
    all.forEach((resolve) => resolve(value))
  }
  const answer = {
    // What is subscribed to needs no schema here: the protocol is what is spoken.
    onSubscribe: (_: unknown, _id: string, { query }: { query: string }) => ({
      schema: null as never,
      document: parse(query),
    }),
    subscribe: () => ticks(),
  }
  const server = await startSocketServer((sockets) => useServer(answer, sockets), 'graphql-transport-ws')
  const connection = connect(server)
  const client = createClient({
    url: `ws://${server.host}/graphql`,
    webSocketImpl: ReconnectingWebSocket.with({ connection, maxRetries: 0 }),
    retryAttempts: 2,
    // By itself it takes an `error` for final; Node's platform tells one of a line that is cut, Chromium's does not.
    shouldRetry: () => true,
    retryWait: () => sleep(10),
  })
  onTestFinished(() => client.dispose())
  const got: unknown[] = []
  const ended: unknown[] = []
  client.subscribe(
    { query: 'subscription { tick }' },
    {
      next: ({ data }) => got.push(data),
      error: (error) => ended.push(error),
      complete: () => ended.push('complete'),
    },
  )
  await until('the subscription', () => waiting.size === 1)
  publish(1)
  await until('the first tick', () => got.length === 1)
  waiting.clear()
  await server.kill()
  await sleep(2000)
  await server.start()
  await until('the subscription again', () => waiting.size === 1)
  publish(2)
  await until('the second tick', () => got.length === 2)
  expect([got, ended]).toEqual([[{ tick: 1 }, { tick: 2 }], []])
  expect(server.seen).toEqual({ most: 1, all: 2 })
})

/** The server's side of y-websocket: one document for all. */
function serveDocument(doc: Y.Doc) {
  return (sockets: import('ws').WebSocketServer) =>
    sockets.on('connection', (socket) => {
      const say = (write: (encoder: encoding.Encoder) => void) => {
        const encoder = encoding.createEncoder()
        encoding.writeVarUint(encoder, 0)
        write(encoder)
        socket.send(encoding.toUint8Array(encoder))
      }
      const tell = (update: Uint8Array) => say((encoder) => sync.writeUpdate(encoder, update))
      doc.on('update', tell)
      socket.on('close', () => doc.off('update', tell))
      socket.on('message', (data: Buffer) => {
        const decoder = decoding.createDecoder(new Uint8Array(data))
        if (decoding.readVarUint(decoder) !== 0) return
        const answer = encoding.createEncoder()
        encoding.writeVarUint(answer, 0)
        sync.readSyncMessage(decoder, answer, doc, null)
        if (encoding.length(answer) > 1) socket.send(encoding.toUint8Array(answer))
      })
      say((encoder) => sync.writeSyncStep1(encoder, doc))
    })
}

test.each(['as it is', 'with a connection, one line for each socket'])(
  'R23: y-websocket, %s: what was written during an outage arrives on both sides, with one socket at a time',
  async (how) => {
    const theirs = new Y.Doc()
    const server = await startSocketServer(serveDocument(theirs))
    const given = how === 'as it is' ? null : { connection: connect(server), maxRetries: 0 }
    const mine = new Y.Doc()
    const provider = new WebsocketProvider(`ws://${server.host}`, 'room', mine, {
      WebSocketPolyfill: given ? ReconnectingWebSocket.with(given) : ReconnectingWebSocket,
      disableBc: true,
    })
    onTestFinished(() => provider.destroy())
    await until('the first sync', () => provider.synced)
    mine.getText('t').insert(0, 'before ')
    await until('the first text', () => theirs.getText('t').toString() === 'before ')
    await server.kill()
    mine.getText('t').insert(7, 'during')
    theirs.getMap('m').set('there', true)
    await sleep(1500)
    await server.start()
    await until('the second sync', () => provider.synced)
    await until('both texts', () => theirs.getText('t').toString() === 'before during')
    await until('the other side', () => mine.getMap('m').get('there') === true)
    expect(server.seen.most).toBe(1)
  },
)

/** What all three say of themselves alike. */
interface Reconnecting extends Pick<WebSocket, 'readyState' | 'send' | 'close' | 'addEventListener'> {
  reconnect(): void
}
type Made = (url: string) => Reconnecting

test.each<[string, Made]>([
  ['partysocket', (url) => new PartyWebSocket(url, [], quick()) as Reconnecting],
  [
    'reconnecting-websocket',
    (url) => new ThatReconnectingWebSocket(url, [], quick()) as unknown as Reconnecting,
  ],
  [
    'Holdfast',
    (url) => new ReconnectingWebSocket(url, [], { minReconnectionDelay: 20, maxReconnectionDelay: 50 }),
  ],
  [
    'partysocket over Holdfast',
    (url) => {
      const given = { ...quick(), WebSocket: ReconnectingWebSocket.with({ maxRetries: 0 }) }
      return new PartyWebSocket(url, [], given) as Reconnecting
    },
  ],
])('R23: code written for one of the field sees the same of %s', async (_, make) => {
  const heard: string[] = []
  const server = await startSocketServer((sockets) =>
    sockets.on('connection', (socket) => socket.on('message', (data) => heard.push(String(data)))),
  )
  const socket = make(`ws://${server.host}`)
  const events: string[] = []
  const opens = () => events.filter((event) => event === 'open').length
  socket.addEventListener('open', () => events.push('open'))
  socket.addEventListener('message', ({ data }) => events.push(`message ${data}`))
  socket.addEventListener('close', () => events.push('close'))
  socket.send('before it was open')
  await until('open', () => opens() === 1 && heard.length === 1)
  for (const peer of server.sockets) peer.send('hello')
  await until('hello', () => events.includes('message hello'))
  for (const peer of server.sockets) peer.close(1000)
  await until('open again', () => opens() === 2)
  for (const peer of server.sockets) peer.terminate()
  await until('the loss', () => events.filter((event) => event === 'close').length === 2)
  socket.send('while it was away')
  await until('open once more', () => opens() === 3 && heard.length === 2)
  socket.close()
  await until('the end', () => server.sockets.size === 0 && socket.readyState === 3)
  await sleep(300)
  expect(opens()).toBe(3)
  socket.reconnect()
  await until('open by hand', () => opens() === 4)
  expect(heard).toEqual(['before it was open', 'while it was away'])
  expect(events).toEqual(['open', 'message hello', 'close', 'open', 'close', 'open', 'close', 'open'])
  expect(server.seen.most).toBe(1)
  socket.close()
})

const quick = () => ({ minReconnectionDelay: 20, maxReconnectionDelay: 50, WebSocket })
