import { AxiosError, AxiosHeaders, CanceledError, type InternalAxiosRequestConfig } from 'axios'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classify } from '../../src/http/index.js'
import { JSON_TYPE } from './rig.js'

const HTML = { 'content-type': 'text/html; charset=utf-8' }
const PAGE = '<!doctype html><title>Sign in to the network</title>'

const config = (given: Partial<InternalAxiosRequestConfig> = {}): InternalAxiosRequestConfig => ({
  method: 'get',
  headers: new AxiosHeaders({ Accept: 'application/json, text/plain, */*' }),
  ...given,
})

const answer = (
  status: number,
  headers: object = JSON_TYPE,
  data: unknown = '{"ok":true}',
  asked = config(),
) => ({
  status,
  headers: new AxiosHeaders(headers as Record<string, string>),
  data,
  config: asked,
})

const refused = (status: number, headers: object = JSON_TYPE, data: unknown = '{}') =>
  new AxiosError(
    `Request failed with status code ${status}`,
    'ERR_BAD_REQUEST',
    config(),
    {},
    {
      ...answer(status, headers, data),
      statusText: '',
    },
  )

const error = (code: string | undefined, message = 'x') => new AxiosError(message, code, config(), {})

const asHtml = config({ headers: new AxiosHeaders({ Accept: 'text/html' }) })
const asText = config({ responseType: 'text' })
const asBlob = config({ responseType: 'blob' })
const asHead = config({ method: 'head' })

test.each([
  // a page's errors
  ['a refusal or reset in a page', error('ERR_NETWORK', 'Network Error'), 'maybe-committed', 'server', false],
  [
    'a timeout in a page',
    error('ECONNABORTED', 'timeout of 5 ms exceeded'),
    'maybe-committed',
    'timeout',
    false,
  ],
  [
    'a timeout, clarified',
    error('ETIMEDOUT', 'timeout of 5 ms exceeded'),
    'maybe-committed',
    'timeout',
    false,
  ],
  [
    "a timeout in the application's words",
    error('ECONNABORTED', '太慢了'),
    'maybe-committed',
    'timeout',
    false,
  ],
  ["the browser's own abort", error('ECONNABORTED', 'Request aborted'), 'maybe-committed', 'server', false],
  ["the caller's abort", new CanceledError('no'), 'cancelled', undefined, false],
  [
    "the caller's abort, as fetch says it",
    new DOMException('no', 'AbortError'),
    'cancelled',
    undefined,
    false,
  ],
  // Node's errors
  ['nobody listens, in Node', error('ECONNREFUSED'), 'not-sent', 'server', false],
  ['no such name, in Node', error('ENOTFOUND'), 'not-sent', 'server', false],
  ['no name server, in Node', error('EAI_AGAIN'), 'not-sent', 'server', false],
  ['a reset, in Node', error('ECONNRESET'), 'maybe-committed', 'server', false],
  ['a broken pipe, in Node', error('EPIPE'), 'maybe-committed', 'server', false],
  ['a bare TypeError without a code', new TypeError('Failed to fetch'), 'maybe-committed', 'server', false],
  ['an AxiosError without a code', error(undefined, 'Network Error'), 'maybe-committed', 'server', false],
  ['something that is no error', 'boom', 'maybe-committed', 'server', false],
  // axios' own refusals
  ['a URL that axios refuses', error('ERR_INVALID_URL'), 'rejected', undefined, false],
  [
    'a protocol that axios refuses',
    error('ERR_BAD_REQUEST', 'Unsupported protocol foo:'),
    'rejected',
    undefined,
    false,
  ],
  [
    'a body above its bound',
    error('ERR_BAD_RESPONSE', 'maxContentLength size of 9 exceeded'),
    'maybe-committed',
    undefined,
    false,
  ],
  ['too many redirects', error('ERR_FR_TOO_MANY_REDIRECTS'), 'maybe-committed', undefined, false],
  // answers
  ['200', answer(200), 'ok', undefined, true],
  ['204 without a type', answer(204, {}, ''), 'ok', undefined, true],
  ['304, refused by validateStatus', refused(304, {}, ''), 'ok', undefined, true],
  ['400', refused(400), 'rejected', undefined, true],
  ['401', refused(401), 'unauthorized', undefined, true],
  ['404', refused(404), 'rejected', undefined, true],
  ["404 with a proxy's page", refused(404, HTML, PAGE), 'rejected', undefined, false],
  ['408', refused(408), 'maybe-committed', undefined, true],
  ['409', refused(409), 'conflict', undefined, true],
  ['409 with Retry-After', refused(409, { ...JSON_TYPE, 'retry-after': '1' }), 'overloaded', undefined, true],
  ['412', refused(412), 'conflict', undefined, true],
  ['425', refused(425), 'overloaded', undefined, true],
  ['429', refused(429), 'overloaded', undefined, true],
  ['500', refused(500), 'maybe-committed', undefined, false],
  ['500 with our marker', refused(500, { ...JSON_TYPE, holdfast: '1' }), 'maybe-committed', undefined, true],
  ['502', refused(502, HTML, PAGE), 'maybe-committed', 'server', false],
  ['503', refused(503), 'overloaded', 'server', false],
  ['503, accepted by validateStatus', answer(503), 'overloaded', 'server', false],
  ['504', refused(504), 'maybe-committed', 'timeout', false],
  ['511', refused(511, HTML, PAGE), 'maybe-committed', 'portal', false],
  // not ours
  ["a portal's page", answer(200, HTML, PAGE), 'maybe-committed', 'portal', false],
  ["a portal's page after blanks", answer(200, HTML, `\n  ${PAGE}`), 'maybe-committed', 'portal', false],
  ['our own page, with the marker', answer(200, { ...HTML, holdfast: '1' }, PAGE), 'ok', undefined, true],
  ['a page that was accepted', answer(200, HTML, PAGE, asHtml), 'ok', undefined, false],
  ['a page asked for as text', answer(200, HTML, PAGE, asText), 'ok', undefined, false],
  ['a page asked for as a blob', answer(200, HTML, new Blob([PAGE]), asBlob), 'ok', undefined, false],
  ['JSON under an HTML label', answer(200, HTML, '{"ok":true}'), 'ok', undefined, false],
  ['nothing under an HTML label', answer(200, HTML, ''), 'ok', undefined, false],
  ['JSON that broke off', answer(200, JSON_TYPE, '[{"id":1},{"id":'), 'maybe-committed', 'server', false],
  [
    'JSON that broke off at a bracket',
    answer(200, JSON_TYPE, '{"a":{"b":1}'),
    'maybe-committed',
    'server',
    false,
  ],
  ['JSON that broke off in a string', answer(200, JSON_TYPE, '"abc'), 'maybe-committed', 'server', false],
  [
    'a body that never came',
    answer(200, { ...JSON_TYPE, 'content-length': '9' }, ''),
    'maybe-committed',
    'server',
    false,
  ],
  ['a part that was asked for', answer(206, JSON_TYPE, '[{"id":1},{"id":'), 'ok', undefined, true],
  ['a HEAD', answer(200, { ...JSON_TYPE, 'content-length': '9' }, '', asHead), 'ok', undefined, true],
  ['an empty body that says so', answer(200, JSON_TYPE, ''), 'ok', undefined, true],
  ['JSON with brackets in a string', answer(200, JSON_TYPE, '{"a":"[{\\"\\\\"}'), 'ok', undefined, true],
  ['JSON that only some parsers take', answer(200, JSON_TYPE, '{"a":NaN}'), 'ok', undefined, true],
  ['data that an adapter has parsed', answer(200, JSON_TYPE, { ok: true }), 'ok', undefined, true],
  [
    'headers in capitals',
    { ...answer(200, {}, PAGE), headers: { 'Content-Type': 'text/html' } },
    'maybe-committed',
    'portal',
    false,
  ],
  [
    'an answer that broke off, in Node',
    Object.assign(error('ERR_BAD_RESPONSE', 'stream has been aborted'), { response: answer(200) }),
    'maybe-committed',
    'server',
    false,
  ],
] as const)('%s', (_title, given, outcome, suspicion, isOurs) => {
  const { class: found, suspicion: suspected, isOurs: ours } = classify(given)
  expect([found, suspected, ours]).toEqual([outcome, suspicion, isOurs])
})

test('B17: a rate limit is a floor of who is refused for it; Retry-After goes before, and makes no conflict of it', () => {
  const limits = { ratelimit: '"default";r=0;t=30', date: 'Sun, 01 Nov 2026 12:00:00 GMT' }
  expect(classify(refused(429, limits)).retryAfterMs).toBe(30_000)
  expect(classify(refused(429, { ...limits, 'retry-after': '7' })).retryAfterMs).toBe(7_000)
  const dated = { ...limits, 'retry-after': 'Sun, 01 Nov 2026 12:00:09 GMT' }
  expect(classify(refused(503, dated)).retryAfterMs).toBe(9_000)
  expect(classify(refused(409, limits))).toMatchObject({ class: 'conflict' })
  expect(classify(refused(500, limits)).retryAfterMs).toBeUndefined()
})

test('I24: a Retry-After is read strictly, and a malformed one is none', () => {
  expect(classify(refused(503, { 'retry-after': '7' })).retryAfterMs).toBe(7_000)
  expect(classify(refused(429, { 'retry-after': '-5' })).retryAfterMs).toBeUndefined()
  expect(classify(refused(409, { 'retry-after': 'soon' })).class).toBe('conflict')
})

test('no JSON document is taken for a truncated one, and every proper beginning of an object is', () => {
  fc.assert(
    fc.property(fc.json(), fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (whole, object, cut) => {
      expect(classify(answer(200, JSON_TYPE, whole)).class).toBe('ok')
      const text = JSON.stringify(object)
      const beginning = text.slice(0, 1 + (cut % (text.length - 1)))
      expect(classify(answer(200, JSON_TYPE, beginning)).class).toBe('maybe-committed')
    }),
  )
})

test('classify takes anything and never throws', () => {
  fc.assert(
    fc.property(fc.anything(), (given) => {
      expect(classify(given).class).toEqual(expect.any(String))
    }),
  )
})
