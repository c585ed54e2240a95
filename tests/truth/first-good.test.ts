import { expect, test } from 'vitest'
import { firstGood } from './first-good.js'

const judged: string[] = []
const judgeOf = (...good: readonly string[]) => {
  judged.length = 0
  return async (variant: string) => {
    judged.push(variant)
    return good.includes(variant) ? { variant } : `${variant} is bad`
  }
}

test('the first good one is taken, and none after it is looked at', async () => {
  expect(await firstGood('row', ['a', 'b', 'c'], judgeOf('b', 'c'))).toEqual({ variant: 'b' })
  expect(judged).toEqual(['a', 'b'])
})

test('one that is known to be good is judged first, and only believed if it is', async () => {
  expect(await firstGood('row', ['a', 'b', 'c'], judgeOf('b', 'c'), 2)).toEqual({ variant: 'c' })
  expect(judged).toEqual(['c'])
  expect(await firstGood('row', ['a', 'b', 'c'], judgeOf('b'), 2)).toEqual({ variant: 'b' })
  expect(judged).toEqual(['c', 'a', 'b'])
  expect(await firstGood('row', ['a', 'b'], judgeOf('b'), 7)).toEqual({ variant: 'b' })
})

test('without a good one it is said how many there were, and what is wrong with the last', async () => {
  await expect(firstGood('row', ['a', 'b'], judgeOf())).rejects.toThrow(
    'row: none of 2 variants will do; of the last one: b is bad',
  )
  await expect(firstGood('row', [], judgeOf())).rejects.toThrow('there are none')
})
