import { expect, test } from 'vitest'
import { readConfig } from '../../server/config.js'

test('settings come from flags, then variables, then defaults', () => {
  const env = { PORT: '9000', HOLDFAST_ORIGINS: 'http://a, http://b' }
  expect(readConfig(['--port', '0'], env)).toMatchObject({ port: 0, origins: ['http://a', 'http://b'] })
  expect(readConfig([], env).port).toBe(9000)
  expect(readConfig(['--most-load-per-core', '1.5', '--test-routes', 'on'], {})).toMatchObject({
    mostLoadPerCore: 1.5,
    testRoutes: true,
  })
})

test('origins may be of schemes that are not the web’s', () => {
  const origins = ['*', 'https://x:8443', 'http://[::1]:80', 'capacitor://localhost']
  const last = origins.filter((origin) => !origin.endsWith(':80'))
  expect(readConfig(['--origins', last.join(',')], {}).origins).toEqual(last)
})

test('R09 R10 R33 the defaults are those of the article', () => {
  expect(readConfig([], {})).toMatchObject({
    preStopMs: 5_000,
    shutdownTimeoutMs: 30_000,
    deadlineMs: 3_000,
    requestsPerSecond: 5_000,
    mostLoadPerCore: 3,
    mostLagMs: 200,
    returnCapacity: 200,
    downstream: null,
    accessLog: null,
    testRoutes: false,
  })
})

test.each([
  ['a negative port', ['--port=-1'], 'port (PORT) is "-1"; allowed: a whole number from 0 to 65535'],
  ['an exponent', ['--shutdown-timeout-ms', '1e3'], 'HOLDFAST_SHUTDOWN_TIMEOUT_MS'],
  ['no rate', ['--requests-per-second', '0'], 'is "0"; allowed: a whole number from 1'],
  [
    'a load that is no number',
    ['--most-load-per-core', 'high'],
    'is "high"; allowed: a number from 0 to 1000',
  ],
  ['a deadline beyond the longest', ['--deadline-ms', '60001'], 'allowed: a whole number from 1 to 60000'],
  ['a service without a scheme', ['--downstream', 'prices:80'], 'is "prices:80"; allowed: a URL that begins'],
  [
    'neither on nor off',
    ['--test-routes', 'yes'],
    'test-routes (HOLDFAST_TEST_ROUTES) is "yes"; allowed: "on"',
  ],
  [
    'an origin with a path',
    ['--origins', 'http://a,http://x/'],
    'origins (HOLDFAST_ORIGINS) is "http://a,http://x/"',
  ],
  ['an origin with the port of its scheme', ['--origins', 'https://x:443'], 'allowed: "*", or origins'],
  ['a host', ['--origins', 'x.test'], 'allowed: "*", or origins'],
  ['half of a sign-in', ['--auth', 'maybe'], 'auth (HOLDFAST_AUTH) is "maybe"; allowed: "off" or "required"'],
  ['a ring of nothing', ['--ring', '0'], 'ring (HOLDFAST_RING) is "0"; allowed: a whole number from 1'],
  ['an unknown flag', ['--prot', '1'], 'prot'],
])('%s is refused by name, with the value given and what is allowed', (_name, args, said) => {
  expect(() => readConfig(args, {})).toThrow(said)
})
