import type { AxiosProgressEvent } from 'axios'
import { expect, test } from 'vitest'
import { isHoldfastError } from '../../src/core/errors.js'
import { createRig, watch } from './rig.js'

const suspicions = (rig: ReturnType<typeof createRig>) =>
  rig.events.filter((event) => event.type === 'SUSPICION').length

test('nothing moved for 3 s while something is pending: a suspicion', async () => {
  const rig = createRig()
  await rig.online()
  watch(rig.api.get('/orders'))
  await rig.clock.advance(2_999)
  expect(suspicions(rig)).toBe(0)
  await rig.clock.advance(1)
  expect(rig.events.at(-1)).toEqual({ type: 'SUSPICION', cause: 'timeout' })
})

test('an upload that goes on is movement; one that is all sent is none, however many there are', async () => {
  const rig = createRig()
  // Only XMLHttpRequest tells of uploads, and the kit listens only there.
  Object.assign(rig.net.adapter, { adapterName: 'xhr' })
  await rig.online()
  watch(rig.api.post('/orders', { scan: 'large' }))
  const upload = (loaded: number) =>
    rig.net.last.config.onUploadProgress?.({ loaded, total: 900, bytes: 100 } as AxiosProgressEvent)
  await rig.clock.advance(2_000)
  upload(100)
  await rig.clock.advance(2_000)
  upload(900)
  await rig.clock.advance(999)
  expect(suspicions(rig)).toBe(0)
  await rig.clock.advance(1)
  expect(suspicions(rig)).toBe(1)
  rig.http.detach()
})

test('a write without a key is not listened to: that alone would force a preflight', async () => {
  const rig = createRig({ idempotency: 'off' })
  Object.assign(rig.net.adapter, { adapterName: 'xhr' })
  await rig.online()
  watch(rig.api.post('/orders', { scan: 'large' }))
  await rig.clock.advance(0)
  expect(rig.net.last.config.onUploadProgress).toBeUndefined()
  expect(rig.net.last.config.headers.has('Idempotency-Key')).toBe(false)
  rig.http.detach()
})

test('I21: a half-open link is found, and the request is delivered after it', async () => {
  const rig = createRig()
  await rig.online()
  rig.health = 'silent'
  const asked = watch(rig.api.get('/orders'))
  await rig.clock.advance(3_000 + 5_000)
  expect(rig.link).toBe('trying')
  expect(rig.net.open).toBe(0)
  rig.health = { kind: 'good' }
  await rig.clock.advance(6_000)
  rig.net.last.answer()
  await rig.clock.settle()
  expect(asked.state).toBe('resolved')
})

test('while probes are good and the same request stays silent, the span doubles up to 60 s', async () => {
  const rig = createRig({ stalledMs: 600_000 })
  await rig.online()
  watch(rig.api.get('/orders'))
  const at: number[] = []
  const begunAt = rig.clock.now()
  rig.connection.subscribe(
    ({ link }) => link.name === 'suspect' && at.push((rig.clock.now() - begunAt) / 1_000),
  )
  await rig.clock.advance(220_000)
  expect(at).toEqual([3, 9, 21, 45, 93, 153, 213])
  rig.http.detach()
})

test('a request that begins later has its own three seconds', async () => {
  const rig = createRig()
  await rig.online()
  watch(rig.api.get('/slow'))
  await rig.clock.advance(22_000)
  const before = suspicions(rig)
  watch(rig.api.get('/orders'))
  await rig.clock.advance(2_999)
  expect(suspicions(rig)).toBe(before)
  await rig.clock.advance(1)
  expect(suspicions(rig)).toBe(before + 1)
  rig.http.detach()
})

test('an answer to another request, and bytes of a body, are movement', async () => {
  const rig = createRig()
  await rig.online()
  watch(rig.api.get('/slow'))
  const [slow] = (await rig.clock.advance(2_000), rig.net.sent)
  watch(rig.api.get('/quick'))
  await rig.clock.settle()
  rig.net.last.answer()
  await rig.clock.advance(2_500)
  expect(suspicions(rig)).toBe(0)
  slow?.progress()
  await rig.clock.advance(2_900)
  expect(suspicions(rig)).toBe(0)
  await rig.clock.advance(100)
  expect(suspicions(rig)).toBe(1)
  rig.http.detach()
})

test('a read that is silent for 60 s while probes are good is ended and repeated', async () => {
  const rig = createRig({ retries: 1 })
  await rig.online()
  const asked = watch(rig.api.get('/orders'))
  await rig.clock.advance(59_999)
  expect(rig.net.open).toBe(1)
  await rig.clock.advance(1)
  expect(rig.net.open).toBe(0)
  await rig.clock.advance(1_000)
  expect(rig.net.sent).toHaveLength(2)
  await rig.clock.advance(60_000)
  expect(isHoldfastError(asked.value, 'timeout')).toBe(true)
  expect(asked.value).toMatchObject({ holdfast: { outcome: 'maybe-committed', attempts: 2 } })
})

test('a write that is silent for 60 s while probes are good is ended as unknown', async () => {
  const rig = createRig()
  await rig.online()
  const asked = watch(rig.api.post('/orders', {}))
  await rig.clock.advance(60_000)
  expect(isHoldfastError(asked.value, 'maybe-committed')).toBe(true)
})

test('a declared poll may be silent for ever, and nobody is told that it is slow', async () => {
  const rig = createRig()
  await rig.online()
  const asked = watch(rig.api.get('/poll', { holdfast: { stalledMs: Infinity } }))
  await rig.clock.advance(600_000)
  expect(asked.state).toBe('pending')
  expect(suspicions(rig)).toBe(0)
  expect(rig.facts.pendingSince).toBeNull()
})

test('ux, slow: people are told since when the oldest request is silent, from a second on', async () => {
  const rig = createRig()
  await rig.online()
  const begunAt = rig.clock.now()
  watch(rig.api.get('/orders'))
  await rig.clock.advance(999)
  expect(rig.facts.pendingSince).toBeNull()
  await rig.clock.advance(1)
  expect(rig.facts.pendingSince).toBe(begunAt)
  rig.net.last.answer()
  await rig.clock.settle()
  expect(rig.facts.pendingSince).toBeNull()
})

test('nothing runs while nothing is pending', async () => {
  const rig = createRig()
  await rig.online()
  const before = rig.clock.pending()
  watch(rig.api.get('/orders'))
  await rig.clock.settle()
  expect(rig.clock.pending()).toBe(before + 1)
  rig.net.last.answer()
  await rig.clock.advance(1_000)
  expect(rig.clock.pending()).toBe(before)
})

test('I21: a planned loss lets what is in the air end by itself, but not for ever', async () => {
  const rig = createRig()
  await rig.online()
  const asked = watch(rig.api.post('/orders', {}))
  await rig.clock.settle()
  rig.health = { kind: 'draining', retryAfterMs: 1_000 }
  rig.connection.retryNow()
  await rig.clock.settle()
  rig.health = { kind: 'failed' }
  await rig.clock.advance(119_000)
  expect([rig.link, asked.state]).toEqual(['waiting', 'pending'])
  await rig.clock.advance(2_000)
  expect(asked.value).toMatchObject({ code: 'maybe-committed' })
})

test('the progress of an upload that its caller listens to is movement, key or none', async () => {
  const rig = createRig({ idempotency: 'off' })
  await rig.online()
  const heard: number[] = []
  const onUploadProgress = ({ loaded }: { loaded: number }) => void heard.push(loaded)
  const asked = watch(rig.api.put('/files/1', 'bytes', { onUploadProgress }))
  await rig.clock.settle()
  for (let loaded = 1; loaded <= 90; loaded++) {
    await rig.clock.advance(1_000)
    const progress = { loaded, total: 100, bytes: 1, lengthComputable: true }
    rig.net.last.config.onUploadProgress?.(progress)
  }
  expect([asked.state, heard.length]).toEqual(['pending', 90])
  expect(rig.events.filter(({ type }) => type === 'SUSPICION')).toEqual([])
})
