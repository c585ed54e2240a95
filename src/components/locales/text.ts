/** From a text and its params to words: pure. */
import type { Message } from '../../status/view.js'
import type { BaseLocale, Text, TextParams } from './locale.js'

const PLACE = /\{(\w+)\}/g

/** Puts the params into a text of that language, in the plural form that its number asks for. */
export function fill(locale: BaseLocale, text: Text, params: TextParams = {}): string {
  return formOf(locale, text, params).replace(PLACE, (place, name: string) => {
    const value = name === 'time' ? duration(locale, Number(params['seconds'])) : params[name]
    if (value === undefined) return place
    return typeof value === 'number' ? number(locale, value) : value
  })
}

function formOf(locale: BaseLocale, text: Text, params: TextParams): string {
  if (typeof text === 'string') return text
  return typeof text === 'function' ? text(params) : (text[pluralOf(locale, params)] ?? text.other)
}

/** The words of a message. */
export function say(locale: BaseLocale, message: Message): string {
  return fill(locale, locale.messages[message.key], message.params)
}

/** What comes between a text and the sentence behind it: a full stop, unless it has one, and the joint. */
export const betweenOf = ({ sentence }: BaseLocale, text: string): string =>
  (/\p{P}$/u.test(text) ? '' : sentence.stop) + sentence.joint

/** Two texts as sentences, one behind the other; one that is empty is left out. */
export function joined(locale: BaseLocale, first: string, second: string): string {
  if (!first || !second) return first || second
  return first + betweenOf(locale, first) + second
}

/** "8 s", "2 min", "3 h": one unit, no more precise than it needs to be. Halves go up. */
export function duration(locale: BaseLocale, seconds: number): string {
  const { time } = locale
  if (seconds < 90) return unit(locale, time.seconds, seconds)
  if (seconds < 5400) return unit(locale, time.minutes, seconds / 60)
  if (seconds < 129_600) return unit(locale, time.hours, seconds / 3600)
  return unit(locale, time.days, seconds / 86_400)
}

/** "2 min ago", of whole units that have passed; "just now" for less than a minute. */
export function ago(locale: BaseLocale, passedMs: number): string {
  const { time } = locale
  const minutes = Math.floor(passedMs / 60_000)
  if (minutes < 1) return time.justNow
  const [text, amount] =
    minutes < 60
      ? [time.minutes, minutes]
      : minutes < 1440
        ? [time.hours, Math.floor(minutes / 60)]
        : [time.days, Math.floor(minutes / 1440)]
  return time.ago.replace('{time}', unit(locale, text, amount))
}

/** An estimate is no countdown: it goes down in steps of 5 s, so that "about" stays true and calm. */
export function about(seconds: number): number {
  return Math.ceil(seconds / 5) * 5
}

function unit(locale: BaseLocale, text: Text, amount: number): string {
  const n = Math.round(amount)
  return fill(locale, text, { n, count: n })
}

/** Making one takes longer than all the rest of a row (P12). */
function once<T>(make: (lang: string) => T): (locale: BaseLocale) => T {
  const made = new Map<string, T>()
  return ({ lang }) => {
    const known = made.get(lang) ?? make(lang)
    made.set(lang, known)
    return known
  }
}
const numbersOf = once((lang) => new Intl.NumberFormat(lang))
const pluralsOf = once((lang) => new Intl.PluralRules(lang))

const number = (locale: BaseLocale, value: number) => numbersOf(locale).format(value)

const pluralOf = (locale: BaseLocale, params: TextParams) =>
  pluralsOf(locale).select(Number(params['count'] ?? params['seconds'] ?? 0))
