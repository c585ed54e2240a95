/** What must not keep the process from beginning clearly, going on, and ending in order. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { startApi } from '../support/api-process.js'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

async function serve(settings: Readonly<Record<string, string | number>> = {}) {
  const api = await startApi({ port: 0, db: ':memory:', ...settings })
  stops.push(api.stop)
  return api
}

/** A connection that reads nothing unless it is told to. */
function dial(port: number) {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  socket.pause()
  stops.push(() => socket.destroy())
  return socket
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'holdfast-'))
  stops.push(() => rm(path, { recursive: true, force: true }))
  return path
}

/** As JSON each of these takes six bytes: sixteen answers are more than the kernel's buffers hold. */
test.each([40, 16])(
  'R09 %d requests sent ahead whose answers nobody reads do not keep it from ending in order',
  async (ahead) => {
    const api = await serve()
    for (let n = 0; n < 100; n += 1)
      await fetch(`${api.origin}/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ item: 'tea', qty: 1, note: '\u0001'.repeat(2000) }),
      })
    const sockets = Array.from({ length: 4 }, () => dial(api.port))
    for (const socket of sockets) socket.write('GET /orders HTTP/1.1\r\nHost: test\r\n\r\n'.repeat(ahead))
    await wait(500)
    api.signal('SIGTERM')
    expect(await api.ended).toEqual({ code: 0, signal: null })
  },
)

test('R09 heads that dribble do not keep it from ending in order', async () => {
  const api = await serve({ 'shutdown-timeout-ms': 8000 })
  const sockets = Array.from({ length: 4 }, () => dial(api.port))
  for (const socket of sockets) socket.write('GET /health HTTP/1.1\r\nX: ')
  const dribbling = setInterval(() => sockets.forEach((socket) => socket.write('a')), 10)
  stops.push(() => clearInterval(dribbling))
  await wait(200)
  api.signal('SIGTERM')
  expect(await api.ended).toEqual({ code: 0, signal: null })
})

test('R11 a full access log is told once, and the service goes on', async () => {
  const api = await serve({ 'access-log': '/dev/full' })
  for (let n = 0; n < 3; n += 1) expect((await fetch(`${api.origin}/health`)).status).toBe(204)
  api.signal('SIGTERM')
  expect(await api.ended).toEqual({ code: 0, signal: null })
  expect(api.log.filter(({ step }) => step === 'access log lost')).toMatchObject([
    { level: 'warn', error: expect.stringContaining('ENOSPC') },
  ])
})

test('what keeps it from beginning is one line that names the setting and what it says', async () => {
  const api = await serve()
  const path = await folder()
  await writeFile(join(path, 'text.db'), 'no database '.repeat(500))
  const wrong = [
    [{ port: api.port }, `port (PORT) is \\"${api.port}\\" and cannot be used: listen EADDRINUSE`],
    [{ db: join(path, 'text.db') }, `text.db\\" and cannot be used: file is not a database`],
    [{ db: join(path, 'none', 'x.db') }, 'cannot be used: unable to open database file'],
    [{ db: path }, 'db (HOLDFAST_DB) is'],
    [{ 'access-log': join(path, 'none', 'x') }, 'access-log (HOLDFAST_ACCESS_LOG) is'],
    [{ host: 'no.such.host.invalid' }, 'host (HOST) is \\"no.such.host.invalid\\" and cannot be used'],
    [{ port: 70_000 }, 'port (PORT) is \\"70000\\"; allowed'],
    [{ prot: 1 }, "Unknown option '--prot'"],
  ] as const
  const start = ([settings]: (typeof wrong)[number]) =>
    startApi({ port: 0, db: ':memory:', 'pre-stop-ms': 600_000, ...settings }).catch(String)
  const errors = await Promise.all(wrong.map(start))
  wrong.forEach(([, said], index) => {
    expect(errors[index]).toContain('"step":"not started"')
    expect(errors[index]).toContain(said)
    expect(errors[index]).toContain('exit code 4')
  })
})
