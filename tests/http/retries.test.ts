import { expect, test } from 'vitest'
import { http as preset } from '../../src/presets.js'
import { createRig, rejection, watch } from './rig.js'

test('R04: a read that fails with 500 is repeated five times, and then its last error is given back unchanged', async () => {
  const rig = createRig()
  await rig.online()
  const asked = watch(rig.api.get('/orders'))
  await rig.clock.settle()
  for (let attempt = 1; attempt <= 6; attempt++) {
    expect(rig.net.sent).toHaveLength(attempt)
    rig.net.last.answer(500, `{"attempt":${attempt}}`)
    await rig.clock.advance(1_000)
  }
  expect(asked.value).toMatchObject({
    isAxiosError: true,
    response: { status: 500, data: { attempt: 6 } },
    holdfast: { outcome: 'maybe-committed', attempts: 6 },
  })
})

test('R04: the pauses are 1, 2, 4, 8 and 16 s with full jitter', async () => {
  const rolls: number[] = []
  const schedule = { ...preset, delay: (step: number) => (rolls.push(step), preset.delay(step, 0.999, 0)) }
  const rig = createRig({ schedule })
  await rig.online()
  const asked = watch(rig.api.get('/orders'))
  for (const seconds of [1, 2, 4, 8, 16]) {
    await rig.clock.settle()
    const before = rig.net.sent.length
    rig.net.last.answer(500)
    await rig.clock.advance(seconds * 990)
    expect(rig.net.sent).toHaveLength(before)
    await rig.clock.advance(seconds * 10)
    expect(rig.net.sent).toHaveLength(before + 1)
  }
  expect(rolls).toEqual([0, 1, 2, 3, 4])
  rig.net.last.answer(200)
  await rig.clock.settle()
  expect(asked.state).toBe('resolved')
})

test('a failure whose verdict is good counts, and is repeated after its pause', async () => {
  const rig = createRig({ retries: 1 })
  await rig.online()
  const asked = watch(rig.api.get('/orders'))
  await rig.clock.settle()
  rig.net.last.error('ERR_NETWORK')
  await rig.clock.settle()
  expect(rig.link).toBe('online')
  expect(rig.net.sent).toHaveLength(1)
  await rig.clock.advance(1_000)
  expect(rig.net.sent).toHaveLength(2)
  rig.net.last.error('ERR_NETWORK')
  await rig.clock.settle()
  expect(asked).toMatchObject({
    state: 'rejected',
    value: { code: 'ERR_NETWORK', holdfast: { attempts: 2 } },
  })
})

test('a failure before the verdict is known is forgiven once', async () => {
  const rig = createRig({ retries: 0 })
  rig.health = 'silent'
  rig.connection.start()
  const asked = watch(rig.api.get('/orders'))
  await rig.clock.settle()
  expect(rig.link).toBe('connecting')
  rig.net.last.error('ERR_NETWORK')
  await rig.clock.settle()
  expect(rig.facts.held).toBe(1)
  rig.connection.send({ type: 'PROBE_OK' })
  await rig.clock.settle()
  expect(rig.net.sent).toHaveLength(2)
  rig.net.last.error('ERR_NETWORK')
  await rig.clock.settle()
  expect(asked.state).toBe('pending')
  rig.connection.send({ type: 'PROBE_OK' })
  await rig.clock.settle()
  expect(asked.state).toBe('rejected')
})

test('I24: Retry-After is a floor', async () => {
  const rig = createRig()
  await rig.online()
  const asked = watch(rig.api.get('/orders'))
  await rig.clock.settle()
  rig.net.last.answer(429, '{}', { 'retry-after': '10' })
  await rig.clock.advance(10_000)
  expect(rig.net.sent).toHaveLength(1)
  await rig.clock.advance(1_000)
  expect(rig.net.sent).toHaveLength(2)
  rig.net.last.answer()
  await rig.clock.settle()
  expect(asked.state).toBe('resolved')
})

test('a Retry-After beyond holdMs is the caller’s to decide', async () => {
  const rig = createRig()
  await rig.online()
  const asked = rejection(rig.api.get('/orders'))
  await rig.clock.settle()
  rig.net.last.answer(429, '{}', { 'retry-after': '600' })
  expect(await asked).toMatchObject({
    response: { status: 429 },
    holdfast: { outcome: 'overloaded', attempts: 1 },
  })
})

test.each([400, 403, 404, 409, 412, 422])(
  '%i is final, and the same error that axios makes',
  async (status) => {
    const rig = createRig()
    await rig.online()
    const asked = rejection(rig.api.post('/orders', {}))
    await rig.clock.settle()
    rig.net.last.answer(status)
    expect(await asked).toMatchObject({ isAxiosError: true, response: { status }, holdfast: { attempts: 1 } })
    expect(rig.net.sent).toHaveLength(1)
  },
)

test('a 503 that validateStatus accepts is repeated all the same, and its answer given at the end', async () => {
  const rig = createRig({ retries: 1 })
  await rig.online()
  const asked = watch(rig.api.get('/orders', { validateStatus: null }))
  await rig.clock.settle()
  rig.net.last.answer(503)
  await rig.clock.advance(1_000)
  rig.net.last.answer(503)
  await rig.clock.settle()
  expect(asked).toMatchObject({ state: 'resolved', value: { status: 503 } })
  expect(rig.net.sent).toHaveLength(2)
})

test('I27: an unsafe request of unknown outcome is not sent again unless its keys are honoured', async () => {
  const rig = createRig()
  await rig.online()
  const asked = rejection(rig.api.post('/orders', {}))
  await rig.clock.settle()
  rig.net.last.error('ERR_NETWORK')
  expect(await asked).toMatchObject({
    code: 'ERR_NETWORK',
    holdfast: { outcome: 'maybe-committed', attempts: 1 },
  })
  await rig.clock.advance(20_000)
  expect(rig.net.sent).toHaveLength(1)
})

test('I03: where keys are honoured it is sent again, with the same key and bytes', async () => {
  const rig = createRig({ idempotency: (url, method) => url === '/orders' && method === 'post' })
  await rig.online()
  const asked = watch(rig.api.post('/orders', { id: 1 }))
  const other = rejection(rig.api.post('/other', { id: 1 }))
  await rig.clock.settle()
  for (const sent of rig.net.sent) sent.error('ERR_NETWORK')
  expect(await other).toMatchObject({ code: 'ERR_NETWORK' })
  await rig.clock.advance(1_000)
  const [first, , second] = rig.net.sent
  expect(first?.headers['idempotency-key']).toMatch(/^"[0-9a-f-]{36}"$/)
  expect(second?.headers).toEqual(first?.headers)
  expect(second?.data).toBe(first?.data)
  rig.net.last.answer(201)
  await rig.clock.settle()
  expect(asked.state).toBe('resolved')
})

test('what was surely not sent is sent again, whatever it is', async () => {
  const rig = createRig()
  await rig.online()
  const asked = watch(rig.api.delete('/orders/1'))
  await rig.clock.settle()
  rig.net.last.error('ECONNREFUSED')
  await rig.clock.advance(1_000)
  rig.net.last.answer(200)
  await rig.clock.settle()
  expect(asked.state).toBe('resolved')
})

test('an overloaded server gets the same write again, with the same key', async () => {
  const rig = createRig()
  await rig.online()
  const asked = watch(rig.api.post('/orders', {}))
  await rig.clock.settle()
  rig.net.last.answer(409, '{}', { 'retry-after': '2' })
  await rig.clock.advance(3_000)
  expect(rig.net.sent[1]?.headers['idempotency-key']).toBe(rig.net.sent[0]?.headers['idempotency-key'])
  rig.net.last.answer(201)
  await rig.clock.settle()
  expect(asked.state).toBe('resolved')
})

test('I27: a body that can be read once only is never sent again', async () => {
  const rig = createRig({ idempotency: 'honoured' })
  await rig.online()
  const asked = rejection(
    rig.api.post('/upload', new ReadableStream(), { transformRequest: (data: unknown) => data }),
  )
  await rig.clock.settle()
  rig.net.last.error('ECONNREFUSED')
  expect(await asked).toMatchObject({ code: 'ECONNREFUSED' })
})

test('where keys are off none is put on, and a write of unknown outcome goes back to its caller', async () => {
  const rig = createRig({ idempotency: 'off' })
  await rig.online()
  const asked = rejection(rig.api.post('/orders', {}))
  await rig.clock.settle()
  expect(rig.net.last.headers).not.toHaveProperty('idempotency-key')
  rig.net.last.error('ERR_NETWORK')
  expect(await asked).toMatchObject({ code: 'ERR_NETWORK', holdfast: { outcome: 'maybe-committed' } })
})

test('a key that the caller has set is kept', async () => {
  const rig = createRig()
  await rig.online()
  watch(rig.api.post('/orders', {}, { headers: { 'IDEMPOTENCY-KEY': '"mine"' } }))
  await rig.clock.settle()
  expect(rig.net.last.headers['idempotency-key']).toBe('"mine"')
})

test('an error’s config is as the caller made it, and can be sent again', async () => {
  const rig = createRig()
  await rig.online()
  const { signal } = new AbortController()
  const onDownloadProgress = () => {}
  const asked = rejection(rig.api.get('/orders', { signal, onDownloadProgress }))
  await rig.clock.settle()
  expect(rig.net.last.config.signal).not.toBe(signal)
  rig.net.last.answer(404)
  const { config } = await asked
  expect(config?.signal).toBe(signal)
  expect(config?.onDownloadProgress).toBe(onDownloadProgress)
  const again = watch(rig.api.request(config!))
  await rig.clock.settle()
  rig.net.last.answer()
  await rig.clock.settle()
  expect(again.state).toBe('resolved')
})

test('the caller still hears of the progress of a download', async () => {
  const rig = createRig()
  await rig.online()
  let heard = 0
  watch(rig.api.get('/orders', { onDownloadProgress: () => (heard += 1) }))
  await rig.clock.settle()
  rig.net.last.progress()
  rig.net.last.progress()
  expect(heard).toBe(2)
})
