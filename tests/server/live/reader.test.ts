import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../server/database.js'
import { cursorText, readCursor } from '../../../server/live/cursor.js'
import { createEventLog } from '../../../server/live/event-log.js'
import { createHub } from '../../../server/live/hub.js'
import { type Reader, startFrom } from '../../../server/live/reader.js'

type Told = { type: string; topic: string; offset: number; from: number; to: number }

/** A listener that comes and goes, reads or does not, and keeps its cursor. */
function listener(hub: ReturnType<typeof createHub>) {
  const told: Told[] = []
  let room = 0
  let reader: Reader | null = null
  let cursor = cursorText(hub.log.end())
  const note = (frame: string) => void told.push(JSON.parse(frame) as Told)

  return {
    told,
    come() {
      if (reader) return
      const start = startFrom(hub.log, ['chat', 'orders'], cursor)
      start.frames.forEach(note)
      cursor = cursorText(start.at)
      reader = hub.listen(['chat', 'orders'], start.at, {
        roomy: () => room > 0,
        take(frame, at) {
          room -= 1
          note(frame)
          cursor = cursorText(at)
        },
      })
      reader.pump()
    },
    go() {
      reader?.stop()
      reader = null
    },
    read(frames: number) {
      room = frames
      reader?.pump()
    },
  }
}

test('I29 however a listener comes, goes and stalls: each event once, in order, or within a gap that it is told', () => {
  const step = fc.oneof(
    fc.constantFrom('chat', 'orders', 'clock').map((topic) => ({ name: 'append' as const, topic })),
    fc.constantFrom('both', 'none').map((ends) => ({ name: 'transaction' as const, ends })),
    fc.constantFrom({ name: 'come' as const }, { name: 'go' as const }),
    fc.integer({ min: 0, max: 6 }).map((frames) => ({ name: 'read' as const, frames })),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), (steps, ring) => {
      const database = openDatabase(':memory:')
      const log = createEventLog(database, { ring })
      const one = listener(createHub(log))
      const written: number[] = []
      for (const each of steps) {
        if (each.name === 'append') {
          const offset = log.append(each.topic as 'chat', 'x')
          if (each.topic !== 'clock') written.push(offset)
        } else if (each.name === 'transaction') {
          try {
            database.transaction(() => {
              const offsets = [log.append('chat', 'x'), log.append('orders', 'x')]
              if (each.ends === 'none') throw new Error('rolled back')
              written.push(...offsets)
            })
          } catch (error) {
            expect(String(error)).toContain('rolled back')
          }
        } else if (each.name === 'read') one.read(each.frames)
        else one[each.name]()
      }
      one.come()
      one.read(1000)
      const offsets = one.told.filter(({ type }) => type === 'EVENT').map(({ offset }) => offset)
      expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b))
      const missing = written.filter((offset) => !offsets.includes(offset))
      const gaps = one.told.filter(({ type }) => type === 'GAP')
      for (const offset of missing)
        expect(gaps.some(({ from, to }) => from <= offset && offset <= to)).toBe(true)
      for (const { to, topic } of gaps) expect(log.droppedTo(topic as 'chat')).toBeGreaterThanOrEqual(to)
      database.close()
    }),
    { numRuns: 300 },
  )
})

test('the ring is bounded in events and in bytes, and keeps the newest whatever its size', () => {
  const database = openDatabase(':memory:')
  const log = createEventLog(database, { ring: 5, ringBytes: 100 })
  const kept = () => log.read(['chat'], 0, 100).map(({ offset }) => offset)
  for (let count = 0; count < 8; count += 1) log.append('chat', 'x')
  expect(kept()).toEqual([4, 5, 6, 7, 8])
  log.append('chat', 'x'.repeat(90))
  expect(kept()).toEqual([7, 8, 9])
  log.append('chat', 'x'.repeat(500))
  expect(kept()).toEqual([10])
  expect([log.droppedTo('chat'), log.droppedTo('clock')]).toEqual([9, 0])
  expect(() => createEventLog(database, { ring: 0 })).toThrow('ring is 0; allowed: a whole number from 1')
  database.close()
})

test('what is rolled back is no event, takes no offset, and nobody hears of it', () => {
  const database = openDatabase(':memory:')
  const log = createEventLog(database)
  const heard: number[] = []
  log.onEvent(({ offset }) => heard.push(offset))
  expect(() =>
    database.transaction(() => {
      log.append('chat', 'never')
      expect(heard).toEqual([])
      throw new Error('no')
    }),
  ).toThrow('no')
  database.transaction(() => {
    log.append('chat', 'a')
    log.append('chat', 'b')
    expect(heard).toEqual([])
  })
  expect([heard, log.end().offset]).toEqual([[1, 2], 2])
  database.close()
})

test('who begins to listen between two events of one transaction hears the second once', () => {
  const database = openDatabase(':memory:')
  const hub = createHub(createEventLog(database))
  const heard: string[] = []
  const late = (frame: string) => void heard.push(frame)
  const once = hub.listen(['chat'], hub.log.end(), {
    roomy: () => true,
    take() {
      once.stop()
      hub.listen(['chat'], { ...hub.log.end(), offset: 0 }, { roomy: () => true, take: late }).pump()
    },
  })
  once.pump()
  database.transaction(() => ['a', 'b'].map((data) => hub.log.append('chat', data)))
  expect(heard.map((frame) => (JSON.parse(frame) as { data: string }).data)).toEqual(['a', 'b'])
  database.close()
})

test('a cursor survives being text, and any other text is none', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\da-z]{1,32}$/), fc.maxSafeNat(), (epoch, offset) => {
      expect(readCursor(cursorText({ epoch, offset }))).toEqual({ epoch, offset })
    }),
  )
  fc.assert(
    fc.property(fc.string({ maxLength: 100 }), (text) => {
      const place = readCursor(text)
      if (place) expect(cursorText(place)).toBe(text)
    }),
  )
  for (const none of ['a:9007199254740993', 'a:01', 'a:1 ', ':1', `${'a'.repeat(33)}:1`])
    expect([none, readCursor(none)]).toEqual([none, null])
})
