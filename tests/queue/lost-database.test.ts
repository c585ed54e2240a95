import { expect, test, vi } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { indexedDbStore } from '../../src/queue/index.js'
import { done, held, useFakeIndexedDb, useFakeStorage } from './fake-idb.js'
import { rig } from './rig.js'

useFakeIndexedDb()

const kept = useFakeStorage()

async function open(clock = manualClock(), seed = 1) {
  const desk = await rig({ clock, seed, store: indexedDbStore(), lock: held, bus: null })
  return desk
}

async function leave({ queue, clock }: Awaited<ReturnType<typeof open>>) {
  queue.stop()
  await clock.settle()
}

/** What a damaged manifest comes to: an empty new database, without any error. */
async function damage() {
  await done(indexedDB.deleteDatabase('holdfast'))
}

test('B19 I10 a database that comes back empty between two pages is noticed, and told once', async () => {
  const first = await open()
  first.connection.down()
  await first.add('one')
  await first.add('two')
  await leave(first)
  await damage()
  const second = await open(first.clock, 2)
  expect(second.queue.facts).toMatchObject({ lostAt: first.clock.now(), waiting: 0, persisted: true })
  // No place is given out again, and the next page has nothing to tell.
  second.connection.down()
  await second.add('three')
  expect(second.queue.actions.map(({ position }) => position)).toEqual([3])
  await leave(second)
  const third = await open(first.clock, 3)
  expect(third.queue.facts).toMatchObject({ lostAt: null })
  await leave(third)
})

test('I10 a database that has forgotten only the last actions is noticed as well', async () => {
  const first = await open()
  first.connection.down()
  await first.add('one')
  const db = await done(indexedDB.open('holdfast'))
  const [rows, meta] = await Promise.all([
    done(db.transaction('actions').objectStore('actions').getAll()),
    done(db.transaction('scopes').objectStore('scopes').get('ann')),
  ])
  await first.add('two')
  await leave(first)
  const tx = db.transaction(['actions', 'scopes'], 'readwrite')
  tx.objectStore('actions').clear()
  for (const row of rows) tx.objectStore('actions').put(row)
  await done(tx.objectStore('scopes').put(meta, 'ann'))
  db.close()
  const second = await open(first.clock, 2)
  expect(second.queue.facts.lostAt).toBe(first.clock.now())
  expect(second.sent()).toEqual(['one'])
  await leave(second)
})

test('I10 a database that was lost when nothing waited in it is no loss', async () => {
  const first = await open()
  await first.add('one')
  first.last().ok()
  await first.clock.settle()
  await leave(first)
  await damage()
  const second = await open(first.clock, 2)
  expect(second.queue.facts.lostAt).toBeNull()
  await leave(second)
})

test('I10 rows that a living tab has put back are not lost, and nobody is told', async () => {
  const desk = await open()
  desk.connection.down()
  await desk.add('one')
  await damage()
  await desk.add('two')
  expect(desk.states()).toEqual(['one queued', 'two queued'])
  expect(desk.queue.facts.lostAt).toBeNull()
  await leave(desk)
})

test('where nothing can be remembered outside, or what is there makes no sense, everything else goes on', async () => {
  for (const text of ['x y', '1e400 1', '']) {
    kept.set('holdfast:holdfast:ann', text)
    const desk = await open()
    await desk.add('one')
    expect(desk.queue.facts.lostAt).toBeNull()
    await leave(desk)
    await damage()
  }
  vi.stubGlobal('localStorage', undefined)
  const desk = await open()
  await desk.add('one')
  expect(desk.sent()).toEqual(['one'])
  await leave(desk)
})

test('ux-41 records that are no actions are kept where they are, counted, and never sent or written over', async () => {
  const first = await open()
  first.connection.down()
  const { id } = await first.add('good')
  await leave(first)
  const db = await done(indexedDB.open('holdfast'))
  const actions = () => db.transaction('actions', 'readwrite').objectStore('actions')
  const good = (await done(actions().get(['ann', 1]))) as object
  const strange = [
    { scope: 'ann', position: 2 },
    { ...good, position: 3, state: { name: 'waving' } },
    { ...good, position: 4, attempts: 'many' },
    { ...good, position: 5, after: [{}] },
    { ...good, position: 6.5 },
    { ...good, position: Number.MAX_SAFE_INTEGER, key: 7 },
  ]
  for (const record of strange) await done(actions().put(record))
  const second = await open(first.clock, 2)
  second.connection.down()
  expect(second.queue.facts).toMatchObject({ aside: strange.length, lostAt: null })
  expect(second.queue.actions.map((action) => action.id)).toEqual([id])
  await second.add('next')
  expect(second.queue.actions.map(({ position }) => position)).toEqual([1, 6])
  second.connection.up()
  await second.clock.settle()
  second.last().ok()
  await second.clock.settle()
  // It had begun before the link went down.
  expect(second.sent()).toEqual(['good', 'good', 'next'])
  for (const record of strange) expect(await done(actions().get(['ann', record.position]))).toEqual(record)
  db.close()
  await leave(second)
})
