import { expect, test } from 'vitest'
import { measureOutages } from '../../bench/outage.js'

test('P4 a GET asked at the start of an outage of 2 to 60 s is delivered, always; that of axios-retry is not', async () => {
  const { holdfast, ...others } = await measureOutages(7, 3)
  expect(holdfast).toMatchObject({ asked: 21, delivered: 21 })
  expect(others).toMatchObject({
    'axios-retry': { asked: 21, delivered: 0 },
    'axios-retry, exponential': { asked: 21, delivered: 0 },
  })
})
