import { expect, test } from 'vitest'
import { lengthOf, type Scenario } from '../../mocks/scenario.js'
import { scenarios } from '../../mocks/scenarios/index.js'
import { whyByChance } from './by-chance.js'
import { simulate } from './simulated.js'

const late: Scenario = {
  name: 'Late',
  sentence: 'Each way takes half a second.',
  steps: [{ atMs: 1_000, do: { type: 'latency', ms: 1_000 }, forMs: 4_000 }],
}

async function whyOf(scenario: Scenario, firstMs: number): Promise<string | null> {
  const variant = { seed: 1, firstMs }
  return whyByChance(scenario, variant, await simulate(scenario, variant), lengthOf(scenario) + 3_000)
}

test('what arrives at the service just before a step is named: on a slower machine it comes after it', async () => {
  // It leaves at 4.48 s, and is there at 4.98 s.
  expect(await whyOf(late, 880)).toBe('all is 40 ms slower: request 3')
  expect(await whyOf(late, 700)).toBeNull()
})

test('of what is asked at once and met by luck the order of the answers decides, and that is named', async () => {
  expect(await whyOf({ ...scenarios.flaky, seed: 1 }, 300)).not.toBeNull()
})
