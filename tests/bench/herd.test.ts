import { expect, test } from 'vitest'
import { kitHerd, playHerd } from '../../bench/recovery/herd.js'
import { seededRandom } from '../../mocks/random.js'
import { http, steady } from '../../src/presets.js'

const isSoak = import.meta.env.MODE === 'soak'
const SIZES = isSoak ? [100_000, 1_000_000] : [100_000]

test.each(SIZES)(
  'P6 %i clients of a server that is back are in within 1.05 of the least time, and knock twice at most',
  (size) => {
    const { ratio, attempts } = playHerd(size, kitHerd(steady, http, seededRandom(7).next))
    expect(ratio).toBeLessThanOrEqual(1.05)
    expect(attempts).toBeLessThanOrEqual(2)
  },
)
