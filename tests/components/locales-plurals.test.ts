import { expect, test } from 'vitest'
import { en } from '../../src/components/locales/en.js'
import type { Locale } from '../../src/components/index.js'
import { ago, duration, fill, say } from '../../src/components/locales/text.js'
import { LANGUAGES, languageOf, nameOf } from '../../stories/support/languages.js'
import { placesIn, textsOf } from './texts.js'

const byName = LANGUAGES.map((locale) => [nameOf(locale), locale] as const)

/** Numbers that between them ask for every form that a language has. */
const NUMBERS = [...Array.from({ length: 201 }, (_, count) => count), 1_000_000]

/** How many of these numbers a form is for. */
const numbersOf = (locale: Locale, form: string) => {
  const rules = new Intl.PluralRules(locale.lang)
  return NUMBERS.filter((number) => rules.select(number) === form)
}

test.each(byName)(
  'ux-36: every plural of %s has all forms that its numbers ask for, and no other',
  (_, locale) => {
    const { pluralCategories } = new Intl.PluralRules(locale.lang).resolvedOptions()
    for (const { path, forms, isPlural } of textsOf(locale)) {
      if (isPlural)
        expect([path, ...Object.keys(forms).toSorted()]).toEqual([path, ...pluralCategories.toSorted()])
    }
  },
)

test.each(byName)('ux-36: a form of %s says its number unless it stands for a single one', (_, locale) => {
  const silent = textsOf(locale).flatMap(({ path, forms }) =>
    Object.entries(forms)
      .filter(
        ([form, text]) => placesIn(text) !== placesIn(forms.other) && numbersOf(locale, form).length > 2,
      )
      .map(([form]) => `${path} ${form}`),
  )
  expect(silent).toEqual([])
})

/** 0, 1, 2, 3, 11, 100 and a million changes that wait. */
const WAITING: Readonly<Record<string, readonly string[]>> = {
  en: [
    '0 changes waiting',
    '1 change waiting',
    '2 changes waiting',
    '3 changes waiting',
    '11 changes waiting',
    '100 changes waiting',
    '1,000,000 changes waiting',
  ],
  'zh-CN': [
    '0 项修改待发送',
    '1 项修改待发送',
    '2 项修改待发送',
    '3 项修改待发送',
    '11 项修改待发送',
    '100 项修改待发送',
    '1,000,000 项修改待发送',
  ],
  'zh-TW': [
    '0 項變更等待傳送',
    '1 項變更等待傳送',
    '2 項變更等待傳送',
    '3 項變更等待傳送',
    '11 項變更等待傳送',
    '100 項變更等待傳送',
    '1,000,000 項變更等待傳送',
  ],
  ja: [
    '0件の変更が送信待ちです',
    '1件の変更が送信待ちです',
    '2件の変更が送信待ちです',
    '3件の変更が送信待ちです',
    '11件の変更が送信待ちです',
    '100件の変更が送信待ちです',
    '1,000,000件の変更が送信待ちです',
  ],
  ko: [
    '변경 사항 0개 대기 중',
    '변경 사항 1개 대기 중',
    '변경 사항 2개 대기 중',
    '변경 사항 3개 대기 중',
    '변경 사항 11개 대기 중',
    '변경 사항 100개 대기 중',
    '변경 사항 1,000,000개 대기 중',
  ],
  de: [
    '0 Änderungen warten',
    '1 Änderung wartet',
    '2 Änderungen warten',
    '3 Änderungen warten',
    '11 Änderungen warten',
    '100 Änderungen warten',
    '1.000.000 Änderungen warten',
  ],
  fr: [
    '0 modification en attente',
    '1 modification en attente',
    '2 modifications en attente',
    '3 modifications en attente',
    '11 modifications en attente',
    '100 modifications en attente',
    '1\u202f000\u202f000 de modifications en attente',
  ],
  es: [
    '0 cambios pendientes',
    '1 cambio pendiente',
    '2 cambios pendientes',
    '3 cambios pendientes',
    '11 cambios pendientes',
    '100 cambios pendientes',
    '1.000.000 de cambios pendientes',
  ],
  'pt-BR': [
    '0 alteração pendente',
    '1 alteração pendente',
    '2 alterações pendentes',
    '3 alterações pendentes',
    '11 alterações pendentes',
    '100 alterações pendentes',
    '1.000.000 de alterações pendentes',
  ],
  ar: [
    'لا تغييرات منتظرة',
    'تغيير واحد ينتظر',
    'تغييران ينتظران',
    '3 تغييرات تنتظر',
    '11 تغييرًا ينتظر',
    '100 تغيير ينتظر',
    '1,000,000 تغيير ينتظر',
  ],
}

test.each(byName)('ux-36: numbers decide the words in %s', (_, locale) => {
  const told = [0, 1, 2, 3, 11, 100, 1_000_000].map((count) =>
    say(locale, { key: 'changes-waiting', params: { count } }),
  )
  expect(told).toEqual(WAITING[locale.lang])
})

test('ux-36: Arabic has six forms, and counts its seconds with them, too', () => {
  const arabic = languageOf('ar')
  expect([1, 2, 8, 20].map((seconds) => duration(arabic, seconds))).toEqual([
    'ثانية واحدة',
    'ثانيتين',
    '8 ثوانٍ',
    '20 ثانية',
  ])
  expect(say(arabic, { key: 'next-try', params: { seconds: 8 } })).toBe('المحاولة التالية بعد 8 ثوانٍ')
  expect(ago(arabic, 120_000)).toBe('قبل دقيقتين')
})

test('ux-36: an Arabic of Egypt has the digits of Egypt', () => {
  const egyptian = { ...languageOf('ar'), lang: 'ar-EG' }
  expect(say(egyptian, { key: 'changes-waiting', params: { count: 3 } })).toBe('٣ تغييرات تنتظر')
})

test('days are in the case that stands behind "in" and "vor"', () => {
  const german = languageOf('de')
  expect(fill(german, german.modal.inTime, { seconds: 172_800 })).toBe('in 2\u00a0Tagen')
  expect(ago(german, 86_400_000)).toBe('vor 1\u00a0Tag')
})

test('a form that a language does not have is the other one', () => {
  expect(fill(en, { other: '{count} things' }, { count: 1 })).toBe('1 things')
})
