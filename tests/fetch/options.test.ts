/** What attachHttp can be told, attachFetch can be told. */
import { expect, test } from 'vitest'
import { isHoldfastError } from '../../src/core/errors.js'
import type { LogLine } from '../../src/http/fetch.js'
import { createHand, watch } from './hand.js'
import { createRig } from './rig.js'

test('R10, R11: headers that are asked for are on every attempt: one id, one trace, what is left of the deadline', async () => {
  const hand = createHand()
  const sendHeaders = ['X-Request-ID', 'X-Request-Deadline-Ms', 'traceparent'] as const
  const rig = createRig({ fetch: hand.fetch, sendHeaders, deadlineMs: 30_000 })
  await rig.online()
  void rig.ask('/orders')
  hand.last.answer(503)
  await rig.clock.advance(1_100)
  const [first, second] = hand.calls.map(({ request }) => request.headers)
  expect(second?.get('x-request-id')).toBe(first?.get('x-request-id'))
  expect(second?.get('traceparent')?.slice(0, 35)).toBe(first?.get('traceparent')?.slice(0, 35))
  expect(second?.get('traceparent')).not.toBe(first?.get('traceparent'))
  expect(first?.get('x-request-deadline-ms')).toBe('30000')
  expect(Number(second?.get('x-request-deadline-ms'))).toBeLessThan(29_001)
})

test('a limit ends an attempt whose head does not come, and touches no body after it', async () => {
  const hand = createHand()
  const rig = createRig({ fetch: hand.fetch, attemptTimeoutMs: 5_000, retries: 0 })
  await rig.online()
  const silent = watch(rig.ask('/orders'))
  const download = rig.ask('/file')
  let close = () => {}
  hand.last.answer(
    200,
    new ReadableStream({ start: (controller) => void (close = () => controller.close()) }),
  )
  const text = watch((await download).text())
  await rig.clock.advance(10_000)
  expect(isHoldfastError(silent.value, 'timeout')).toBe(true)
  close()
  await new Promise((resolve) => setImmediate(resolve))
  expect(text).toMatchObject({ state: 'resolved', value: '' })
})

test('R22: every decision can be read along', async () => {
  const lines: LogLine[] = []
  const hand = createHand()
  const rig = createRig({ fetch: hand.fetch, retries: 1, log: (line) => lines.push(line) })
  await rig.online()
  void rig.ask('/orders?token=secret')
  hand.last.answer(500)
  await rig.clock.advance(1_100)
  hand.last.answer(500)
  await rig.clock.advance(1_100)
  expect(lines.map(({ decision, why }) => `${decision} ${why}`)).toEqual(
    expect.arrayContaining(['retry failed', 'give-back retries-used']),
  )
  expect(JSON.stringify(lines)).not.toContain('secret')
})
