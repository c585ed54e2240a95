import { expect, test } from 'vitest'
import { keepAnswers } from '../../src/guard/kept.js'

test('an answer is kept to the last ms of its time, and no longer', () => {
  const answers = keepAnswers(10, 1_000)
  answers.set('rye', { value: 12, at: 0 })
  expect(answers.get('rye', 1_000)).toEqual({ value: 12, at: 0 })
  expect(answers.get('rye', 1_001)).toBeUndefined()
})

test('the one that was neither had nor used for longest goes first', () => {
  const answers = keepAnswers(2, 1_000)
  answers.set('rye', { value: 12, at: 0 })
  answers.set('spelt', { value: 7, at: 0 })
  answers.get('rye', 0)
  answers.set('wheat', { value: 31, at: 0 })
  expect(['rye', 'spelt', 'wheat'].map((key) => answers.get(key, 0)?.value)).toEqual([12, undefined, 31])
})

test('with room for none, none is kept', () => {
  const answers = keepAnswers(0, 1_000)
  answers.set('rye', { value: 12, at: 0 })
  expect(answers.get('rye', 0)).toBeUndefined()
})
