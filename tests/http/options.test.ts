import axios from 'axios'
import { expect, test } from 'vitest'
import { attachHttp, type HttpOptions } from '../../src/http/index.js'
import { createRig } from './rig.js'

test.each([
  [{ retries: 6 }, /http\.retries is 6/],
  [{ retries: '5' }, /http\.retries is "5"/],
  [{ holdMs: -1 }, /http\.holdMs is -1/],
  [{ holdMs: Number.NaN }, /http\.holdMs is NaN/],
  [{ maxHeld: Infinity }, /http\.maxHeld is Infinity/],
  [{ stalledMs: 0 }, /http\.stalledMs is 0/],
  [{ watchdogMs: 0 }, /http\.watchdogMs is 0/],
  [{ idempotency: 'honored' }, /http\.idempotency is "honored"/],
  [{ schedule: {} }, /http\.schedule/],
  [{ queue: {} }, /http\.queue/],
  [{ origins: ['https://api.test/'] }, /http\.origins\[0\] is "https:\/\/api\.test\/"/],
  [{ origins: ['api.test'] }, /http\.origins\[0\]/],
  [{ retries: 1.5 }, /http\.retries is 1\.5/],
  [{ attemptTimeoutMs: 0 }, /http\.attemptTimeoutMs is 0/],
  [{ deadlineMs: '1000' }, /http\.deadlineMs is "1000"/],
  [{ sendHeaders: 'traceparent' }, /http\.sendHeaders is "traceparent"/],
  [{ sendHeaders: ['X-Own'] }, /http\.sendHeaders\[0\] is "X-Own"; allowed: X-Request-ID/],
  [{ log: true }, /http\.log is true/],
  [{ window: {} }, /http\.window/],
  [{ holdMS: 1 }, /http\.holdMS/],
  [{ connection: {} }, /http\.connection/],
])('%o is refused, and named', (bad, message) => {
  const { connection } = createRig()
  expect(() => attachHttp(axios.create(), { connection, ...bad } as unknown as HttpOptions)).toThrow(message)
})

test('an instance is attached once; after detaching it may be attached again', () => {
  const { api, connection, http } = createRig()
  expect(() => attachHttp(api, { connection })).toThrow(/not attached yet/)
  http.detach()
  attachHttp(api, { connection }).detach()
})
