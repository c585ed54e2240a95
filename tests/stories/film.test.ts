import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { scenarios } from '../../mocks/scenarios/index.js'

test('R38: every scenario of the catalogue has its film strip', () => {
  const stories = readFileSync(new URL('../../stories/film/Film.stories.ts', import.meta.url), 'utf8')
  const filmed = [...stories.matchAll(/^export const \w+ = film\('([\w-]+)'[^)]*\)$/gm)].map(
    ([, name]) => name,
  )
  expect(filmed).toEqual(Object.keys(scenarios))
})
