import fc from 'fast-check'
import { expect, test } from 'vitest'
import { endOfAnswer, endOfClose } from '../../src/live/ends.js'
import type { Verdict } from '../../src/live/line.js'

const HOUR_MS = 3_600_000

const closed = (code: number, reason = '') => endOfClose({ code, reason, wasClean: true })
const answered = (status: number, more: Partial<Parameters<typeof endOfAnswer>[0]> = {}) =>
  endOfAnswer({
    status,
    contentType: 'application/problem+json',
    problem: null,
    retryAfterMs: undefined,
    ...more,
  })

const CLOSES: Readonly<Record<Verdict, readonly number[]>> = {
  again: [1000, 1005, 1006, 1011, 1014, 1015, 3008, 3500, 4000, 4500, 4999, 0, 999, 1004, 2000],
  later: [1001, 1012, 1013, 4408, 4409, 4425, 4429, 4503],
  'needs-auth': [3000, 4401],
  'session-lost': [4402],
  fatal: [1003, 1007, 1008, 1009, 3003, 4400, 4403, 4404, 4406, 4410],
  unsuitable: [1002, 1010],
}

test.each(Object.entries(CLOSES))('I30 close codes that mean %s', (verdict, codes) => {
  for (const code of codes) expect([code, closed(code).verdict]).toEqual([code, verdict])
})

const STATUSES: Readonly<Record<Verdict, readonly number[]>> = {
  again: [0, 301, 302, 307, 308, 407, 408, 409, 421, 500, 502, 504, 511, 599],
  later: [425, 429, 503],
  'needs-auth': [401],
  'session-lost': [],
  fatal: [204, 400, 402, 403, 413, 414, 418, 431, 451],
  unsuitable: [200, 201, 206, 404, 405, 406, 410, 415, 426, 501, 505],
}

test.each(Object.entries(STATUSES))('statuses that mean %s', (verdict, statuses) => {
  for (const status of statuses) expect([status, answered(status).verdict]).toEqual([status, verdict])
})

test('an answer that is no stream is 1006, never clean, with its status', () => {
  expect(answered(503, { problem: 'overloaded', retryAfterMs: 4000 })).toEqual({
    verdict: 'later',
    code: 1006,
    reason: 'overloaded',
    wasClean: false,
    status: 503,
    retryAfterMs: 4000,
  })
})

test('a 401 that says that the session is unknown asks for a sign-in, not for a token', () => {
  expect(answered(401, { problem: 'session_unknown' })).toMatchObject({
    verdict: 'session-lost',
    reason: 'session_unknown',
  })
  expect(answered(401, { problem: 'token-expired' })).toMatchObject({
    verdict: 'needs-auth',
    reason: 'token-expired',
  })
})

test('a captive portal’s page is worth another try, and a page never has the final word', () => {
  const page = { contentType: 'text/html' }
  expect(answered(200, page)).toMatchObject({
    verdict: 'again',
    reason: '200 with a page, as of a captive portal',
  })
  expect(answered(403, page).verdict).toBe('unsuitable')
  expect(answered(400, page).verdict).toBe('unsuitable')
  expect(answered(401, page).verdict).toBe('needs-auth')
})

test('I24 a restart names its wait in the reason: an hour at most', () => {
  expect(closed(1012, '{"retryAfterMs":2500}')).toEqual({
    verdict: 'later',
    code: 1012,
    reason: '{"retryAfterMs":2500}',
    wasClean: true,
    retryAfterMs: 2500,
  })
  expect(closed(1013, '{"retryAfterMs":0}').retryAfterMs).toBe(0)
  expect(closed(1001, '{"retryAfterMs":12.5}').retryAfterMs).toBe(13)
  expect(closed(1012, '{"retryAfterMs":99999999}').retryAfterMs).toBe(HOUR_MS)
})

test('who names a wait is heard, whatever the code; what is final stays so', () => {
  expect(closed(1011, '{"retryAfterMs":500}')).toMatchObject({ verdict: 'later', retryAfterMs: 500 })
  expect(closed(1008, '{"retryAfterMs":500}')).toMatchObject({ verdict: 'fatal', retryAfterMs: 500 })
  expect(answered(502, { retryAfterMs: 500 })).toMatchObject({ verdict: 'later', retryAfterMs: 500 })
})

test.each([
  '{"retryAfterMs":-1}',
  '{"retryAfterMs":"5"}',
  '{"retryAfterMs":1e309}',
  '{"retryAfterMs":null}',
  '{"retryAfterMs":[5]}',
  '{"retryAfterMs":5',
  '{"retryafterms":5}',
  '[{"retryAfterMs":5}]',
  '{}',
  '{"__proto__":{"retryAfterMs":5}}',
  '5',
  'null',
  'restart',
])('I24 a malformed wait is ignored, never 0: %s', (reason) => {
  const end = closed(1012, reason)
  expect(end.verdict).toBe('later')
  expect('retryAfterMs' in end).toBe(false)
})

test('P: whatever a close event says, there is one verdict and a wait within an hour', () => {
  const anything = fc.anything()
  const reasons = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((value) => `{"retryAfterMs":${value}}`),
    anything,
  )
  fc.assert(
    fc.property(
      fc.oneof(fc.integer({ min: 0, max: 5000 }), anything),
      reasons,
      anything,
      (code, reason, wasClean) => {
        const end = endOfClose({ code, reason, wasClean } as Parameters<typeof endOfClose>[0])
        expect(Object.keys(CLOSES)).toContain(end.verdict)
        expect(Number.isInteger(end.code)).toBe(true)
        expect(end.reason.length).toBeLessThanOrEqual(123)
        expect(typeof end.wasClean).toBe('boolean')
        const { retryAfterMs = 0 } = end
        expect(retryAfterMs >= 0 && retryAfterMs <= HOUR_MS).toBe(true)
      },
    ),
  )
})
