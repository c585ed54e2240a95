import { IDBFactory } from 'fake-indexeddb'
import { expect, test } from 'vitest'
import { runWorkload, WORKLOAD_HASH } from '../../mocks/determinism.js'

test('twenty runs of 100 virtual seconds give one log, byte for byte', async () => {
  const hashes = new Set<string>()
  for (let run = 0; run < 20; run++) {
    const { hash, log, pendingTimers } = await runWorkload({ indexedDB: new IDBFactory() })
    hashes.add(hash)
    expect(log.length).toBeGreaterThan(200)
    expect(pendingTimers).toBe(0)
  }
  expect([...hashes]).toEqual([WORKLOAD_HASH])
}, 60_000)

test('another seed gives another log', async () => {
  const [one, other] = [
    await runWorkload({ indexedDB: new IDBFactory() }),
    await runWorkload({ indexedDB: new IDBFactory(), seed: 8 }),
  ]
  expect(one.hash).not.toBe(other.hash)
})
