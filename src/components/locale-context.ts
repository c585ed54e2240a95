import { computed, inject, toValue, type ComputedRef, type InjectionKey, type MaybeRefOrGetter } from 'vue'
import { en } from './locales/en.js'
import type { Locale } from './locales/locale.js'

/** `app.provide(localeKey, locale)`, or a ref of one, sets the language of every component of the kit. */
export const localeKey: InjectionKey<MaybeRefOrGetter<Locale>> = Symbol('holdfast locale')

/** The language of a component: its prop, else what was provided, else English. */
export function useLocale(own: () => Locale | undefined): ComputedRef<Locale> {
  const provided = inject(localeKey, en)
  return computed(() => own() ?? toValue(provided))
}
