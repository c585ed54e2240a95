/** `gracefulShutdown` around a server that knows no framework. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { startApi } from '../support/api-process.js'

const MAIN = fileURLToPath(new URL('./plain-server.ts', import.meta.url))

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

async function serve() {
  const server = await startApi({}, MAIN)
  stops.push(server.stop)
  /** A request that is under way; and all that it was told, once it has ended. */
  async function open(path: string) {
    const answer = await fetch(server.origin + path)
    return answer.text().catch(() => 'cut')
  }
  /** The lines since the signal or the error. */
  const lines = () => server.log.slice(1)
  return { server, open, lines }
}

test('R07 R08 streams are told when it drains and end with an estimate each; handles close in order, awaited', async () => {
  const { server, lines } = await serve()
  const streams = await Promise.all([fetch(`${server.origin}/stream`), fetch(`${server.origin}/stream`)])
  server.signal('SIGTERM')
  const told = await Promise.all(streams.map((stream) => stream.text()))
  expect(told.toSorted()).toEqual(['begin\ndrain 3000\nretry 3000\n', 'begin\ndrain 3005\nretry 3005\n'])
  expect(await server.ended).toEqual({ code: 0, signal: null })
  expect(
    lines().map(({ step, handle, open }) => [step, handle, open].filter((word) => word !== undefined)),
  ).toEqual([
    ['signal'],
    ['draining'],
    ['no new requests'],
    ['streams ended'],
    ['all workers left'],
    ['closed', 'file'],
    ['closed', 'pool', 0],
    ['handles released'],
    ['exit'],
  ])
})

test('R07 upgraded connections that nobody ends are cut once the streams have ended, and hold up nothing', async () => {
  const { server } = await serve()
  const socket = connect(server.port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n')
  await once(socket, 'data')
  const closed = once(socket, 'close')
  server.signal('SIGTERM')
  expect((await server.ended).code).toBe(0)
  await closed
  expect(await server.logged('no new requests')).toMatchObject({ requests: 0, connections: 1 })
})

test('R09 an error that nobody caught ends it in order too: exit code 3, the log says which', async () => {
  const { server, open } = await serve()
  await open('/throw')
  expect(await server.ended).toEqual({ code: 3, signal: null })
  expect(await server.logged('uncaught')).toMatchObject({
    level: 'error',
    error: expect.stringContaining('nobody catches this'),
  })
  expect((await server.logged('handles released')).requests).toBe(0)
})

test('R09 a handle that cannot be closed is told, keeps no other open, and the exit code is 3', async () => {
  const { server, open } = await serve()
  await open('/break')
  server.signal('SIGTERM')
  expect(await server.ended).toEqual({ code: 3, signal: null })
  expect((await server.logged('forced')).why).toContain('the file cannot be closed')
  expect(await server.logged('failed')).toMatchObject({ handle: 'file' })
  expect(await server.logged('closed')).toMatchObject({ handle: 'pool' })
})

test('R09 what hangs is cut at the deadline, counted from the signal: exit code 1', async () => {
  const { server } = await serve()
  const hanging = await fetch(`${server.origin}/hang`)
  server.signal('SIGTERM')
  expect(await hanging.text().catch(() => 'cut')).toBe('cut')
  expect((await server.ended).code).toBe(1)
  const forced = await server.logged('forced')
  expect(forced).toMatchObject({ why: 'deadline', requests: 1, connections: 1 })
  expect(Number(forced.tookMs)).toBeGreaterThanOrEqual(1_990)
})
