import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type AppOptions, buildApp } from '../../server/app.js'
import { openDatabase } from '../../server/database.js'
import { type LogLine, openLogFile } from '../../server/log.js'
import { readTraceparent } from '../../server/trace.js'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

async function api(options: Partial<AppOptions> = {}) {
  const database = openDatabase(':memory:')
  const app = await buildApp({ database, boot: 'b', ...options })
  stops.push(database.close, () => app.close())
  return app
}

describe('R11 the names of a request', () => {
  test('the id of the caller comes back; one that is not fit for a log is replaced', async () => {
    const app = await api()
    const echo = async (id: string) =>
      (await app.inject({ url: '/health', headers: { 'x-request-id': id } })).headers['x-request-id']
    expect(await echo('abc-1')).toBe('abc-1')
    for (const unfit of ['a b', 'x'.repeat(129), '<script>'])
      expect(await echo(unfit)).toMatch(/^[\da-f-]{36}$/)
  })

  test('the trace comes back as it came, on errors too; one that is none is dropped', async () => {
    const app = await api()
    const echo = async (url: string, traceparent: string) =>
      (await app.inject({ url, headers: { traceparent } })).headers['traceparent']
    expect([await echo('/orders', TRACE), await echo('/nowhere', TRACE)]).toEqual([TRACE, TRACE])
    expect(await echo('/orders', 'nonsense')).toBeUndefined()
  })

  test.each([
    ['upper case', TRACE.toUpperCase()],
    ['the version that is forbidden', `ff${TRACE.slice(2)}`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
    ['a parent of zeros', `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`],
    ['a tail', `${TRACE}-x`],
  ])('%s is no trace', (_name, text) => {
    expect(readTraceparent(text)).toBeNull()
  })
})

describe('R11 the access log', () => {
  test('has one line a request, with its names, its user and its route, and without the query', async () => {
    const lines: LogLine[] = []
    const app = await api({ accessLog: (line) => lines.push(line) })
    await app.inject({ url: '/ledger?after=0', headers: { 'x-request-id': 'r1', traceparent: TRACE } })
    await app.inject({ method: 'POST', url: '/secret-nowhere?token=x' })
    expect(lines).toEqual([
      {
        step: 'request',
        method: 'GET',
        route: '/ledger',
        status: 200,
        outcome: 'answered',
        tookMs: expect.any(Number),
        user: 'anyone',
        requestId: 'r1',
        traceparent: TRACE,
      },
      expect.objectContaining({ method: 'POST', route: null, status: 404, traceparent: null }),
    ])
    expect(JSON.stringify(lines)).not.toContain('token')
  })

  test('can be a file of its own: one JSON object a line, complete at any moment', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-'))
    stops.push(() => rm(folder, { recursive: true, force: true }))
    const path = join(folder, 'access.log')
    const file = openLogFile(path, () => {})
    file.log({ step: 'request', status: 200 })
    const [line, rest] = (await readFile(path, 'utf8')).split('\n')
    expect(rest).toBe('')
    expect(JSON.parse(line!)).toEqual({ level: 'info', at: expect.any(String), step: 'request', status: 200 })
    file.close()
    file.close()
    file.log({ step: 'late' })
    expect(() => openLogFile(join(folder, 'no', 'such', 'folder'), () => {})).toThrow('ENOENT')
  })

  test('that cannot be written is told once, and fails nothing else', () => {
    const told: string[] = []
    const file = openLogFile('/dev/full', (error) => told.push(String(error)))
    for (let count = 0; count < 3; count += 1) file.log({ step: 'request' })
    file.close()
    expect(told).toEqual([expect.stringContaining('ENOSPC')])
  })
})
