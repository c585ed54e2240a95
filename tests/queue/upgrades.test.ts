import { expect, test } from 'vitest'
import { systemClock } from '../../src/core/clock.js'
import { indexedDbStore } from '../../src/queue/index.js'
import { upgrade, VERSION, type Step } from '../../src/queue/idb-schema.js'
import { about, done, held, row, useFakeIndexedDb } from './fake-idb.js'
import { rig } from './rig.js'
import { makeVersion1, ROWS } from './schemas/version-1.js'
import { makeVersion2, ROWS as ROWS_2 } from './schemas/version-2.js'

useFakeIndexedDb()

/** One fixture for each released schema. */
const RELEASED = [
  { version: 1, make: makeVersion1, rows: ROWS },
  { version: 2, make: makeVersion2, rows: ROWS_2 },
]

test('every released schema has its fixture', () => {
  expect(RELEASED.map(({ version }) => version)).toEqual(Array.from({ length: VERSION }, (_, n) => n + 1))
})

test.each(RELEASED)(
  'I11 a database of version $version keeps all its rows, and goes on',
  async ({ make, rows }) => {
    await make()
    const store = indexedDbStore()
    const found: unknown[] = []
    for (const scope of ['ann', 'bob']) await store.load(scope, (page) => void found.push(...page))
    expect(found).toEqual(rows)
    store.close()
    const desk = await rig({ store: indexedDbStore(), lock: held, bus: null })
    expect(desk.queue.facts).toMatchObject({
      persisted: true,
      failed: 1,
      conflict: 1,
      unconfirmed: 1,
      aside: 0,
    })
    // What was being sent when it was left is sent again under its key; what follows it comes next.
    expect(desk.last()).toMatchObject({ key: 'key-1', attempt: 2 })
    desk.last().ok()
    await desk.clock.settle()
    expect(desk.last().key).toBe('key-2')
    desk.queue.stop()
  },
)

test('I11 an upgrade takes the steps that the database has not taken, and only those', async () => {
  const taken: number[] = []
  const steps: Step[] = [1, 2, 3].map((version) => () => void taken.push(version))
  for (const from of [0, 1, 2, 3]) {
    upgrade({} as never, from, steps)
    taken.push(NaN)
  }
  expect(taken).toEqual([1, 2, 3, NaN, 2, 3, NaN, 3, NaN, NaN])
})

test('I11 a database of a newer schema is refused and not wiped, and the person is told why', async () => {
  await makeVersion1()
  ;(await done(indexedDB.open('holdfast', 99))).close()
  const desk = await rig({ store: indexedDbStore(), lock: held, bus: null })
  expect(desk.queue.facts).toMatchObject({ persisted: false, standIn: 'newer', waiting: 0 })
  desk.queue.stop()
  const db = await done(indexedDB.open('holdfast'))
  expect(db.version).toBe(99)
  expect(await done(db.transaction('actions').objectStore('actions').count())).toBe(ROWS.length)
  db.close()
})

test('I11 an old tab closes for an upgrade elsewhere; what it is asked to keep after that is refused with the reason', async () => {
  const old = indexedDbStore()
  await old.open(systemClock)
  await old.write(about, (draft) => draft.put(row(1)))
  const newer = await done(indexedDB.open('holdfast', 99))
  await expect(old.write(about, (draft) => draft.put(row(2)))).rejects.toThrow(
    /newer version .* load this page again \[storage-failed\]/,
  )
  expect(await done(newer.transaction('actions').objectStore('actions').count())).toBe(1)
  newer.close()
})
