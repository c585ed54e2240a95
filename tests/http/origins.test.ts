import axios, { AxiosHeaders, type InternalAxiosRequestConfig } from 'axios'
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { createOrigins } from '../../src/http/origins.js'

afterEach(() => vi.unstubAllGlobals())

const ask = (url?: string, baseURL?: string, more: Partial<InternalAxiosRequestConfig> = {}) => ({
  headers: new AxiosHeaders(),
  ...(url === undefined ? {} : { url }),
  ...(baseURL === undefined ? {} : { baseURL }),
  ...more,
})

const API = 'https://api.test'

test.each([
  ['/orders', API, true],
  ['orders', `${API}/v1`, true],
  ['', API, true],
  [undefined, API, true],
  ['?page=2', API, true],
  [`${API}/orders`, undefined, true],
  [`${API}/orders`, 'https://other.test', true],
  ['HTTPS://API.TEST/orders', undefined, true],
  ['https://api.test:443/orders', undefined, true],
  ['https://api.test', undefined, true],
  ['https://api.test?x', undefined, true],
  ['https://api.test.evil/orders', undefined, false],
  ['https://api.test@evil.test/', undefined, false],
  ['https://api.test:444/', undefined, false],
  ['http://api.test/', undefined, false],
  ['//evil.test/orders', API, false],
  ['/\\evil.test/', undefined, false],
  ['/\t/evil.test/', undefined, false],
  ['data:text/plain,x', undefined, false],
  ['/orders', 'https://other.test', false],
  ['/orders', undefined, false],
])('%s on the base %s: %s', (url, base, expected) => {
  const isOurs = createOrigins(axios.create({ baseURL: API }), undefined, [])
  expect(isOurs(ask(url, base))).toBe(expected)
})

test('in a page its own origin is the service’s too, and relative bases are of the page', () => {
  vi.stubGlobal('location', { href: 'https://app.test/orders/7' })
  const isOurs = createOrigins(axios.create(), undefined, [])
  expect(isOurs(ask('/orders'))).toBe(true)
  expect(isOurs(ask('orders', '/api'))).toBe(true)
  expect(isOurs(ask('https://app.test/'))).toBe(true)
  expect(isOurs(ask('//cdn.test/x'))).toBe(false)
  expect(isOurs(ask('/\\cdn.test/x'))).toBe(false)
})

test('origins that are given stand instead of the page’s and the base’s, and the connection’s are added', () => {
  vi.stubGlobal('location', { href: 'https://app.test/' })
  const isOurs = createOrigins(axios.create({ baseURL: API }), ['https://one.test'], ['https://two.test'])
  expect(['https://one.test/', 'https://two.test/', `${API}/`, '/'].map((url) => isOurs(ask(url)))).toEqual([
    true,
    true,
    false,
    false,
  ])
})

test('a baseURL that is set later counts from then on', () => {
  const api = axios.create()
  const isOurs = createOrigins(api, undefined, [])
  expect(isOurs(ask('/orders', API))).toBe(false)
  api.defaults.baseURL = API
  expect(isOurs(ask('/orders', API))).toBe(true)
})

test('with allowAbsoluteUrls: false an absolute URL is a path below the base', () => {
  const isOurs = createOrigins(axios.create({ baseURL: API }), undefined, [])
  expect(isOurs(ask('https://evil.test/', API, { allowAbsoluteUrls: false }))).toBe(true)
  expect(isOurs(ask(`${API}/`, 'https://evil.test', { allowAbsoluteUrls: false }))).toBe(false)
})

test('no path is taken for ours that a browser would send elsewhere', () => {
  vi.stubGlobal('location', { href: 'https://app.test/' })
  const isOurs = createOrigins(axios.create(), undefined, [])
  const piece = fc.constantFrom(
    '/',
    '\\',
    '\t',
    ' ',
    ':',
    '@',
    '?',
    '#',
    '.',
    'a',
    'http',
    '//evil.test',
    '-',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const url = pieces.join('')
      if (!isOurs(ask(url))) return
      expect(new URL(url, 'https://app.test/').origin).toBe('https://app.test')
    }),
    { numRuns: 2_000 },
  )
})
