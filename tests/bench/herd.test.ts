import { expect, test } from 'vitest'
import { CAPACITY, kitHerd, playHerd } from '../../bench/recovery/herd.js'
import { playReal, realClients } from '../../bench/recovery/real-herd.js'
import { seededRandom } from '../../mocks/random.js'
import { http, steady } from '../../src/presets.js'

const isSoak = import.meta.env.MODE === 'soak'
const SIZES = isSoak ? [100_000, 1_000_000] : [100_000]
const REAL = isSoak ? 2_000 : 300

test.each(SIZES)(
  'P6 %i clients of a server that is back are in within 1.05 of the least time, and knock twice at most',
  (size) => {
    const { ratio, attempts } = playHerd(size, kitHerd(steady, http, seededRandom(7).next))
    expect(ratio).toBeLessThanOrEqual(1.05)
    expect(attempts).toBeLessThanOrEqual(2)
  },
)

test('P6 the model of the large crowds and real held requests, before a server that is as much smaller, tell the same', async () => {
  const perSecond = (REAL * CAPACITY) / 100_000
  const found = await playReal(REAL, perSecond, realClients.held)
  const model = playHerd(REAL, kitHerd(steady, http, seededRandom(7).next), perSecond)
  expect(Math.abs(model.ratio / found.ratio - 1)).toBeLessThanOrEqual(0.1)
  expect(Math.abs(model.attempts / found.attempts - 1)).toBeLessThanOrEqual(0.1)
})
