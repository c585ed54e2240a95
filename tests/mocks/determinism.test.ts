import * as fake from 'fake-indexeddb'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { innermost, type Fault, type Transport } from '../../mocks/faults.js'
import { isRestart } from '../../mocks/restarts.js'
import { isDeviceAction } from '../../mocks/device/actions.js'
import { actionTypes, type StepAction } from '../../mocks/scenario.js'
import { storm } from '../support/workload/storm.js'
import { runWorkload, WORKLOAD_HASH } from '../support/workload/workload.js'

const isSoak = import.meta.env.MODE === 'soak'
const RUNS = isSoak ? 200 : 5

beforeAll(() => {
  for (const [name, value] of Object.entries(fake)) if (name.startsWith('IDB')) vi.stubGlobal(name, value)
  vi.stubGlobal('indexedDB', new fake.IDBFactory())
})
afterAll(() => void vi.unstubAllGlobals())

test(`${RUNS} runs of two minutes and a half give one log, byte for byte, with the queue taking part`, async () => {
  const hashes = new Set<string>()
  for (let run = 0; run < RUNS; run++) {
    const { hash, log, pendingTimers, writes } = await runWorkload()
    hashes.add(hash)
    expect(log.length).toBeGreaterThan(300)
    expect(pendingTimers).toBe(0)
    const [accepted, confirmed, done] = writes
    expect(accepted).toBeGreaterThan(80)
    // Each write once, whatever became of its answers (I01, I04).
    expect([confirmed, done]).toEqual([accepted, accepted])
  }
  expect([...hashes]).toEqual([WORKLOAD_HASH])
}, 120_000)

test('another seed gives another log', async () => {
  expect((await runWorkload({ seed: 8 })).hash).not.toBe(WORKLOAD_HASH)
})

test('the storm has everything that a step can do', () => {
  const types = storm.steps.flatMap(({ do: action }) =>
    isRestart(action) || isDeviceAction(action) ? [action.type] : [action.type, innermost(action).type],
  )
  expect([...new Set(types)].sort()).toEqual([...actionTypes].sort())
})

/** What the vocabulary says of a fault and a transport: no. */
const NOT_MET: Readonly<Record<Transport, readonly string[]>> = {
  http: ['drop', 'duplicate', 'reorder', 'close', 'offline', 'lie'],
  sse: ['offline', 'lie', 'clockSkew'],
  ws: ['truncate', 'offline', 'lie', 'clockSkew'],
}
const limitable = storm.steps.flatMap(({ do: action }, at) =>
  isRestart(action) || isDeviceAction(action) || action.type === 'offline' || action.type === 'lie'
    ? []
    : [{ at, type: innermost(action).type, name: `${action.type} at ${at}` }],
)

/** Whoever is connected meets these when he dials again. */
const AT_DIALS: readonly string[] = ['status', 'portal', 'unauthorized', 'refuse']

/** One step of the storm alone, soon, and what it is limited to. */
function alone(at: number, only: readonly Transport[]): Parameters<typeof runWorkload>[0] {
  const { do: action, forMs = 3000 } = storm.steps[at]!
  const limited = (transport: Transport): StepAction =>
    ({
      ...action,
      ...('probability' in action && { probability: 1 }),
      only: { ...('only' in action ? action.only : {}), transport },
    }) as StepAction
  const steps = [
    {
      atMs: AT_DIALS.includes(innermost(action as Fault).type) ? 2500 : 500,
      do: { type: 'reset' as const },
      forMs: 100,
    },
    ...only.map((transport) => ({ atMs: 3000, do: limited(transport), forMs })),
  ]
  return { scenario: { ...storm, steps }, lengthMs: 4000 + forMs }
}
const ALL: readonly Transport[] = ['http', 'sse', 'ws']

test.each(limitable)('the storm’s $name is felt by each transport that can meet it', async ({ at, type }) => {
  const { hash } = await runWorkload(alone(at, ALL))
  for (const transport of ALL) {
    if (NOT_MET[transport].includes(type)) continue
    const other = await runWorkload(
      alone(
        at,
        ALL.filter((one) => one !== transport),
      ),
    )
    expect(other.hash, transport).not.toBe(hash)
  }
})
