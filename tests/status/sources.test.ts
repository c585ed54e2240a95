/** Facts of several sources, as one. */
import { expect, test } from 'vitest'
import { EMPTY_QUEUE } from '../../src/status/facts.js'
import { mergeFacts } from '../../src/status/sources.js'

test('two queues: counts add up, the oldest write and the worst storage win', () => {
  const one = { ...EMPTY_QUEUE, waiting: 2, oldestAt: 500, persisted: true, aside: 1 }
  const other = { ...EMPTY_QUEUE, waiting: 3, oldestAt: 400, persisted: false, standIn: 'blocked' as const }
  expect(mergeFacts([{ queue: one }, { held: 2 }, { queue: other, held: 1 }])).toMatchObject({
    queue: { waiting: 5, oldestAt: 400, persisted: false, standIn: 'blocked', aside: 1, lostAt: null },
    held: 3,
  })
})

test('I10 a loss that one of two queues has seen is not forgotten beside the other', () => {
  const lost = { ...EMPTY_QUEUE, lostAt: 700 }
  const { queue } = mergeFacts([{ queue: EMPTY_QUEUE }, { queue: lost }])
  expect(queue.lostAt).toBe(700)
})
