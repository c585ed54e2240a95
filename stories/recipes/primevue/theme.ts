/** PrimeVue in the kit's tones: its own white on emerald has 2.5 : 1, and its tones for messages no more. */
import { definePreset } from '@primeuix/themes'
import Aura from '@primeuix/themes/aura'
import type { PrimeVueConfiguration } from 'primevue/config'

const tone = (name: string) => ({
  background: `var(--hf-${name}-bg)`,
  borderColor: `var(--hf-${name}-accent)`,
  color: `var(--hf-${name}-fg)`,
})

const MESSAGES = {
  secondary: tone('idle'),
  info: tone('info'),
  success: tone('ok'),
  warn: tone('warn'),
  error: tone('bad'),
}

const PRIMARY = {
  color: 'var(--hf-primary)',
  contrastColor: 'var(--hf-primary-fg)',
  hoverColor: 'color-mix(in oklab, var(--hf-primary) 90%, var(--hf-fg))',
  activeColor: 'color-mix(in oklab, var(--hf-primary) 80%, var(--hf-fg))',
}

const outlined = (name: string) => ({
  borderColor: `var(--hf-${name}-accent)`,
  color: `var(--hf-${name}-fg)`,
})

const OUTLINES = {
  secondary: outlined('idle'),
  info: outlined('info'),
  success: outlined('ok'),
  warn: outlined('warn'),
  danger: outlined('bad'),
}

/** The kit's tokens follow the theme by themselves: both schemes name the same ones. */
const both = <T>(scheme: T) => ({ light: scheme, dark: scheme })

/** For `app.use(PrimeVue, theme)`. */
export const theme: PrimeVueConfiguration = {
  theme: {
    preset: definePreset(Aura, {
      semantic: {
        colorScheme: both({
          primary: PRIMARY,
          overlay: {
            modal: {
              background: 'var(--hf-surface-raised)',
              borderColor: 'var(--hf-border)',
              color: 'var(--hf-fg)',
            },
          },
        }),
      },
      components: {
        message: { colorScheme: both(MESSAGES) },
        button: { colorScheme: both({ outlined: OUTLINES }) },
      },
    }),
    options: { darkModeSelector: '[data-theme="dark"]' },
  },
}
