import { expect, test } from 'vitest'
import { hear } from '../../../mocks/storybook/panel/heard.js'
import { copyOf, filterLines, linesOf, nameOf } from '../../../mocks/storybook/panel/log-lines.js'
import { line, told } from './told.js'

const close = { code: 1006, reason: '', wasClean: false, up: 0, down: 3 }
const lines = linesOf(
  hear(
    null,
    told({
      log: [
        line(1, 40),
        line(2, 1200, { method: 'POST', end: 'reset', status: null, fault: 'reset', ms: 60 }),
        line(3, 1300, { transport: 'ws', end: 'reset', status: 101, close }),
        line(4, 2000, { end: 'aborted', status: null, reached: false, url: 'https://api.example/health' }),
      ],
      marks: [
        { lane: 'connection', atMs: 40, value: 'online' },
        { lane: 'phase', atMs: 1200, value: 'grace' },
        { lane: 'connection', atMs: 1200, value: 'suspect' },
      ],
    }),
  )!,
)

test('a line says when, what was asked, what struck, what came back, and the state of the connection afterwards', () => {
  expect(lines[0]).toEqual({
    ...{ id: 1, time: '0.040', asked: 'GET /list?page=2', transport: 'http', fault: '', came: '200' },
    ...{ took: '40 ms', after: 'online', tone: 'ok' },
  })
  expect(lines.map(({ came }) => came)).toEqual([
    '200',
    'reset, but done',
    'closed 1006, not clean',
    'aborted',
  ])
  expect(lines.map(({ after }) => after)).toEqual(['online', 'suspect', 'suspect', 'suspect'])
})

test('a filter takes the lines that have all its words, and none that stands behind a minus', () => {
  const ids = (filter: string) => filterLines(lines, filter).map(({ id }) => id)
  expect(ids('')).toEqual([1, 2, 3, 4])
  expect(ids('LIST suspect')).toEqual([2, 3])
  expect(ids('-health')).toEqual([1, 2, 3])
  expect(ids('reset -ws')).toEqual([2])
})

test('it is copied as a table of tabs', () => {
  const [head, first] = copyOf(lines).split('\n')
  expect(head).toBe('time\tid\tasked\ttransport\tfault\tcame\ttook\tafter')
  expect(first).toBe('0.040\t1\tGET /list?page=2\thttp\t\t200\t40 ms\tonline')
})

test('a line is called by its number and all that stands beside it', () => {
  expect(lines.map(nameOf)).toEqual([
    '1: GET /list?page=2, 200, at 0.040 s',
    '2: POST /list?page=2, reset, but done, reset, at 1.200 s',
    '3: GET /list?page=2, closed 1006, not clean, at 1.300 s',
    '4: GET /health, aborted, at 2.000 s',
  ])
})
