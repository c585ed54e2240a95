/** `holdfast/locales/translated`: the texts of the kit from an application's own translate function. */
import type { Locale, Text, TextFunction, TextParams } from './locale.js'
import { duration, fill } from './text.js'

/**
 * Gives the words of a text, or undefined where it has none: then those of the base are shown.
 *
 * @param key the text's path in `Locale`, such as `messages.reconnecting` or `list.states.failed`
 * @param params numbers and words to put in. What the kit puts in itself stands for itself: `{ago}` is given as
 * the text `{ago}`, and left where it stands.
 */
export type Translate = (key: string, params: TextParams) => string | undefined

type Part = Readonly<Record<string, unknown>>

/**
 * A language whose words come from an application's own translate function, such as vue-i18n's `t`. It is asked
 * whenever something is shown, so that what it reads may be reactive.
 *
 * @param base names the language (`lang`, `dir`) and has the words for whatever the function does not know
 */
export function translated(translate: Translate, base: Locale): Locale {
  const textOf = (key: string, text: Text): TextFunction => {
    return (params) => {
      const { seconds } = params
      const time = seconds === undefined ? {} : { time: duration(locale, Number(seconds)) }
      return translate(key, { ...params, ...time }) ?? fill(base, text, params)
    }
  }

  const partOf = (part: Part, path: string): Part => {
    const made: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(part)) {
      const key = path + name
      if (key === 'lang' || key === 'dir') made[name] = value
      else if (hasParams(key, value)) made[name] = textOf(key, value)
      else if (typeof value === 'string')
        defineText(made, name, () => translate(key, ownPlaces(value)) ?? value)
      else made[name] = partOf(value as Part, `${key}.`)
    }
    return made
  }

  const locale = partOf(base as unknown as Part, '') as unknown as Locale
  return locale
}

/** The texts that are shown through their params; all others are read as they are. */
const hasParams = (key: string, value: unknown): value is Text =>
  key.startsWith('messages.') ||
  typeof value === 'function' ||
  (typeof value === 'object' && value !== null && 'other' in value)

/** Read anew each time. */
const defineText = (part: object, name: string, get: () => string) =>
  Object.defineProperty(part, name, { get, enumerable: true })

/** `{ago}` stands for itself: it is filled in later. */
const ownPlaces = (text: string): TextParams =>
  Object.fromEntries([...text.matchAll(/\{(\w+)\}/g)].map(([place, name]) => [name, place]))
