/** The languages that come with the kit, for the toolbar, the matrix and the checks. */
import type { Locale } from '../../src/components/index.js'
import { ar } from '../../src/components/locales/ar.js'
import { de } from '../../src/components/locales/de.js'
import { en } from '../../src/components/locales/en.js'
import { es } from '../../src/components/locales/es.js'
import { fr } from '../../src/components/locales/fr.js'
import { ja } from '../../src/components/locales/ja.js'
import { ko } from '../../src/components/locales/ko.js'
import { ptBR } from '../../src/components/locales/pt-br.js'
import { zhCN } from '../../src/components/locales/zh-cn.js'
import { zhTW } from '../../src/components/locales/zh-tw.js'

/** All of them, in the order of the toolbar. */
export const LANGUAGES: readonly Locale[] = [en, zhCN, zhTW, ja, ko, de, fr, es, ptBR, ar]

/** What speakers call their language. */
export const nameOf = ({ lang }: Locale): string =>
  new Intl.DisplayNames([lang], { type: 'language' }).of(lang) ?? lang

/** The language of that tag; English if there is none. */
export const languageOf = (lang: string): Locale =>
  LANGUAGES.find((one) => one.lang === lang) ?? LANGUAGES[0]!
