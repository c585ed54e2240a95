/** The panel's colours: Storybook's own, and five tones for what is drawn. */
import type { CSSProperties } from 'react'

/** The part of Storybook's theme that the panel takes. */
export interface PanelTheme {
  /** Which of the two it is like. Default: light. */
  readonly base?: 'light' | 'dark'
  readonly background: { readonly content: string }
  readonly color: { readonly defaultText: string }
  readonly barSelectedColor: string
  readonly typography: { readonly fonts: { readonly base: string; readonly mono: string } }
}

/** Lines and fills of the tones; text on a fill is the text's own colour. */
const TONES = {
  light: { idle: '#6b7482', ok: '#1e8e4e', info: '#1d6fd8', warn: '#a86a00', bad: '#c62828' },
  dark: { idle: '#8d96a5', ok: '#4cc38a', info: '#6ea8fe', warn: '#e2a336', bad: '#ff7b72' },
} as const

/** Custom properties for the panel's root. */
export function looksOf(theme: PanelTheme): CSSProperties {
  const base = theme.base ?? 'light'
  return {
    ...Object.fromEntries(Object.entries(TONES[base]).map(([name, colour]) => [`--${name}`, colour])),
    '--bg': theme.background.content,
    '--fg': theme.color.defaultText,
    '--accent': theme.barSelectedColor,
    '--sans': theme.typography.fonts.base,
    '--mono': theme.typography.fonts.mono,
    colorScheme: base,
  } as CSSProperties
}
