import { expect, test } from 'vitest'
import { hear } from '../../../mocks/storybook/panel/heard.js'
import { line, told } from './told.js'

test('messages are put together bit by bit', () => {
  const first = hear(null, told({ log: [line(1, 40)] }))!
  const second = hear(first, told({ nowMs: 90, from: { log: 1, marks: 0 }, log: [line(2, 80)] }))!
  expect(second.log.map(({ id }) => id)).toEqual([1, 2])
  expect(second.nowMs).toBe(90)
  const third = hear(second, told({ nowMs: 95, from: { log: 2, marks: 0 } }))!
  expect(third.log).toBe(second.log)
})

test('who has missed a message has to ask for everything', () => {
  const first = hear(null, told({ log: [line(1, 40)] }))!
  expect(hear(first, told({ from: { log: 2, marks: 0 } }))).toBeNull()
  expect(hear(null, told({ from: { log: 1, marks: 0 } }))).toBeNull()
  expect(hear(first, told({ world: 2, from: { log: 1, marks: 0 } }))).toBeNull()
  expect(hear(first, told({ story: 'c--d', from: { log: 1, marks: 1 } }))).toBeNull()
})

test('after a way back, what had been lived through stays as what comes again, while the script is the same', () => {
  const first = hear(null, told({ log: [line(1, 40), line(2, 800)], nowMs: 1000 }))!
  const back = hear(first, told({ world: 2, nowMs: 0 }))!
  expect([back.log, back.ahead.log.map(({ id }) => id)]).toEqual([[], [1, 2]])
  const again = hear(back, told({ world: 2, nowMs: 50, log: [line(1, 40)] }))!
  const twice = hear(again, told({ world: 3, nowMs: 0 }))!
  expect(twice.ahead.log.map(({ id }) => id)).toEqual([1, 2])
  const past = hear(back, told({ world: 2, nowMs: 900, log: [line(1, 40)] }))!
  const after = hear(past, told({ world: 3, nowMs: 0 }))!
  expect(after.ahead.log.map(({ id }) => id)).toEqual([1])
  const other = { seed: 1, commands: [{ atMs: 1, do: 'calm' as const }] }
  expect(hear(twice, told({ world: 3, script: other, from: { log: 0, marks: 0 } }))!.ahead.log).toEqual([])
  expect(hear(twice, told({ story: 'c--d' }))!.ahead.log).toEqual([])
})
