import { expect, test } from 'vitest'
import { createRig, rejection, watch } from './rig.js'

const auth = { token: () => 'bob', refresh: () => Promise.resolve() }

test('I14 what is held for one person is not sent as the next one', async () => {
  const rig = createRig({ auth, idempotency: 'honoured' })
  await rig.online()
  await rig.lose()
  const asked = [
    rejection(rig.api.post('/orders', { of: 'ann' }, { headers: { authorization: 'Bearer ann' } })),
    rejection(rig.api.get('/mine')),
  ]
  await rig.clock.settle()
  expect(rig.facts.held).toBe(2)
  rig.connection.signedOut()
  for (const error of await Promise.all(asked)) {
    expect(error).toMatchObject({ code: 'signed-out', holdfast: { outcome: 'not-sent', why: 'signed-out' } })
  }
  await rig.recover()
  await rig.clock.advance(60_000)
  expect(rig.net.sent).toHaveLength(0)
  expect(rig.facts.held).toBe(0)
})

test('I14 what waits to be repeated when its person leaves, or fails after that, is not repeated', async () => {
  const rig = createRig({ auth, idempotency: 'honoured' })
  await rig.online()
  const paused = rejection(rig.api.get('/one'))
  const inTheAir = rejection(rig.api.post('/two', {}))
  await rig.clock.settle()
  rig.net.sent[0]!.answer(503, '{}')
  await rig.clock.settle()
  rig.connection.signedOut()
  expect(await paused).toMatchObject({ response: { status: 503 }, holdfast: { why: 'signed-out' } })
  rig.net.sent[1]!.error('ERR_NETWORK')
  expect(await inTheAir).toMatchObject({ holdfast: { outcome: 'maybe-committed', why: 'signed-out' } })
  await rig.clock.advance(60_000)
  expect(rig.net.sent).toHaveLength(2)
})

test('I14 what the next person asks for is held and sent as ever', async () => {
  const rig = createRig({ auth })
  await rig.online()
  await rig.lose()
  rig.connection.signedOut()
  await rig.clock.advance(10)
  const asked = watch(rig.api.get('/his'))
  await rig.recover()
  rig.net.last.answer()
  await rig.clock.settle()
  expect(asked.state).toBe('resolved')
})
