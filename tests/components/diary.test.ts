import { expect, test } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { seededRandom } from '../../mocks/random.js'
import { happeningsIn, type DiaryEntry, type Happening } from '../../src/components/details/diary.js'
import { entryText, factsOf, reportOf } from '../../src/components/details/report.js'
import { en } from '../../src/components/index.js'
import type { ProbeResult } from '../../src/core/state.js'
import { createConnection } from '../../src/index.js'
import { article } from '../../src/presets.js'
import { BARS, SILENT } from '../../stories/components/phases.js'
import { ONLINE } from '../../stories/support/fixed-status.js'

/** A real connection, and what of it people are to know. */
function diaryOf() {
  const clock = manualClock()
  let answers: ProbeResult['kind'] = 'good'
  const connection = createConnection({
    probe: async () => ({ kind: answers }) as ProbeResult,
    clock,
    random: seededRandom(1),
    schedule: article,
  })
  const told: Happening[] = []
  let before = connection.state
  connection.subscribe((after, event) => {
    told.push(...happeningsIn(before, after, event))
    before = after
  })
  return {
    clock,
    connection,
    told,
    texts: () => told.map((one) => entryText(en, { ...one, at: 0, service: null })),
    answer: (kind: ProbeResult['kind']) => (answers = kind),
  }
}

test('R22: an outage is told step by step: what was tried, why, and what came of it', async () => {
  const { clock, connection, texts, answer, told } = diaryOf()
  connection.start()
  await clock.advance(20)
  told.length = 0
  answer('failed')
  connection.send({ type: 'SUSPICION', cause: 'timeout' })
  await clock.advance(600)
  connection.retryNow()
  await clock.advance(10)
  answer('good')
  await clock.advance(60_000)
  expect(texts()).toEqual([
    'Checking the connection: the server did not answer in time',
    'Connection lost: the server did not answer as it should',
    'Try 1: it was due',
    'Try 1 failed: the server did not answer as it should',
    'Try 2: someone asked for it',
    'Try 2 failed: the server did not answer as it should',
    'Try 3: it was due',
    'Connected',
  ])
  connection.stop()
})

test('working offline by choice and back is told', async () => {
  const { clock, connection, told } = diaryOf()
  connection.start()
  await clock.advance(20)
  told.length = 0
  connection.setIntent('offline')
  connection.setIntent('online')
  await clock.advance(20)
  expect(told.map(({ event }) => event)).toEqual(['paused', 'resumed', 'online'])
  connection.stop()
})

test('the facts name only what there is', () => {
  expect(factsOf(en, { ...ONLINE, ...SILENT.online }, 0)).toEqual([['State', 'Connected (online)']])
  const now = BARS.disconnected.nextAttemptAt! - 8000
  const facts = factsOf(en, { ...ONLINE, ...BARS.disconnected, since: now - 12_000 }, now)
  expect(facts.map(([name]) => name)).toEqual(['State', 'Since', 'Why', 'Next try', 'Changes'])
  expect(facts.find(([name]) => name === 'Next try')![1]).toBe('8 s')
  expect(facts.find(([name]) => name === 'Why')![1]).toMatch(/ \(server\)$/)
})

test('a report is text: facts, then what was tried, the oldest first, with instants that two people can compare', () => {
  const at = Date.UTC(2026, 0, 1, 9)
  const entries: DiaryEntry[] = [
    { event: 'failed', attempt: 1, cause: 'server', at: at + 1500, service: 'api' },
    { event: 'trying', attempt: 1, tried: 'due', at, service: 'api' },
  ]
  const report = reportOf({
    words: en,
    view: { ...ONLINE, ...BARS.disconnected },
    entries,
    services: { api: 'Orders' },
    now: at + 2000,
    page: 'https://desk.example/orders',
    browser: 'Browser 1',
  })
  expect(report).toMatch(/^Connection details: 2026-01-01 09:00:02 UTC\n\nState: .* \(disconnected\)\n/)
  expect(report).toContain('\nPage: https://desk.example/orders\nBrowser: Browser 1\n')
  expect(report.split('What was tried\n')[1]).toBe(
    [
      '2026-01-01 09:00:00 UTC  Orders: Try 1: it was due',
      '2026-01-01 09:00:01 UTC  Orders: Try 1 failed: the server did not answer as it should',
      '',
    ].join('\n'),
  )
})
