import { computed, inject, toValue, type ComputedRef, type InjectionKey, type MaybeRefOrGetter } from 'vue'
import type { Locale, Words } from './locales/locale.js'

/** `app.provide(localeKey, locale)`, or a ref of one, sets the language of every component of the kit. */
export const localeKey: InjectionKey<MaybeRefOrGetter<Locale>> = Symbol('holdfast locale')

/**
 * The language of a component: its prop, else what was provided, else `fallback`: English, as far as that component
 * needs it.
 */
export function useLocale<Part extends keyof Locale>(
  own: () => Words<Part> | undefined,
  fallback: Words<Part>,
): ComputedRef<Words<Part>> {
  const provided: MaybeRefOrGetter<Words<Part>> | undefined = inject(localeKey, undefined)
  return computed(() => own() ?? toValue(provided) ?? fallback)
}
