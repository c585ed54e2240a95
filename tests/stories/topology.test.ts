import { expect, test } from 'vitest'
import { playTopology, RUN, type Run, type ServiceName } from '../../stories/guard/topology.js'

/** The share of calls that were answered in these seconds. */
function answered(run: Run, name: ServiceName, fromS: number, toS: number): number {
  const seconds = run[name].slice(fromS, toS)
  const ok = seconds.reduce((sum, second) => sum + second.ok, 0)
  return ok / seconds.reduce((sum, second) => sum + second.ok + second.failed, 0)
}

const estimates = (run: Run, name: ServiceName) =>
  run[name].reduce((sum, second) => sum + second.estimated, 0)
const { lengthS, slowFromS, slowToS } = RUN

test('R30: without guards a slow database takes all of them down, also for those who need nothing of it', async () => {
  const run = await playTopology(false)
  expect(answered(run, 'gateway', 0, slowFromS)).toBe(1)
  // Two of three ask for goods, and half of these need only the cache: a third could be answered all the time.
  expect(answered(run, 'gateway', slowFromS + 2, slowToS)).toBeLessThan(0.1)
  expect(answered(run, 'cache', slowFromS, slowToS)).toBe(1)
  expect(answered(run, 'gateway', slowToS + 3, lengthS)).toBe(1)
})

test('R30, R32: with a guard before each service everybody is answered, from what was known, and the database is left alone', async () => {
  const run = await playTopology(true)
  expect(answered(run, 'gateway', 0, lengthS)).toBe(1)
  expect(estimates(run, 'cache')).toBe(0)
  expect(estimates(run, 'database')).toBeGreaterThan(100)
  const late = run.stock.slice(slowToS + 4)
  expect(late.reduce((sum, { estimated }) => sum + estimated, 0)).toBe(0)
})

test('R30: the same run each time', async () => {
  expect(await playTopology(true)).toEqual(await playTopology(true))
})
