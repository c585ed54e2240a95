import { expect, it, vi } from 'vitest'
import { probe, readHealth } from '../../src/signals/probe.js'

const answer = (status: number, headers: Record<string, string> = {}) =>
  new Response(null, { status, headers })
const OURS = { holdfast: '1', 'holdfast-boot': 'b1' }

it.each([
  ['204 with the marker', answer(204, OURS), { kind: 'good', boot: 'b1' }],
  ['200 with the marker', answer(200, OURS), { kind: 'good', boot: 'b1' }],
  [
    '503 with the marker',
    answer(503, { ...OURS, 'retry-after': '20' }),
    { kind: 'draining', boot: 'b1', retryAfterMs: 20_000 },
  ],
  [
    '503 with the marker and a bad hint',
    answer(503, { ...OURS, 'retry-after': 'soon' }),
    { kind: 'draining', boot: 'b1' },
  ],
  ['401 with the marker', answer(401, OURS), { kind: 'unauthorized', boot: 'b1' }],
  ['503 of a proxy', answer(503), { kind: 'failed' }],
  ['502', answer(502), { kind: 'failed' }],
  ['500 with the marker', answer(500, OURS), { kind: 'failed' }],
] as const)('I28: %s', (_, given, expected) => {
  expect(readHealth(given, 'marked')).toEqual(expected)
})

it('ux-56: a 200 without the marker is a captive portal', () => {
  expect(readHealth(answer(200, { 'content-type': 'text/html' }), 'marked')).toEqual({ kind: 'portal' })
  expect(readHealth(answer(302), 'marked')).toEqual({ kind: 'portal' })
})

it('any-response takes what is no HTML and below 500', () => {
  expect(readHealth(answer(404), 'any-response')).toEqual({ kind: 'good' })
  expect(readHealth(answer(200, { 'content-type': 'text/html; charset=utf-8' }), 'any-response')).toEqual({
    kind: 'portal',
  })
  expect(readHealth(answer(500), 'any-response')).toEqual({ kind: 'failed' })
})

it('asks by GET, without cache and without following redirects, and warns once about any-response', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const fetch = vi.fn(async () => answer(204, OURS))
  const check = probe('https://api.example.com/health', { fetch, accept: 'any-response' })
  const { signal } = new AbortController()
  expect(await check(signal, {} as never)).toEqual({ kind: 'good', boot: 'b1' })
  expect(fetch).toHaveBeenCalledWith('https://api.example.com/health', {
    headers: {},
    signal,
    cache: 'no-store',
    redirect: 'manual',
  })
  expect(check.origin).toBe('https://api.example.com')
  expect(warn).toHaveBeenCalledTimes(1)
  warn.mockRestore()
})

it('tells a developer once what a server without the marker lacks, and nobody else', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { signal } = new AbortController()
  const ask = (given: Response) => probe('https://api.example.com/health', { fetch: async () => given })
  const page = ask(answer(200, { 'content-type': 'text/html' }))
  expect(await page(signal, {} as never)).toEqual({ kind: 'portal' })
  expect(await page(signal, {} as never)).toEqual({ kind: 'portal' })
  expect(warn).toHaveBeenCalledTimes(1)
  expect(warn.mock.calls[0]?.[0]).toContain('https://api.example.com/health answered 200 without')
  expect(warn.mock.calls[0]?.[0]).toContain('Access-Control-Expose-Headers')
  warn.mockClear()
  for (const fine of [answer(204, OURS), answer(503, OURS), answer(502)]) {
    await ask(fine)(signal, {} as never)
  }
  expect(warn).not.toHaveBeenCalled()
  warn.mockRestore()
})

it('refuses a URL that is none, and an unknown option', () => {
  expect(() => probe('/health')).toThrow('probe.url is "/health"')
  expect(() => probe('https://a.example', { acept: 'x' } as never)).toThrow('probe.acept')
  expect(() => probe('https://a.example', { accept: 'all' as never })).toThrow('probe.accept is "all"')
})
