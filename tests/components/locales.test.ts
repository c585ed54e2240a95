import fc from 'fast-check'
import { expect, test } from 'vitest'
import { en, zhCN, type Locale } from '../../src/components/index.js'
import { about, ago, duration, fill, joined, say } from '../../src/components/locales/text.js'
import type { MessageKey } from '../../src/status/view.js'

type Node = { readonly [key: string]: Node } | string

const isPlural = (node: Node): node is { readonly [key: string]: string } =>
  typeof node !== 'string' && typeof node['other'] === 'string'

const placesIn = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted().join()

/** Every text by its path, with the places that it has. A plural counts as its `other`. */
function texts(node: Node, path = ''): [string, string][] {
  if (typeof node === 'string') return [[path, node]]
  if (isPlural(node)) return [[path, node['other']!]]
  return Object.entries(node).flatMap(([key, below]) => texts(below, `${path}/${key}`))
}

const textsOf = ({ lang: _, dir: __, modal: { titles: ___, ...modal }, ...locale }: Locale) =>
  texts({ ...locale, modal } as unknown as Node)

test('every language has the same texts, with the same places in them', () => {
  const shape = (locale: Locale) => textsOf(locale).map(([path, text]) => `${path} ${placesIn(text)}`)
  expect(shape(zhCN).toSorted()).toEqual(shape(en).toSorted())
})

test('every plural of a language has all forms that its numbers ask for, and the same places in each', () => {
  for (const locale of [en, zhCN]) {
    const { pluralCategories } = new Intl.PluralRules(locale.lang).resolvedOptions()
    const plurals = (node: Node): { readonly [key: string]: string }[] =>
      typeof node === 'string' ? [] : isPlural(node) ? [node] : Object.values(node).flatMap(plurals)
    for (const plural of plurals(locale as unknown as Node)) {
      expect(Object.keys(plural).toSorted()).toEqual(pluralCategories.toSorted())
    }
  }
})

test('Chinese is punctuated in full width', () => {
  const words = textsOf(zhCN).map(([, text]) => text.replace(/\{\w+\}/g, ''))
  expect(words.filter((text) => /[,.;:?!()]/.test(text))).toEqual([])
})

test('no text ends in three dots, and none quotes with straight marks', () => {
  const words = [en, zhCN].flatMap((locale) => texts(locale as unknown as Node).map(([, text]) => text))
  expect(words.filter((text) => /\.\.\.|["']/.test(text))).toEqual([])
})

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

test('ux-36: a language with six plural forms gets the right one, and its own digits', () => {
  const arabic: Locale = { ...en, lang: 'ar-EG', dir: 'rtl' }
  const forms = { zero: 'z', one: 'o', two: 't', few: 'f {count}', many: 'm', other: 'x' }
  expect([0, 1, 2, 3, 11, 100].map((count) => fill(arabic, forms, { count }))).toEqual([
    'z',
    'o',
    't',
    'f ٣',
    'm',
    'x',
  ])
})

test('a form that a language does not have is the other one', () => {
  expect(fill(en, { other: '{count} things' }, { count: 1 })).toBe('1 things')
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

test('every message leaves no place open, whatever its numbers', () => {
  const number = fc.integer({ min: 0, max: 1_000_000 })
  const params = fc.record({ count: number, seconds: number, sent: number, total: number })
  const keys = Object.keys(en.messages) as MessageKey[]
  fc.assert(
    fc.property(fc.constantFrom(...keys), params, fc.constantFrom(en, zhCN), (key, given, locale) => {
      expect(say(locale, { key, params: given })).not.toMatch(/[{}]|NaN|undefined/)
    }),
  )
})

test('a title and its detail are spoken as sentences, with one full stop at most', () => {
  expect(joined(en, 'Back online', 'All 7 changes sent.')).toBe('Back online. All 7 changes sent.')
  expect(joined(en, 'Reconnecting…', 'Your changes are kept.')).toBe('Reconnecting… Your changes are kept.')
  expect(joined(zhCN, '已恢复连接', '7 项修改已发送。')).toBe('已恢复连接。7 项修改已发送。')
  expect(joined(zhCN, '正在重新连接…', '您的修改已保存。')).toBe('正在重新连接…您的修改已保存。')
  expect([joined(en, 'Back online', ''), joined(en, '', 'Sent')]).toEqual(['Back online', 'Sent'])
})
