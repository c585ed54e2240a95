import { expect, test } from 'vitest'
import { forget } from '../../stories/order-desk/forget.js'
import { createDeskStage } from '../../stories/order-desk/stage.js'
import { useFakeIndexedDb, useFakeStorage } from '../queue/fake-idb.js'

useFakeIndexedDb()

const kept = useFakeStorage()

/** A look at an outage: an order waits when somebody turns away. Returns whether changes were missed. */
async function look(): Promise<boolean> {
  await forget('desk')
  const { desk, network, clock, ready, lose, dispose } = createDeskStage({ name: 'desk' })
  const stops = [desk.status.start(), desk.queue.start()]
  desk.connection.start()
  await ready()
  network.apply({ type: 'refuse' })
  await lose()
  await desk.place({ item: 'Rye bread', qty: 2, note: null })
  await clock.advance(5_000)
  expect(desk.queue.actions).toHaveLength(1)
  const isMissed = desk.queue.facts.lostAt !== null
  desk.connection.stop()
  stops.forEach((stop) => stop())
  await clock.settle()
  dispose()
  return isMissed
}

test('whoever looks at an outage once more is not told that the changes of the first look were lost', async () => {
  expect(await look()).toBe(false)
  expect(kept.size).toBe(1)
  expect(await look()).toBe(false)
})
