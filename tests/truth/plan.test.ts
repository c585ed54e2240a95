import fc from 'fast-check'
import { expect, test } from 'vitest'
import { data, syn } from '../../mocks/retransmission.js'
import type { Scenario } from '../../mocks/scenario.js'
import { scenarios } from '../../mocks/scenarios/index.js'
import { knownGood } from './known-good.js'
import { MARGIN_MS, planOf, tooClose, variants } from './plan.js'
import { createRow } from './rows.js'
import { momentsOf } from './shorten.js'
import { certain, whyUnreal } from './unreal.js'

const hole: Scenario = {
  name: 'Hole',
  sentence: 'Nothing gets through.',
  steps: [{ atMs: 1_000, do: { type: 'blackhole' }, forMs: 6_000 }],
}
const variant = variants[0]!
const trace = (...instants: number[]) => ({
  links: [],
  phases: [],
  requests: [],
  departures: instants.map((atMs) => ({ atMs, what: 'probe' })),
})

const played = fc.constantFrom<Scenario>(...Object.values(scenarios))

test('no request comes too close to a step, and each long stretch has one', () => {
  fc.assert(
    fc.property(played, fc.constantFrom(...variants), (scenario, one) => {
      const moments = momentsOf(scenario)
      const plan = planOf(scenario, one)
      expect(plan.map(({ number }) => number)).toEqual(plan.map((_, index) => index + 1))
      for (const { atMs } of plan)
        for (const moment of moments) expect(Math.abs(moment - atMs)).toBeGreaterThanOrEqual(MARGIN_MS)
      moments.slice(1).forEach((to, index) => {
        const from = moments[index]!
        if (to - from < 2 * MARGIN_MS) return
        expect(plan.some(({ atMs }) => atMs > from && atMs < to)).toBe(true)
      })
    }),
  )
})

test('no request into a hole is repeated by its kernel at about the end of it', () => {
  for (const one of variants) {
    for (const { atMs } of planOf(hole, one).filter(({ atMs }) => atMs > 1_000 && atMs < 7_000)) {
      const repeated = [...syn.sentMs, ...data.sentMs].map((afterMs) => atMs + afterMs)
      expect(repeated.filter((at) => Math.abs(at - 7_000) < 200)).toEqual([])
    }
  }
})

test('what leaves too close to a step, on either side, is named', () => {
  expect(tooClose(hole, trace(701, 1_299, 1_310, 2_500)).map(({ atMs }) => atMs)).toEqual([701, 1_299])
})

test('what is repeated at the end of a hole is named', () => {
  // 4.08 s after it a SYN is sent for the fifth time.
  expect(tooClose(hole, trace(2_900)).map(({ atMs }) => atMs)).toEqual([2_900])
})

test('what the device sets off comes after it by nature; what comes just before it does not', () => {
  const offline: Scenario = { ...hole, steps: [{ atMs: 1_000, do: { type: 'offline' }, forMs: 4_000 }] }
  expect(tooClose(offline, trace(900, 1_000, 4_999, 5_006)).map(({ atMs }) => atMs)).toEqual([900, 4_999])
})

test('a scenario without a variant in which it can be compared is refused, with what comes too close', async () => {
  const steps = Array.from({ length: 40 }, (_, turn) => ({
    atMs: 1_000 + turn * 1_400,
    do: { type: 'refuse' as const },
    forMs: 700,
  }))
  await expect(createRow('drizzle', { ...hole, steps }, variants.slice(0, 3))).rejects.toThrow(
    /^drizzle: none of 3 variants .*(probe|request \d+) at \d+/,
  )
})

test('what kernels send at the end of a hole may set off more, but not at once', () => {
  expect(tooClose(hole, trace(7_199, 7_200)).map(({ atMs }) => atMs)).toEqual([7_199])
})

const real = Object.entries(scenarios).filter(([, scenario]) => whyUnreal(scenario) === null)

test.each(real)('%s has a variant that can be compared, uncut', async (name, scenario) => {
  await createRow(name, certain(scenario, true).scenario, variants, knownGood.uncut[name] ?? 0)
})

test('the plan of a variant is always the same', () => {
  expect(planOf(hole, variant)).toEqual(planOf(structuredClone(hole), { ...variant }))
})

test('a scenario that the workload does not feel is refused', async () => {
  const steps = [{ atMs: 1_000, do: { type: 'refuse' as const }, forMs: 100 }]
  await expect(createRow('twinkling', { ...hole, steps }, variants.slice(0, 3))).rejects.toThrow(
    /^twinkling: .* does not feel/,
  )
})
