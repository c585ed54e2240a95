import { expect, test, vi } from 'vitest'
import { systemClock } from '../../src/core/clock.js'
import { indexedDbStore } from '../../src/queue/index.js'
import type { Step } from '../../src/queue/idb-schema.js'
import { about, done, row, useFakeIndexedDb } from './fake-idb.js'
import { makeVersion1, ROWS } from './schemas/version-1.js'

/** As if the next version of the schema were out: it has one more store. */
vi.mock('../../src/queue/idb-schema.js', async (original) => {
  const real = await original<typeof import('../../src/queue/idb-schema.js')>()
  const next: Step = (db) => void db.createObjectStore('next' as never)
  return {
    ...real,
    VERSION: real.VERSION + 1,
    upgrade: (db: never, from: number) => {
      real.upgrade(db, from)
      next(db)
    },
  }
})

useFakeIndexedDb()

test('I11 an upgrade to the next version of the schema keeps every row, and what is written after it', async () => {
  await makeVersion1()
  const store = indexedDbStore()
  await store.open(systemClock)
  await store.write(about, (draft) => draft.put(row(6)))
  const found: unknown[] = []
  for (const scope of ['ann', 'bob']) await store.load(scope, (page) => void found.push(...page))
  expect(found).toHaveLength(ROWS.length + 1)
  expect(found).toEqual(expect.arrayContaining([...ROWS]))
  store.close()
})

test('B19 I11 where a tab of an older version does not close, the new one says so instead of waiting for ever', async () => {
  await makeVersion1()
  const old = await done(indexedDB.open('holdfast'))
  const store = indexedDbStore({ openTimeoutMs: 300 })
  expect(await store.open(systemClock)).toEqual({ persisted: false, standIn: 'blocked' })
  old.close()
})
