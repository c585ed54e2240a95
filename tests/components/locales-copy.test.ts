/** How people are spoken to, in every language: docs/spec/ux.md, section 4, "Copy". */
import { expect, test } from 'vitest'
import type { Locale } from '../../src/components/index.js'
import { betweenOf, fill, joined, say } from '../../src/components/locales/text.js'
import { EMPTY_QUEUE } from '../../src/status/facts.js'
import { notesOf } from '../../src/status/notes.js'
import { LANGUAGES, languageOf, nameOf } from '../../stories/support/languages.js'
import { textsOf } from './texts.js'

const byName = LANGUAGES.map((locale) => [nameOf(locale), locale] as const)

const sentencesIn = (text: string): number => text.match(/[.?!](?=\s|$)|[。？！؟]/gu)?.length ?? 0

/** What a dialog says below its heading, with changes that are kept on the device, in the tab, and with none. */
const bodiesOf = (locale: Locale): readonly string[] => {
  const { keptOnDevice, keptInTab, reading } = locale.modal
  const kept = [keptOnDevice, keptInTab].flatMap((text) =>
    [1, 3].map((count) => fill(locale, text, { count })),
  )
  return [...kept, reading].flatMap((body) =>
    (['check-connection', 'comes-back'] as const).map((key) =>
      joined(locale, say(locale, { key, params: {} }), body),
    ),
  )
}

/** What the list says of the place where changes are kept. */
const notesIn = (locale: Locale): readonly string[] =>
  (['unavailable', 'blocked', 'newer'] as const).flatMap((standIn) =>
    notesOf({ ...EMPTY_QUEUE, waiting: 1, standIn, aside: 2, lostAt: 1 }).map(({ message, detail }) =>
      joined(locale, say(locale, message), say(locale, detail)),
    ),
  )

test.each(byName)('a dialog and a note say it in two sentences at most, in %s', (_, locale) => {
  const said = [...bodiesOf(locale), ...notesIn(locale)]
  expect(said.length).toBeGreaterThan(10)
  expect(said.filter((text) => sentencesIn(text) > 2)).toEqual([])
})

/** What a language calls that which would outlive the tab. */
const SAVED: Readonly<Record<string, RegExp>> = {
  en: /saved/i,
  'zh-CN': /保存/,
  'zh-TW': /儲存/,
  ja: /保存/,
  ko: /저장/,
  de: /speicher/i,
  fr: /enregistr/i,
  es: /guarda/i,
  'pt-BR': /salv/i,
  ar: /حفظ|محفوظ/,
}

const IN_TAB = ['messages.kept-in-tab', 'messages.waiting-in-tab', 'modal.keptInTab', 'hint.inTab']

test.each(byName)('what is kept in memory alone is never called saved in %s', (_, locale) => {
  const told = textsOf(locale)
    .filter(({ path }) => IN_TAB.includes(path))
    .flatMap(({ forms }) => Object.values(forms))
  expect(told.length).toBeGreaterThanOrEqual(IN_TAB.length)
  expect(told.filter((text) => SAVED[locale.lang]!.test(text))).toEqual([])
})

/** Words of somebody who is on first-name terms. */
const FAMILIAR: Readonly<Record<string, RegExp>> = {
  'zh-CN': /你/,
  'zh-TW': /你/,
  de: /\b(du|dir|dich|dein\w*)\b/i,
  fr: /(?<!\p{L})(tu|toi|ton|ta|tes)(?!\p{L})/iu,
  es: /(?<!\p{L})(tú|tu|tus|ti)(?!\p{L})/iu,
  'pt-BR': /(?<!\p{L})(tu|teu|tua|teus|tuas)(?!\p{L})/iu,
}

test.each(Object.entries(FAMILIAR))('people are spoken to politely throughout in %s', (lang, familiar) => {
  const told = textsOf(languageOf(lang)).flatMap(({ forms }) => Object.values(forms))
  expect(told.filter((text) => familiar.test(text))).toEqual([])
})

test('between two sentences is what the language has there: Chinese and Japanese have no space', () => {
  expect(betweenOf(languageOf('en'), 'Back online')).toBe('. ')
  expect(betweenOf(languageOf('en'), 'Reconnecting…')).toBe(' ')
  expect(betweenOf(languageOf('zh-CN'), '已恢复连接')).toBe('。')
  expect(betweenOf(languageOf('ja'), '再接続しています…')).toBe('')
})

test('what the server says about a refusal keeps its own direction in an Arabic line', () => {
  const arabic = languageOf('ar')
  const reason = 'At most 500 pieces.'
  for (const text of [arabic.list.states.failed, arabic.hint.notSaved])
    expect(fill(arabic, text, { reason })).toContain('\u2068At most 500 pieces.\u2069')
})
