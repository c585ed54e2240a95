import { h, type FunctionalComponent } from 'vue'
import type { BaseLocale } from './locales/locale.js'

/**
 * Words of ours. They carry the language and direction that they are in, while the layout around them follows
 * the page: an English kit on an Arabic page keeps its full stops where they belong.
 */
export const HfText: FunctionalComponent<{ locale: BaseLocale; text: string }> = ({ locale, text }) =>
  h('span', { lang: locale.lang, dir: locale.dir }, text)
HfText.props = ['locale', 'text']
