/** The ways in which everything is looked at. */

/** What a page is opened with. */
export interface Mode {
  readonly theme: 'light' | 'dark'
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  /** Of the window (CSS px). */
  readonly width: number
  /** Default: 800. */
  readonly height?: number
  readonly forcedColors: 'active' | 'none'
}

const light: Mode = { theme: 'light', locale: 'en', direction: 'ltr', width: 848, forcedColors: 'none' }

/** By the name that a reference has. */
export const MODES = {
  light,
  dark: { ...light, theme: 'dark' },
  rtl: { ...light, locale: 'ar', direction: 'rtl' },
  '320px': { ...light, width: 320 },
  forced: { ...light, theme: 'dark', forcedColors: 'active' },
} as const satisfies Readonly<Record<string, Mode>>

/** The name of a mode. */
export type ModeName = keyof typeof MODES

/** As a Storybook's URL says it. */
export const globalsOf = ({ theme, locale, direction }: Mode): string =>
  `theme:${theme};locale:${locale};direction:${direction};motion:reduced;a11y.manual:!true`
