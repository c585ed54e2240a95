import { expect, test } from 'vitest'
import { classify } from '../../src/http/fetch.js'

const failed = (code: string) =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
const response = (status: number, headers: Record<string, string> = {}) =>
  new Response(null, { status, headers })
const json = { 'content-type': 'application/json' }
const html = { 'content-type': 'text/html' }

test.each<[string, unknown, string, string | undefined, boolean]>([
  ['a network error in a page', new TypeError('Failed to fetch'), 'maybe-committed', 'server', false],
  ['a refusal in Node', failed('ECONNREFUSED'), 'not-sent', 'server', false],
  ['a name that is not known', failed('ENOTFOUND'), 'not-sent', 'server', false],
  [
    'a connection that did not come about in time',
    failed('UND_ERR_CONNECT_TIMEOUT'),
    'not-sent',
    'timeout',
    false,
  ],
  ['no answer in time', failed('UND_ERR_HEADERS_TIMEOUT'), 'maybe-committed', 'timeout', false],
  ['no more of the answer in time', failed('UND_ERR_BODY_TIMEOUT'), 'maybe-committed', 'timeout', false],
  ['a reset', failed('ECONNRESET'), 'maybe-committed', 'server', false],
  ['a URL that is none', failed('ERR_INVALID_URL'), 'rejected', undefined, false],
  ['an abort', new DOMException('x', 'AbortError'), 'cancelled', undefined, false],
  ['the caller’s timeout', new DOMException('x', 'TimeoutError'), 'cancelled', undefined, false],
  ['JSON', response(200, json), 'ok', undefined, true],
  ['nothing', response(204), 'ok', undefined, true],
  ['not modified', response(304), 'ok', undefined, true],
  ['HTML whose body nobody has read', response(200, html), 'ok', undefined, false],
  ['HTML with the marker', response(200, { ...html, holdfast: '1' }), 'ok', undefined, true],
  ['a redirect', response(302), 'ok', undefined, false],
  ['a redirect that a page may not see', { status: 0, headers: new Headers() }, 'ok', undefined, false],
  ['401', response(401, json), 'unauthorized', undefined, true],
  ['404', response(404, json), 'rejected', undefined, true],
  ['409', response(409, json), 'conflict', undefined, true],
  ['409 with Retry-After', response(409, { ...json, 'retry-after': '1' }), 'overloaded', undefined, true],
  ['412', response(412, json), 'conflict', undefined, true],
  ['429', response(429, { ...json, 'retry-after': '7' }), 'overloaded', undefined, true],
  ['500', response(500, json), 'maybe-committed', undefined, false],
  ['502 of a gateway', response(502, html), 'maybe-committed', 'server', false],
  ['503 with the marker', response(503, { holdfast: '1' }), 'overloaded', 'server', true],
  ['504', response(504), 'maybe-committed', 'timeout', false],
  ['511', response(511, html), 'maybe-committed', 'portal', false],
])('of fetch: %s is %s', (_, given, outcome, suspicion, isOurs) => {
  const got = classify(given)
  expect([got.class, got.suspicion, got.isOurs]).toEqual([outcome, suspicion, isOurs])
})

test('I24: Retry-After is read from the headers of a Response', () => {
  expect(classify(response(429, { 'retry-after': '7' })).retryAfterMs).toBe(7_000)
})
