/** What is told about the place where changes are kept: in the list's notes, and in the bar what cannot be undone. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { QueueFacts } from '../../src/core/state.js'
import { EMPTY_QUEUE } from '../../src/status/facts.js'
import { notesOf } from '../../src/status/notes.js'
import { createStatus } from '../../src/status/status.js'
import { whileLost, whileUp } from './script.js'

const keys = (queue: QueueFacts) => notesOf(queue).map(({ message }) => message.key)

test('a store that is as it should be is not spoken of, nor one that the application has chosen so', () => {
  expect(keys({ ...EMPTY_QUEUE, persisted: true, waiting: 3 })).toEqual([])
  expect(keys({ ...EMPTY_QUEUE, persisted: false, waiting: 3, standIn: null })).toEqual([])
})

test('a browser that keeps nothing is told while something waits; what can be mended is told before', () => {
  const told = (standIn: 'unavailable' | 'blocked' | 'newer') =>
    [0, 1].map((waiting) => keys({ ...EMPTY_QUEUE, standIn, waiting }).length)
  expect([told('unavailable'), told('blocked'), told('newer')]).toEqual([
    [0, 1],
    [1, 1],
    [1, 1],
  ])
})

test('I10 whatever a store has done, it is told, and nothing else is', () => {
  const anyStored = fc.record({
    standIn: fc.constantFrom(null, 'unavailable' as const, 'blocked' as const, 'newer' as const),
    aside: fc.nat({ max: 3 }),
    lostAt: fc.option(fc.nat()),
    waiting: fc.nat({ max: 2 }),
    failed: fc.nat({ max: 2 }),
  })
  fc.assert(
    fc.property(anyStored, (stored) => {
      const isKept = stored.waiting + stored.failed > 0
      const expected = [
        ...(stored.lostAt === null ? [] : ['changes-lost']),
        ...(stored.standIn === null || (stored.standIn === 'unavailable' && !isKept)
          ? []
          : [`store-${stored.standIn}`]),
        ...(stored.aside > 0 ? ['changes-aside'] : []),
      ]
      expect(keys({ ...EMPTY_QUEUE, ...stored })).toEqual(expected)
    }),
  )
})

test('I10 that changes were lost is told in the bar, spoken once, and can be put away', () => {
  const script = whileUp()
  script.queue({ lostAt: 60_000 })
  expect(script.view).toMatchObject({
    phase: 'attention',
    surface: 'bar',
    title: { key: 'changes-lost' },
    detail: { key: 'check-latest' },
    actions: ['review', 'dismiss'],
  })
  expect(script.spoken.map(({ message }) => message.key)).toEqual(['changes-lost'])
  script.wait(60_000)
  expect(script.view.phase).toBe('attention')
  script.page({ type: 'DISMISS' })
  expect(script.view).toMatchObject({ phase: 'online', surface: 'none' })
  script.lose()
  script.wait(2_000)
  script.up()
  expect(script.view.phase).toBe('recovered')
  script.queue({ lostAt: 70_000 })
  expect(script.view.phase).toBe('attention')
})

test('I10 an outage is told before what was lost, and then it is not green', () => {
  const script = whileLost(2_000)
  script.queue({ lostAt: 61_000 })
  expect(script.view.phase).toBe('reconnecting')
  script.up()
  expect(script.view).toMatchObject({ phase: 'attention', title: { key: 'changes-lost' } })
  script.page({ type: 'DISMISS' })
  script.wait(1_000)
  expect(script.view).toMatchObject({ phase: 'online', surface: 'none' })
  expect(script.spoken.map(({ message }) => message.key)).not.toContain('recovered')
})

test('what is lost stands behind what could not be sent, and putting it away leaves that', () => {
  const script = whileUp()
  script.queue({ lostAt: 60_000, failed: 2 })
  expect(script.view).toMatchObject({ title: { key: 'attention' }, detail: { key: 'changes-lost' } })
  script.page({ type: 'DISMISS' })
  expect(script.view).toMatchObject({ title: { key: 'attention' }, detail: null, actions: ['review'] })
})

test('changes that wait in this tab only are never counted without saying so', () => {
  const script = whileUp()
  script.queue({ waiting: 2, persisted: false })
  script.connection({ intent: 'offline' })
  expect(script.view.detail).toEqual({ key: 'waiting-in-tab', params: { count: 2 } })
  script.queue({ persisted: true })
  expect(script.view.detail).toEqual({ key: 'changes-waiting', params: { count: 2 } })
})

test('during an announced restart the icon stays the same, asked or not', () => {
  const script = whileUp()
  const icons = new Set<string>()
  script.notice(4_000)
  for (let poll = 0; poll < 5; poll++) {
    icons.add(`${script.view.phase} ${script.view.icon}`)
    script.trying('planned')
    icons.add(`${script.view.phase} ${script.view.icon}`)
    script.failed(3_000, 'planned')
  }
  expect([...icons]).toEqual(['maintenance clock'])
})

test('a misspelt option is refused, and the ones that everybody needs are among those allowed', () => {
  expect(() => createStatus({ connection: {} } as never)).toThrow(
    /createStatus.connection is not an option; allowed: connections, sources,/,
  )
})

test('what is no connection is refused, alone or by name', () => {
  for (const connections of [{ api: undefined }, { api: {} }, {}, [], null, 'api'])
    expect(() => createStatus({ connections } as never)).toThrow(
      /createStatus.connections is .*; allowed: a connection, or at least one by name/,
    )
})
