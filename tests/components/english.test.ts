import { expect, test } from 'vitest'
import { en } from '../../src/components/index.js'
import { enList } from '../../src/components/locales/en-list.js'
import { enSurfaces } from '../../src/components/locales/en-surfaces.js'
import { say } from '../../src/components/locales/text.js'
import { EMPTY_QUEUE } from '../../src/status/facts.js'
import { notesOf } from '../../src/status/notes.js'
import { MODALS } from '../../stories/components/modals.js'
import { BARS, type PhaseView } from '../../stories/components/phases.js'

test('a bar or a modal without a language has English words for everything that a status says', () => {
  for (const { title, detail, actions = [] } of Object.values<PhaseView>({ ...BARS, ...MODALS })) {
    for (const message of [title, detail])
      if (message) expect(say(enSurfaces, message)).toBe(say(en, message))
    for (const action of actions) expect(enSurfaces.actions[action]).toBe(en.actions[action])
  }
})

test('a list without a language has English words for every note about the place where changes are kept', () => {
  const notes = (['unavailable', 'blocked', 'newer'] as const).flatMap((standIn) =>
    notesOf({ ...EMPTY_QUEUE, waiting: 1, standIn, aside: 2, lostAt: 1 }),
  )
  expect(notes.length).toBeGreaterThan(3)
  for (const { message, detail } of notes)
    expect([say(enList, message), say(enList, detail)]).toEqual([say(en, message), say(en, detail)])
  expect(enList.actions.review).toBe(en.actions.review)
})
