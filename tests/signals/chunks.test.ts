/** Parts of the application that cannot be loaded (B21): held and tried again, or offered as a new version. */
import { expect, it, vi } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { createConnection } from '../../src/core/connection.js'
import type { Facts, ProbeResult } from '../../src/core/state.js'
import { failedChunk } from '../../src/signals/chunk-error.js'
import { chunkSignal, type ChunkSignalOptions } from '../../src/signals/chunks.js'
import { createStatus } from '../../src/status/status.js'

const URL_OF_CHUNK = 'https://app.example/assets/Reports-abc.js'
const failure = () => new TypeError(`Failed to fetch dynamically imported module: ${URL_OF_CHUNK}`)
const page = () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })
const script = () => new Response('export {}', { headers: { 'content-type': 'text/javascript' } })

/** A page whose server can be away, and has a chunk or not. */
async function createRig(options: ChunkSignalOptions = {}) {
  const clock = manualClock()
  const server = { isUp: true, answer: script as () => Response, asked: [] as string[], imports: 0 }
  const chunks = chunkSignal({
    fetch: async (url) => {
      server.asked.push(String(url))
      if (!server.isUp) throw new TypeError('Failed to fetch')
      return server.answer()
    },
    ...options,
  })
  const connection = createConnection({
    probe: async (): Promise<ProbeResult> => ({ kind: server.isUp ? 'good' : 'failed' }),
    signals: [chunks],
    clock,
  })
  const status = createStatus({ connections: connection, sources: [chunks] })
  const facts: Partial<Facts>[] = []
  chunks.subscribe((fact) => facts.push(fact))
  status.start()
  connection.start()
  await clock.advance(10_000)
  const load = chunks.lazy(async () => {
    server.imports++
    if (!server.isUp || server.answer !== script) throw failure()
    return 'the reports'
  })
  /** How it has ended so far. */
  const begin = () => {
    const end = { said: 'not yet' }
    load().then(
      (value) => (end.said = value),
      (error: Error) => (end.said = error.message),
    )
    return end
  }
  return { clock, server, chunks, connection, status, facts, begin }
}

it('B21 an import that goes well costs nothing: no question, no timer, no word', async () => {
  const { clock, server, begin, connection } = await createRig()
  const before = connection.state
  const end = begin()
  await clock.advance(0)
  expect([end.said, server.asked, server.imports, clock.pending()]).toEqual(['the reports', [], 1, 0])
  expect(connection.state).toBe(before)
})

it('B21 an import that fails is a suspicion, is held while the server is away, and goes on when it is back', async () => {
  const { clock, server, status, connection, begin, facts } = await createRig()
  server.isUp = false
  const end = begin()
  await clock.advance(5_000)
  expect([end.said, connection.state.link.name, status.view.phase]).toEqual([
    'not yet',
    'waiting',
    'reconnecting',
  ])
  // One verdict for all: nobody else asks meanwhile.
  expect([server.imports, server.asked]).toEqual([1, []])
  server.isUp = true
  await clock.advance(5_000)
  expect(end.said).toBe('the reports')
  expect(facts).toEqual([{ newVersionAt: null }])
  await clock.advance(60_000)
  expect([status.view.phase, clock.pending()]).toEqual(['online', 0])
})

for (const [what, answer] of [
  ['a 404', () => new Response(null, { status: 404 })],
  ['a 410', () => new Response(null, { status: 410 })],
  ['the page of the application in its place', page],
] as const) {
  it(`B21 ${what} for it means a new version: the import is given back at once, and reloading is offered`, async () => {
    const { clock, server, status, begin } = await createRig()
    server.answer = answer
    const end = begin()
    await clock.advance(0)
    expect(end.said).toBe(failure().message)
    expect(server.asked).toEqual([URL_OF_CHUNK])
    expect(status.view).toMatchObject({
      phase: 'attention',
      surface: 'bar',
      tone: 'info',
      title: { key: 'new-version' },
      actions: ['reload', 'dismiss'],
    })
    await clock.advance(3_600_000)
    expect(status.view.phase).toBe('attention')
  })
}

it('B21 a new version that came while the server was away is told after the recovery, not before', async () => {
  const { clock, server, status, begin } = await createRig()
  server.isUp = false
  server.answer = page
  const end = begin()
  await clock.advance(5_000)
  expect([end.said, status.view.phase]).toEqual(['not yet', 'reconnecting'])
  server.isUp = true
  await clock.advance(5_000)
  expect([end.said, status.view.phase]).toEqual([failure().message, 'attention'])
})

it('B21 the offer can be put away, and comes again when the next part is missed', async () => {
  const { clock, server, status, begin } = await createRig()
  const spoken: string[] = []
  status.onAnnounce(({ politeness, message }) => spoken.push(`${politeness} ${message.key}`))
  server.answer = page
  begin()
  await clock.advance(1_000)
  status.send({ type: 'DISMISS' })
  expect([status.view.phase, status.view.surface]).toEqual(['online', 'none'])
  await clock.advance(60_000)
  expect(status.view.surface).toBe('none')
  begin()
  await clock.advance(0)
  expect(status.view.title?.key).toBe('new-version')
  expect(spoken).toEqual(['polite new-version', 'polite new-version'])
})

it('B21 what cannot be had though somebody answers is tried again, more and more seldom, for 30 s', async () => {
  const { clock, server, begin, facts } = await createRig()
  server.answer = () => new Response(null, { status: 502 })
  const end = begin()
  await clock.advance(29_999)
  expect(end.said).toBe('not yet')
  expect(server.asked.length).toBeGreaterThan(4)
  expect(server.asked.length).toBeLessThan(40)
  await clock.advance(1)
  expect(end.said).toBe(failure().message)
  expect([facts.length, clock.pending()]).toEqual([1, 0])
})

it('B21 an outage of more than holdMs gives the import back: nobody is taken away later from something else', async () => {
  const { clock, server, begin } = await createRig({ holdMs: 8_000 })
  server.isUp = false
  const end = begin()
  await clock.advance(7_999)
  expect(end.said).toBe('not yet')
  await clock.advance(1)
  expect(end.said).toBe(failure().message)
  server.isUp = true
  await clock.advance(60_000)
  expect([server.imports, clock.pending()]).toEqual([1, 0])
})

it('B21 a redirect is somebody else’s word, and an import while working offline is given back at once', async () => {
  const { clock, server, begin, facts, connection } = await createRig({ holdMs: 2_000 })
  server.answer = () => Object.defineProperty(new Response(null), 'ok', { value: false })
  const end = begin()
  await clock.advance(2_000)
  expect([end.said, facts.length]).toEqual([failure().message, 1])
  connection.setIntent('offline')
  server.isUp = false
  const other = begin()
  await clock.advance(0)
  expect(other.said).toBe(failure().message)
})

it('B21 an import that hangs for 3 s is a suspicion, and is left to itself', async () => {
  const { clock, chunks, connection, server } = await createRig()
  let came = ''
  void chunks
    .lazy(() => new Promise<string>((resolve) => clock.setTimeout(() => resolve('late'), 20_000)))()
    .then((value) => (came = value))
  server.isUp = false
  await clock.advance(2_999)
  expect(connection.state.link.name).toBe('online')
  await clock.advance(1)
  expect(connection.state.link.name).toBe('waiting')
  server.isUp = true
  await clock.advance(20_000)
  expect([came, connection.state.link.name]).toEqual(['late', 'online'])
})

it('B21 a mistake within the module is passed on as it is: it would be the same again', async () => {
  const { clock, chunks, connection, server } = await createRig()
  const before = connection.state
  const mistake = new ReferenceError('x is not defined')
  await expect(chunks.lazy(() => Promise.reject(mistake))()).rejects.toBe(mistake)
  expect(chunks.failed(mistake)).toBe(false)
  await clock.advance(0)
  expect([server.asked, connection.state]).toEqual([[], before])
})

it('B21 an import that nobody has wrapped is heard of by failed(), and then only the version is looked for', async () => {
  const { clock, chunks, server, status } = await createRig()
  server.answer = page
  expect(chunks.failed(failure())).toBe(true)
  await clock.advance(0)
  expect([server.imports, status.view.title?.key, clock.pending()]).toEqual([0, 'new-version', 0])
})

it('B21 a stylesheet that has nothing to do with it, such as one that is blocked, holds no import up', async () => {
  const document = Object.assign(new EventTarget(), { baseURI: 'https://app.example/' })
  /** Refused each time; an error of an element is heard at its document, too. */
  class BlockedLink {
    rel = 'stylesheet'
    isConnected = true
    onerror = () => {}
    cloneNode = () => new BlockedLink()
    replaceWith = (fresh: BlockedLink) => queueMicrotask(() => fresh.fail())
    fail() {
      this.onerror()
      document.dispatchEvent(Object.defineProperty(new Event('error'), 'target', { value: this }))
    }
  }
  vi.stubGlobal('document', document)
  vi.stubGlobal('HTMLLinkElement', BlockedLink)
  try {
    const { clock, server, begin } = await createRig()
    new BlockedLink().fail()
    server.isUp = false
    const end = begin()
    await clock.advance(5_000)
    server.isUp = true
    await clock.advance(40_000)
    expect(end.said).toBe('the reports')
  } finally {
    vi.unstubAllGlobals()
  }
})

it('B21 every browser and bundler has its own words for it', () => {
  const said = (message: string, more: object = {}) =>
    failedChunk(Object.assign(new Error(message), more), 'https://app.example/orders')
  expect(said(`Failed to fetch dynamically imported module: ${URL_OF_CHUNK}`)).toEqual({ url: URL_OF_CHUNK })
  expect(said(`error loading dynamically imported module: ${URL_OF_CHUNK}`)).toEqual({ url: URL_OF_CHUNK })
  expect(said('Importing a module script failed.')).toEqual({ url: null })
  expect(said('Unable to preload CSS for /assets/R-1.css')).toEqual({
    url: 'https://app.example/assets/R-1.css',
  })
  expect(said('Loading chunk 7 failed.', { request: '/7.js' })).toEqual({ url: 'https://app.example/7.js' })
  expect(said('Loading CSS chunk reports failed.')).toEqual({ url: null })
  for (const other of [
    new Error('Network Error'),
    'text',
    null,
    undefined,
    { message: 'Loading chunk 1 failed' },
  ]) {
    expect(failedChunk(other, undefined)).toBe(null)
  }
})

it('B21 options that cannot be are refused by name', () => {
  expect(() => chunkSignal({ holdMs: -1 })).toThrow(/chunkSignal\.holdMs is -1/)
  expect(() => chunkSignal({ hold: 1 } as object)).toThrow(/chunkSignal\.hold/)
})
