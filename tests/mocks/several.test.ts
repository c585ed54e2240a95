/** Several networks on one page: each story has its own, and one that hangs for ever holds nobody up. */
import * as fake from 'fake-indexeddb'
import { http, HttpResponse, ws } from 'msw'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork } from '../../mocks/network.js'
import { runWorkload } from '../support/workload/workload.js'

beforeAll(() => {
  for (const [name, value] of Object.entries(fake)) if (name.startsWith('IDB')) vi.stubGlobal(name, value)
  vi.stubGlobal('indexedDB', new fake.IDBFactory())
})
afterAll(() => void vi.unstubAllGlobals())

/** Long enough for the first dozen faults. */
const SHORT = { lengthMs: 30_000 }

/** A story that never ends: a handler, a stream, a socket, and a walk that cannot settle. */
function hang() {
  const base = 'https://hangs.example'
  const clock = manualClock({ settleWithinMs: 600_000 })
  const link = ws.link('wss://hangs.example/ws')
  const network = createNetwork({
    clock,
    handlers: [
      http.get(`${base}/handler`, () => new Promise<never>(() => {})),
      http.get(`${base}/stream`, () => new HttpResponse(new ReadableStream())),
      link.addEventListener('connection', () => new Promise<never>(() => {})),
    ],
  })
  const ends: string[] = []
  const socket = new network.WebSocket('wss://hangs.example/ws')
  socket.onclose = ({ code }) => void ends.push(`socket ${code}`)
  const note = (name: string) => () => void ends.push(name)
  for (const name of ['handler', 'stream'])
    network
      .fetch(`${base}/${name}`)
      .then((answer) => answer.text())
      .catch(note(name))
  const walk = clock.advance(100).catch(() => {})
  return { network, ends, walk }
}

test('three networks that live side by side have the logs that they have alone', async () => {
  const alone = []
  for (const seed of [7, 8, 9]) alone.push((await runWorkload({ ...SHORT, seed })).hash)
  const together = await Promise.all([7, 8, 9].map((seed) => runWorkload({ ...SHORT, seed })))
  expect(together.map(({ hash }) => hash)).toEqual(alone)
  expect(new Set(alone).size).toBe(3)
})

test('a story that hangs for ever holds up neither those beside it nor the next one', async () => {
  const { hash } = await runWorkload(SHORT)
  const hung = hang()
  const beside = await runWorkload(SHORT)
  expect([beside.hash, hung.ends]).toEqual([hash, []])
  // Its page is taken down in the middle of its walk, as Storybook does with a story.
  hung.network.dispose()
  await hung.walk
  expect(hung.ends.sort()).toEqual(['handler', 'socket 1006', 'stream'])
  expect((await runWorkload(SHORT)).hash).toBe(hash)
})

test('a story that hangs and is never taken down fails its own walk, by name, and nobody else notices', async () => {
  const clock = manualClock({ settleWithinMs: 20 })
  const url = 'https://hangs.example/handler'
  const network = createNetwork({ clock, handlers: [http.get(url, () => new Promise<never>(() => {}))] })
  const lost = network.fetch(url).catch(() => 'ended')
  const other = createNetwork({
    clock: manualClock(),
    handlers: [http.get(url, () => HttpResponse.text('fine'))],
  })
  const asked = other.fetch(url)
  await expect(network.advance(100)).rejects.toThrow(`GET ${url}`)
  await other.advance(100)
  expect(await (await asked).text()).toBe('fine')
  network.dispose()
  expect(await lost).toBe('ended')
})
