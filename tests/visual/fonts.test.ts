import { readdirSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { LANGUAGES } from '../../stories/support/languages.js'
import { textsOf } from '../components/texts.js'
import { fontFaces } from './font-faces.js'

const FOLDER = new URL('fonts/', import.meta.url)

const characters = new Set(
  fontFaces.flatMap(({ unicodeRange }) =>
    unicodeRange.split(',').flatMap((range) => {
      const [from, to = from] = range
        .slice(2)
        .split('-')
        .map((point) => Number.parseInt(point, 16))
      return Array.from({ length: to! - from! + 1 }, (_, at) => String.fromCodePoint(from! + at))
    }),
  ),
)

test.each(LANGUAGES.map((locale) => [locale.lang, locale] as const))(
  'the fonts of the pictures have every character of %s (else: npm run visual:fonts)',
  (_, locale) => {
    const text = textsOf(locale)
      .flatMap(({ forms }) => Object.values(forms))
      .join('')
    expect([...new Set(text)].filter((character) => !characters.has(character))).toEqual([])
  },
)

test('they and the pictures stay small: 3 MB and 6 MB', () => {
  const bytesIn = (folder: URL) =>
    readdirSync(folder).reduce((sum, file) => sum + statSync(new URL(file, folder)).size, 0)
  expect(bytesIn(FOLDER)).toBeLessThan(3_000_000)
  expect(bytesIn(new URL('references/', import.meta.url))).toBeLessThan(6_000_000)
})
