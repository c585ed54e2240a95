import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Locale } from '../../src/components/index.js'
import { en } from '../../src/components/locales/en.js'
import { about, ago, duration, fill, joined, say } from '../../src/components/locales/text.js'
import { zhCN } from '../../src/components/locales/zh-cn.js'
import type { MessageKey } from '../../src/status/view.js'
import { LANGUAGES, nameOf } from '../../stories/support/languages.js'
import { placesIn, textsOf } from './texts.js'

const byName = LANGUAGES.map((locale) => [nameOf(locale), locale] as const)

/** What a dialog can be about: these may be longer there than in the bar. */
const HEADINGS: readonly MessageKey[] = [
  'cannot-connect',
  'cannot-reach',
  'device-offline',
  'gave-up',
  'overdue',
  'portal',
]

/** A heading that is longer in some languages is no duty. */
const isDuty = ({ path }: { readonly path: string }) => !path.startsWith('modal.titles.')

test.each(byName)('%s has every text, with the same places in it as in English', (_, locale) => {
  const shape = (one: Locale) =>
    textsOf(one)
      .filter(isDuty)
      .map(({ path, forms }) => `${path} ${placesIn(forms.other)}`)
  expect(shape(locale).toSorted()).toEqual(shape(en).toSorted())
})

test.each(byName)('the longer headings of %s are of what a dialog can be about', (_, locale) => {
  expect(HEADINGS).toEqual(expect.arrayContaining(Object.keys(locale.modal.titles)))
})

test.each(byName)(
  '%s is named by a tag that Intl knows, and has the direction of its script',
  (_, locale) => {
    expect(Intl.PluralRules.supportedLocalesOf(locale.lang)).toEqual([locale.lang])
    expect(locale.dir).toBe(locale.lang === 'ar' ? 'rtl' : 'ltr')
  },
)

test.each(
  LANGUAGES.filter(({ lang }) => /^(zh|ja)/.test(lang)).map((locale) => [nameOf(locale), locale] as const),
)('%s is punctuated in full width', (_, locale) => {
  const words = textsOf(locale).map(({ forms }) => forms.other.replace(/\{\w+\}/g, ''))
  expect(words.filter((text) => /[,.;:?!()]/.test(text))).toEqual([])
})

test('French has its narrow no-break space before ; ? ! and its no-break space before a colon and units', () => {
  const words = textsOf(LANGUAGES.find(({ lang }) => lang === 'fr')!).flatMap(({ forms }) =>
    Object.values(forms),
  )
  expect(words.filter((text) => /(?<!\u202f)[;?!]|(?<!\u00a0):/u.test(text))).toEqual([])
  expect(words.filter((text) => /\{n\}(?!\u00a0)/u.test(text))).toEqual([])
})

test('Arabic has its own comma, semicolon and question mark', () => {
  const words = textsOf(LANGUAGES.find(({ lang }) => lang === 'ar')!).flatMap(({ forms }) =>
    Object.values(forms),
  )
  expect(words.filter((text) => /[,;?]/.test(text))).toEqual([])
})

test.each(byName)(
  'no text of %s ends in three dots, none quotes with straight marks, none is in English',
  (_, locale) => {
    const words = textsOf(locale)
      .filter(({ path }) => path !== 'sentence.joint')
      .flatMap(({ forms }) => Object.values(forms))
    expect(words.filter((text) => /\.\.\.|["']|^\s|\s$|\s\s/.test(text))).toEqual([])
    if (locale === en) return
    const english = new Set(
      textsOf(en)
        .map(({ forms }) => forms.other)
        .filter((text) => text.split(' ').length > 2),
    )
    expect(words.filter((text) => english.has(text))).toEqual([])
  },
)

test.each<[MessageKey, Record<string, number>, string, string]>([
  ['reconnecting', {}, 'Reconnecting…', '正在重新连接…'],
  ['kept-on-device', {}, 'Your changes are kept on this device.', '您的修改已保存在此设备上。'],
  ['next-try', { seconds: 8 }, 'Next try in 8 s', '8 秒后重试'],
  ['back-in-about', { seconds: 20 }, 'Back in about 20 s. No action needed.', '约 20 秒后恢复，您无需操作。'],
  ['progress', { sent: 3, total: 7 }, '3 of 7', '3/7'],
  ['attention', { count: 1 }, '1 change could not be sent', '1 项修改未能发送'],
  ['attention', { count: 2 }, '2 changes could not be sent', '2 项修改未能发送'],
  ['all-sent', { count: 1 }, 'Your change was sent.', '1 项修改已发送。'],
  ['all-sent', { count: 7 }, 'All 7 changes sent.', '7 项修改已发送。'],
  ['changes-waiting', { count: 3 }, '3 changes waiting', '3 项修改待发送'],
  ['check-connection', {}, 'Check your connection.', '网络不稳定，请检查连接。'],
])('%s with %j is worded as the contract says', (key, params, english, chinese) => {
  expect(say(en, { key, params })).toBe(english)
  expect(say(zhCN, { key, params })).toBe(chinese)
})

test('a place without a param stays, so that the mistake is seen', () => {
  expect(fill(en, 'Hello {name}')).toBe('Hello {name}')
})

test('a duration is told in one unit', () => {
  expect(
    [1, 89, 90, 600, 5399, 5400, 7200, 129_600, 172_800].map((seconds) => duration(en, seconds)),
  ).toEqual(['1 s', '89 s', '2 min', '10 min', '90 min', '2 h', '2 h', '2 d', '2 d'])
})

test('what is past is told in units that have passed', () => {
  const minutes = [0, 0.9, 1, 2.9, 59, 60, 1439, 1440, 4000]
  expect(minutes.map((passed) => ago(en, passed * 60_000))).toEqual([
    'just now',
    'just now',
    '1 min ago',
    '2 min ago',
    '59 min ago',
    '1 h ago',
    '23 h ago',
    '1 d ago',
    '2 d ago',
  ])
  expect(ago(zhCN, 120_000)).toBe('2 分钟前')
})

test('an estimate is never less than what is left, and by less than five seconds more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), (seconds) => {
      const told = about(seconds)
      expect(told).toBeGreaterThanOrEqual(seconds)
      expect(told - seconds).toBeLessThan(5)
      expect(told % 5).toBe(0)
    }),
  )
})

test('every message of every language leaves no place open, whatever its numbers', () => {
  const number = fc.integer({ min: 0, max: 1_000_000 })
  const params = fc.record({ count: number, seconds: number, sent: number, total: number })
  const keys = Object.keys(en.messages) as MessageKey[]
  fc.assert(
    fc.property(fc.constantFrom(...keys), params, fc.constantFrom(...LANGUAGES), (key, given, locale) => {
      expect(say(locale, { key, params: given })).not.toMatch(/[{}]|NaN|undefined/)
    }),
    { numRuns: 1000 },
  )
})

test('a title and its detail are spoken as sentences, with one full stop at most', () => {
  expect(joined(en, 'Back online', 'All 7 changes sent.')).toBe('Back online. All 7 changes sent.')
  expect(joined(en, 'Reconnecting…', 'Your changes are kept.')).toBe('Reconnecting… Your changes are kept.')
  expect(joined(zhCN, '已恢复连接', '7 项修改已发送。')).toBe('已恢复连接。7 项修改已发送。')
  expect(joined(zhCN, '正在重新连接…', '您的修改已保存。')).toBe('正在重新连接…您的修改已保存。')
  expect([joined(en, 'Back online', ''), joined(en, '', 'Sent')]).toEqual(['Back online', 'Sent'])
})
