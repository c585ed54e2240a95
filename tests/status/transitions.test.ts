/** Every row of docs/spec/ux.md, 1.3, is run, and is printed there word for word. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { TRANSITIONS } from './transitions.js'

/** The rows of the page, without its column of effects split up. */
function rowsOfPage(): readonly string[][] {
  const page = readFileSync(new URL('../../docs/spec/ux.md', import.meta.url), 'utf8')
  const section = page.split('### 1.3')[1]?.split('### 1.4')[0] ?? ''
  return section
    .split('\n')
    .filter((line) => /^\| \d/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

/** Rows of tabs and leaders, which are none of one page's machine. */
const OF_TABS = ['55', '56']

describe('transitions', () => {
  for (const { row, from, event, guard, to, run } of TRANSITIONS) {
    it(`row ${row}: ${from} — ${event}${guard && ` [${guard}]`} → ${to}`, () => {
      const looks = run()
      expect(looks.length).toBeGreaterThan(0)
      for (const { at, what, actual, expected } of looks) {
        expect(`${at} ms, ${what}: ${actual}`).toBe(`${at} ms, ${what}: ${expected}`)
      }
    })
  }

  it('has every row of the page but those of tabs, with its words', () => {
    const ours = TRANSITIONS.map(({ row, from, event, guard, to, effects }) => [
      row,
      from,
      guard ? `${event} [${guard}]` : event,
      to,
      effects,
    ])
    expect(ours).toEqual(rowsOfPage().filter(([id]) => !OF_TABS.includes(id ?? '')))
  })
})
