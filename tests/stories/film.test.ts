import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { scenarios } from '../../mocks/scenarios/index.js'

const FILM = /^export const \w+: Story = \{\s*\.\.\.film\('([\w-]+)'[^;]*?\),\s*name: '([^']*)',?\s*\}$/gm

test('R38: every scenario of the catalogue has its film strip, and the sidebar calls it by the scenario’s name', () => {
  const stories = readFileSync(new URL('../../stories/film/Film.stories.ts', import.meta.url), 'utf8')
  const filmed = [...stories.matchAll(FILM)].map(([, scenario, name]) => [scenario, name])
  expect(filmed).toEqual(Object.entries(scenarios).map(([scenario, { name }]) => [scenario, name]))
})
