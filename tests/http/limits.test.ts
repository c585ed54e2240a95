/** How long, how often and with which headers: of the instance, and of a request's own mark. */
import { expect, test } from 'vitest'
import { isHoldfastError } from '../../src/core/errors.js'
import { fixed } from '../../src/core/schedule.js'
import type { HoldfastMark } from '../../src/http/index.js'
import { createRig, rejection, watch } from './rig.js'

const suspicions = (events: readonly { type: string }[]) =>
  events.filter(({ type }) => type === 'SUSPICION').length

test('an attempt that takes longer than attemptTimeoutMs is aborted, suspected, and repeated where it may be', async () => {
  const rig = createRig({ attemptTimeoutMs: 400, retries: 1 })
  await rig.online()
  const read = watch(rig.api.get('/orders'))
  const write = watch(rig.api.post('/orders', {}))
  await rig.clock.advance(399)
  rig.net.sent[0]?.progress()
  expect(rig.net.open).toBe(2)
  await rig.clock.advance(1)
  expect(rig.net.open).toBe(0)
  expect(suspicions(rig.events)).toBeGreaterThan(0)
  expect(write.value).toMatchObject({ holdfast: { outcome: 'maybe-committed', attempts: 1, why: 'unsafe' } })
  expect(isHoldfastError(write.value, 'maybe-committed')).toBe(true)
  await rig.clock.advance(1_000)
  expect(rig.net.open).toBe(1)
  await rig.clock.advance(400)
  expect(isHoldfastError(read.value, 'timeout')).toBe(true)
  expect(read.value).toMatchObject({ holdfast: { attempts: 2, why: 'retries-used' } })
})

test('I25: a deadline spans all attempts, and its end is no evidence', async () => {
  const rig = createRig({ deadlineMs: 2_500 })
  await rig.online()
  const asked = watch(rig.api.get('/orders'))
  await rig.clock.settle()
  rig.net.last.answer(500)
  await rig.clock.advance(1_000)
  rig.net.last.answer(500)
  await rig.clock.advance(1_000)
  expect(rig.net.sent).toHaveLength(3)
  await rig.clock.advance(499)
  expect(asked.state).toBe('pending')
  await rig.clock.advance(1)
  expect(rig.net.open).toBe(0)
  expect(isHoldfastError(asked.value, 'timeout')).toBe(true)
  expect(asked.value).toMatchObject({
    holdfast: { outcome: 'maybe-committed', attempts: 3, why: 'deadline' },
  })
  expect(suspicions(rig.events)).toBe(0)
})

test('a pause that would outlast the deadline is not waited for: the last error comes at once', async () => {
  const rig = createRig({ deadlineMs: 5_000 })
  await rig.online()
  const asked = rejection(rig.api.get('/orders'))
  await rig.clock.settle()
  rig.net.last.answer(503, '{}', { 'retry-after': '5' })
  await rig.clock.settle()
  expect(await asked).toMatchObject({ response: { status: 503 }, holdfast: { why: 'deadline' } })
})

test('a deadline that passes while held says that it was never sent', async () => {
  const rig = createRig({ deadlineMs: 3_000 })
  await rig.online()
  await rig.lose()
  const asked = watch(rig.api.post('/orders', {}))
  await rig.clock.advance(3_000)
  expect(isHoldfastError(asked.value, 'timeout')).toBe(true)
  expect(asked.value).toMatchObject({ holdfast: { outcome: 'not-sent', attempts: 0, why: 'deadline' } })
})

test('a mark goes before the options: retries, schedule, holding, limits', async () => {
  const rig = createRig({ retries: 5, holdMs: 60_000 })
  await rig.online()
  const never = rejection(rig.api.get('/a', { holdfast: { retries: 0 } }))
  await rig.clock.settle()
  rig.net.last.answer(500)
  expect(await never).toMatchObject({ holdfast: { attempts: 1, why: 'retries-used' } })

  watch(rig.api.get('/b', { holdfast: { schedule: fixed(50) } }))
  await rig.clock.settle()
  rig.net.last.answer(500)
  await rig.clock.advance(50)
  expect(rig.net.open).toBe(1)
  rig.net.last.answer()

  const short = watch(rig.api.get('/c', { holdfast: { deadlineMs: 100 } }))
  const quick = watch(rig.api.get('/d', { holdfast: { attemptTimeoutMs: 100, retries: 0 } }))
  await rig.clock.advance(100)
  expect([short.state, quick.state]).toEqual(['rejected', 'rejected'])

  await rig.lose()
  const unheld = watch(rig.api.get('/e', { holdfast: { holdMs: 0 } }))
  await rig.clock.advance(0)
  expect(isHoldfastError(unheld.value, 'gave-up')).toBe(true)
})

test.each<[HoldfastMark, RegExp]>([
  [{ retries: 6 }, /holdfast\.retries is 6; allowed: .*0 to 5/],
  [{ retries: 1.5 }, /holdfast\.retries is 1\.5/],
  [{ schedule: {} as never }, /holdfast\.schedule/],
  [{ deadlineMs: 0 }, /holdfast\.deadlineMs is 0/],
  [{ deadlineMs: '5' as never }, /holdfast\.deadlineMs is "5"/],
  [{ attemptTimeoutMs: Number.NaN }, /holdfast\.attemptTimeoutMs is NaN/],
  [{ holdMs: Infinity }, /holdfast\.holdMs is Infinity/],
  [{ stalledMs: -1 }, /holdfast\.stalledMs is -1/],
  [{ priority: 'high' as never }, /holdfast\.priority is "high"; allowed: "normal", "prefetch"/],
  [{ key: 'a\r\nX-Evil: 1' }, /holdfast\.key/],
  [{ key: '' }, /holdfast\.key/],
  [{ signal: {} as never }, /holdfast\.signal/],
  [{ retry: 1 } as never, /holdfast\.retry is not an option; allowed: key, signal/],
])('a mark of %o is refused, named, and nothing is sent', async (holdfast, message) => {
  const rig = createRig()
  await rig.online()
  const refused = await rejection(rig.api.get('/orders', { holdfast }))
  expect(isHoldfastError(refused, 'bad-option')).toBe(true)
  expect(refused.message).toMatch(message)
  expect(rig.net.sent).toHaveLength(0)
})

test('R11: X-Request-ID stays over all attempts, traceparent keeps its trace and has a new parent each time', async () => {
  const rig = createRig({ sendHeaders: ['X-Request-ID', 'traceparent'] })
  await rig.online()
  watch(rig.api.get('/orders'))
  await rig.clock.settle()
  rig.net.last.answer(500)
  await rig.clock.advance(1_000)
  const [first, second] = rig.net.sent.map(({ headers }) => headers)
  expect(first?.['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  expect(second?.['x-request-id']).toBe(first?.['x-request-id'])
  const [, trace, parent] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/.exec(first?.traceparent ?? '') ?? []
  expect(second?.traceparent).toMatch(new RegExp(`^00-${trace}-`))
  expect(second?.traceparent).not.toContain(parent)
  watch(rig.api.get('/other'))
  await rig.clock.settle()
  expect(rig.net.last.headers['x-request-id']).not.toBe(first?.['x-request-id'])
  expect(rig.net.last.headers.traceparent).not.toContain(trace)
  rig.http.detach()
})

test('R10: X-Request-Deadline-Ms says what is left at each attempt, and nothing where there is no limit', async () => {
  const rig = createRig({ sendHeaders: ['X-Request-Deadline-Ms'] })
  await rig.online()
  watch(rig.api.get('/orders', { holdfast: { deadlineMs: 5_000 } }))
  await rig.clock.settle()
  rig.net.last.answer(500)
  await rig.clock.advance(1_000)
  watch(rig.api.get('/b', { holdfast: { deadlineMs: 5_000, attemptTimeoutMs: 200 } }))
  watch(rig.api.get('/c'))
  await rig.clock.settle()
  expect(rig.net.sent.map(({ headers }) => headers['x-request-deadline-ms'])).toEqual([
    '5000',
    '4000',
    '200',
    undefined,
  ])
  rig.http.detach()
})

test('what the caller has set himself is kept', async () => {
  const rig = createRig({ sendHeaders: ['X-Request-ID', 'traceparent'] })
  await rig.online()
  const headers = { 'X-Request-Id': 'mine', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00` }
  watch(rig.api.get('/orders', { headers }))
  await rig.clock.settle()
  rig.net.last.answer(500)
  await rig.clock.advance(1_000)
  for (const sent of rig.net.sent) {
    expect(sent.headers).toMatchObject({ 'x-request-id': 'mine', traceparent: headers.traceparent })
  }
  rig.http.detach()
})

test('I27: a body that can be read once is given back at its first failure, and the error says why', async () => {
  const rig = createRig({ idempotency: 'honoured' })
  await rig.online()
  async function* pieces() {
    yield 'a'
  }
  for (const body of [new ReadableStream(), pieces()]) {
    const transformRequest = (data: unknown) => data
    const asked = rejection(rig.api.post('/upload', body, { transformRequest }))
    await rig.clock.settle()
    rig.net.last.answer(503)
    expect(await asked).toMatchObject({ holdfast: { outcome: 'overloaded', attempts: 1, why: 'read-once' } })
  }
  await rig.recover()
})

test('a body that can be read once is held before it is sent, and then sent once', async () => {
  const rig = createRig({ idempotency: 'honoured' })
  await rig.online()
  await rig.lose()
  const body = new ReadableStream()
  const asked = watch(rig.api.post('/upload', body, { transformRequest: (data: unknown) => data }))
  await rig.recover()
  expect(rig.net.last.data).toBe(body)
  rig.net.last.answer(201)
  await rig.clock.settle()
  expect(asked.state).toBe('resolved')
})

test('the progress of an upload is heard through a loss and its repetition', async () => {
  const rig = createRig({ idempotency: 'honoured' })
  await rig.online()
  const heard: number[] = []
  watch(rig.api.put('/file', 'x'.repeat(9), { onUploadProgress: ({ loaded }) => heard.push(loaded) }))
  await rig.clock.settle()
  rig.net.last.config.onUploadProgress?.({ loaded: 4 } as never)
  await rig.lose()
  // What has just moved is not cut; after 3 s of silence it is.
  await rig.clock.advance(3_000)
  await rig.recover()
  rig.net.last.config.onUploadProgress?.({ loaded: 9 } as never)
  expect(rig.net.sent).toHaveLength(2)
  expect(heard).toEqual([4, 9])
  rig.http.detach()
})

test('I24: what the server asked for counts from its answer, also while the verdict is open', async () => {
  const rig = createRig()
  rig.health = 'silent'
  await rig.online()
  watch(rig.api.get('/orders'))
  await rig.clock.settle()
  rig.net.last.answer(503, '', { 'retry-after': '30' })
  rig.health = { kind: 'good' }
  await rig.clock.advance(29_000)
  expect([rig.link, rig.net.sent.length]).toEqual(['online', 1])
  await rig.clock.advance(3_000)
  expect(rig.net.sent).toHaveLength(2)
})

test('I24: a loss does not shorten what the server asked for, and lets it pass', async () => {
  for (const [downMs, attempts] of [
    [1_000, 1],
    [40_000, 2],
  ] as const) {
    const rig = createRig()
    await rig.online()
    watch(rig.api.get('/orders'))
    await rig.clock.settle()
    rig.health = { kind: 'failed' }
    rig.net.last.answer(503, '', { 'retry-after': '30' })
    await rig.clock.advance(downMs)
    await rig.recover()
    await rig.clock.advance(100)
    expect([rig.link, rig.net.sent.length]).toEqual(['online', attempts])
  }
})

test('I03 I27: a form that would be other bytes under the same key is not sent again after an unknown outcome', async () => {
  const rig = createRig({ idempotency: 'honoured' })
  await rig.online()
  const form = new FormData()
  form.set('note', 'x')
  const asked = watch(rig.api.post('/files', form))
  await rig.clock.settle()
  rig.net.last.answer(500)
  await rig.clock.advance(20_000)
  expect(asked.value).toMatchObject({ holdfast: { outcome: 'maybe-committed', attempts: 1, why: 'unsafe' } })
  // With a boundary that stays it is the same bytes each time.
  watch(rig.api.post('/files', form, { headers: { 'Content-Type': 'multipart/form-data; boundary=own' } }))
  await rig.clock.settle()
  rig.net.last.answer(500)
  await rig.clock.advance(20_000)
  expect(rig.net.sent).toHaveLength(3)
})
