import { expect, test } from 'vitest'
import { createRig, JSON_TYPE, watch } from './rig.js'

test('B01: a recognised answer is evidence, with when its request began and the boot id', async () => {
  const rig = createRig()
  rig.health = 'silent'
  rig.connection.start()
  const startedAt = rig.clock.now()
  watch(rig.api.get('/orders'))
  await rig.clock.advance(100)
  rig.net.last.answer(200, '{}', { ...JSON_TYPE, holdfast: '1', 'holdfast-boot': 'b7' })
  await rig.clock.settle()
  expect(rig.events.at(-1)).toEqual({ type: 'GOOD_ANSWER', startedAt, boot: 'b7' })
  expect(rig.link).toBe('online')
})

test('a refusal of the service’s is as good a sign of life', async () => {
  const rig = createRig()
  rig.health = 'silent'
  rig.connection.start()
  watch(rig.api.get('/orders'))
  await rig.clock.settle()
  rig.net.last.answer(404)
  await rig.clock.settle()
  expect(rig.link).toBe('online')
})

test('while the link is up, answers are told once a second at most', async () => {
  const rig = createRig()
  await rig.online()
  for (let asked = 0; asked < 10; asked++) {
    watch(rig.api.get('/orders'))
    await rig.clock.settle()
    rig.net.last.answer()
    await rig.clock.advance(150)
  }
  expect(rig.events.filter(({ type }) => type === 'GOOD_ANSWER')).toHaveLength(2)
})

test('a 500 and a 404 are no suspicion; 502, 503 and 504 are', async () => {
  const rig = createRig({ retries: 0 })
  await rig.online()
  for (const status of [500, 404, 502, 503, 504]) {
    watch(rig.api.get('/orders'))
    await rig.clock.settle()
    rig.net.last.answer(status)
    await rig.clock.settle()
  }
  const causes = rig.events.flatMap((event) => (event.type === 'SUSPICION' ? [event.cause] : []))
  expect(causes).toEqual(['server', 'server', 'timeout'])
})
