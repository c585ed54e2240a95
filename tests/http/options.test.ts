import axios from 'axios'
import { expect, test } from 'vitest'
import { isHoldfastError } from '../../src/core/errors.js'
import { attachHttp, type HttpOptions } from '../../src/http/index.js'
import { createRig } from './rig.js'

test.each([
  [{ retries: 6 }, /attachHttp\.retries is 6/],
  [{ retries: '5' }, /attachHttp\.retries is "5"/],
  [{ holdMs: -1 }, /attachHttp\.holdMs is -1/],
  [{ holdMs: Number.NaN }, /attachHttp\.holdMs is NaN/],
  [{ maxHeld: Infinity }, /attachHttp\.maxHeld is Infinity/],
  [{ stalledMs: 0 }, /attachHttp\.stalledMs is 0/],
  [{ watchdogMs: 0 }, /attachHttp\.watchdogMs is 0/],
  [{ idempotency: 'honored' }, /attachHttp\.idempotency is "honored"/],
  [{ schedule: {} }, /attachHttp\.schedule/],
  [{ queue: {} }, /attachHttp\.queue/],
  [{ origins: ['https://api.test/'] }, /attachHttp\.origins\[0\] is "https:\/\/api\.test\/"/],
  [{ origins: ['api.test'] }, /attachHttp\.origins\[0\]/],
  [{ retries: 1.5 }, /attachHttp\.retries is 1\.5/],
  [{ attemptTimeoutMs: 0 }, /attachHttp\.attemptTimeoutMs is 0/],
  [{ deadlineMs: '1000' }, /attachHttp\.deadlineMs is "1000"/],
  [{ sendHeaders: 'traceparent' }, /attachHttp\.sendHeaders is "traceparent"/],
  [{ sendHeaders: ['X-Own'] }, /attachHttp\.sendHeaders\[0\] is "X-Own"; allowed: "X-Request-ID", /],
  [{ log: true }, /attachHttp\.log is true/],
  [{ window: {} }, /attachHttp\.window/],
  [{ holdMS: 1 }, /attachHttp\.holdMS/],
  [{ connection: {} }, /attachHttp\.connection/],
])('%o is refused, and named', (bad, message) => {
  const { connection } = createRig()
  expect(() => attachHttp(axios.create(), { connection, ...bad } as unknown as HttpOptions)).toThrow(message)
})

test.each([
  ['no instance', [undefined], /attachHttp\.axios is undefined; allowed: an axios instance/],
  ['no options', [axios.create()], /attachHttp\.options is undefined; allowed: an object/],
  [
    'a misspelt option',
    [axios.create(), { retry: 3 }],
    /attachHttp\.retry is not an option; allowed: connection, /,
  ],
])('%s is refused in words, not by a TypeError', (_, given, message) => {
  const attach = attachHttp as unknown as (...given: readonly unknown[]) => unknown
  const refusal = thrownBy(() => attach(...given))
  expect(isHoldfastError(refusal, 'bad-option')).toBe(true)
  expect((refusal as Error).message).toMatch(message)
})

function thrownBy(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}

test('an instance is attached once; after detaching it may be attached again', () => {
  const { api, connection, http } = createRig()
  expect(() => attachHttp(api, { connection })).toThrow(/not attached yet/)
  http.detach()
  attachHttp(api, { connection }).detach()
})
