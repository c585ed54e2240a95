import { expect, test } from 'vitest'
import { playAll } from './play-all.js'

test('where one row cannot be prepared the servers of the others are stopped, and it is told why', async () => {
  const stopped: string[] = []
  const rows = ['early', 'broken', 'late'].map((name) => ({ name, untilMs: 0 }))
  const playing = playAll(rows, {
    browser: null as never,
    async prepare({ name }) {
      if (name === 'broken') throw new Error('no server')
      if (name === 'late') await Promise.resolve().then(() => {})
      return { play: () => expect.fail('it is played'), stop: async () => void stopped.push(name) }
    },
    tell: () => expect.fail('it is told'),
  })
  await expect(playing).rejects.toThrow('no server')
  expect(stopped).toEqual(['early', 'late'])
})
