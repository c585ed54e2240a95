import { computed, ref } from 'vue'
import { expect, test } from 'vitest'
import { ar } from '../../src/components/locales/ar.js'
import { en } from '../../src/components/locales/en.js'
import { ago, duration, fill, say } from '../../src/components/locales/text.js'
import { translated, type Translate } from '../../src/components/locales/translated.js'
import type { MessageKey } from '../../src/status/view.js'
import { textsOf } from './texts.js'

/** As the catalogue of an application: every text is its own path. */
const asked: string[] = []
const paths: Translate = (key, params) => {
  asked.push(key)
  return [key, ...Object.keys(params).map((name) => `{${name}}`)].join(' ')
}

test('every text of the kit is asked for under its path', () => {
  asked.length = 0
  const locale = translated(paths, en)
  const params = { count: 2, seconds: 8 }
  const read = (part: object): void =>
    Object.values(part).forEach((value) => {
      if (typeof value === 'function') fill(locale, value, params)
      else if (typeof value === 'object') read(value)
    })
  read(locale)
  expect([...new Set(asked)].toSorted()).toEqual(
    textsOf(en)
      .map(({ path }) => path)
      .toSorted(),
  )
})

test('the function gets the numbers, and a time in words', () => {
  const given: unknown[] = []
  const locale = translated((key, params) => (given.push([key, params]), undefined), en)
  say(locale, { key: 'attention', params: { count: 2 } })
  say(locale, { key: 'next-try', params: { seconds: 8 } })
  expect(given).toContainEqual(['messages.attention', { count: 2 }])
  expect(given).toContainEqual(['messages.next-try', { seconds: 8, time: '8 s' }])
})

test('what the kit puts in itself stands for itself, and is put in afterwards', () => {
  const dutch: Readonly<Record<string, string>> = {
    'list.states.queued': 'Wacht · {ago}',
    'time.ago': '{time} geleden',
    'time.minutes': '{n} min.',
  }
  // As a library that puts every param in, and nothing where there is none.
  const translate: Translate = (key, params) =>
    dutch[key]?.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))
  const locale = translated(translate, { ...en, lang: 'nl' })
  const words = fill(locale, locale.list.states.queued, { ago: ago(locale, 120_000) })
  expect(words).toBe('Wacht · 2 min. geleden')
  expect(duration(locale, 8)).toBe('8 s')
})

test('what the function does not know is told in the words of the base', () => {
  const locale = translated(() => undefined, ar)
  expect([locale.lang, locale.dir]).toEqual(['ar', 'rtl'])
  for (const key of Object.keys(ar.messages) as MessageKey[]) {
    const params = { count: 2, seconds: 8, sent: 3, total: 7 }
    expect(say(locale, { key, params })).toBe(say(ar, { key, params }))
  }
  expect(locale.actions.retry).toBe(ar.actions.retry)
})

test('what the function reads may be reactive', () => {
  const word = ref('one')
  const locale = translated(() => word.value, en)
  const shown = computed(() => [locale.actions.retry, say(locale, { key: 'slow', params: {} })])
  expect(shown.value).toEqual(['one', 'one'])
  word.value = 'two'
  expect(shown.value).toEqual(['two', 'two'])
})
