import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { differencesFrom, EXPECTED } from './wpt/expected.js'

const guide = readFileSync(new URL('../../stories/live/Live.mdx', import.meta.url), 'utf8')

test('R23 the guide tells as many passed web-platform-tests as are expected', () => {
  const told = [...guide.matchAll(/^\| [^|]*(?:WebSocket|Chromium)[^|]*\| (\d+) +\|$/gm)].map(([, count]) =>
    Number(count),
  )
  const { native, 'drop-in': dropIn, 'one line': oneLine } = EXPECTED
  expect(told).toEqual([native.passed, dropIn.passed, oneLine.passed])
})

const KEPT = 'Send-before-open.any.js (window) | Send before open'

test('a test that fails unexpectedly is a difference, and so is one that passes unexpectedly', () => {
  const native = new Map([
    ['a.html (window) | fails anywhere', 'FAIL'],
    [KEPT, null],
  ])
  const seen = (more: readonly (readonly [string, string | null])[]) =>
    differencesFrom(EXPECTED['drop-in'], new Map([...native, ...more]), native)
  expect(seen([[KEPT, 'FAIL: did not throw']])).toEqual([])
  expect(seen([[KEPT, null]])).toEqual([`${KEPT} passes, and was expected not to`])
  expect(
    seen([
      [KEPT, 'FAIL'],
      ['b.html (window) | b', 'FAIL: why'],
    ]),
  ).toEqual(['b.html (window) | b does not pass: FAIL: why'])
})
