import { expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { createQueue, memoryStore, type LockPort, type QueueStore } from '../../src/queue/index.js'
import { row } from '../queue/fake-idb.js'
import { fakeConnection } from '../queue/rig.js'

/** What a queue asks for while it opens a store that keeps one action, in order, up to the sending of it. */
async function opening(signOuts: number) {
  const asked: string[] = []
  const memory = memoryStore()
  await memory.write({ scope: 'ann', positions: [], durability: 'relaxed' }, (draft) => {
    draft.put(row(1))
    draft.meta = { ...draft.meta, position: 1, signOuts }
  })
  const store: QueueStore = {
    ...memory,
    name: 'kept',
    open: async () => ({ persisted: true }),
    load(...range) {
      asked.push('rows')
      return memory.load(...range)
    },
  }
  // Held at once, before the store has said anything.
  const lock: LockPort = {
    hold(_name, onChange) {
      asked.push('lock')
      onChange(true)
      return () => {}
    },
  }
  const clock = manualClock()
  const send = () => {
    asked.push('send')
    return new Promise(() => {})
  }
  const handlers = { order: { honoursKeys: true, send } }
  const queue = createQueue({
    connection: fakeConnection(clock),
    ...{ store, lock, handlers, scope: 'ann', bus: null },
  })
  queue.start()
  await clock.settle()
  queue.stop()
  return asked
}

test('P11 whose turn it is to send is asked before the first row is read, and no row is read twice for it', async () => {
  expect(await opening(0)).toEqual(['lock', 'rows', 'send'])
})

test('I14 P11 who has signed out before, and in again, sends at once as well', async () => {
  expect(await opening(2)).toEqual(['lock', 'rows', 'send'])
})
