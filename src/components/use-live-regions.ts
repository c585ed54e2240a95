import { readonly, ref, toValue, watch, type ComputedRef, type MaybeRefOrGetter, type Ref } from 'vue'
import type { Announcement } from '../status/view.js'
import { useHoldfast } from '../vue/context.js'
import { anew } from './anew.js'
import { useLocale } from './locale-context.js'
import { enSurfaces } from './locales/en-surfaces.js'
import type { BaseLocale } from './locales/locale.js'
import { joined, say } from './locales/text.js'
import { useOnPage } from './use-on-page.js'

/** Options of `useLiveRegions`. */
export interface LiveRegionsOptions {
  /** The language of what is said. Default: what was provided under `localeKey`, else English. */
  locale?: MaybeRefOrGetter<BaseLocale | undefined>
  /** Where they are. Those in a dialog speak instead of those on the page, which are inert then. */
  where: 'page' | 'dialog'
  /** Whether they may speak: a dialog's only while it is open. Default: true. */
  active?: MaybeRefOrGetter<boolean>
  /** Takes the focus that has nowhere to go back to. Default: they take none. */
  focus?: (() => void) | undefined
}

/** What `useLiveRegions` returns. */
export interface UseLiveRegionsReturn {
  /** The text of an element with `role="status"`. */
  readonly polite: Readonly<Ref<string>>
  /** The text of an element with `role="alert"`. */
  readonly assertive: Readonly<Ref<string>>
  /** The language that they are in, for `lang` and `dir`. */
  readonly words: ComputedRef<BaseLocale>
}

/**
 * What is spoken, for two live regions of your own. They have to be there, empty, before anything is said, both with
 * `aria-atomic`, and only their text may change (docs/spec/ux.md, 2.1, rule 1). However many there are on a page, one
 * of them speaks.
 */
export function useLiveRegions(options: LiveRegionsOptions): UseLiveRegionsReturn {
  const { surfaces } = useHoldfast()
  const words = useLocale<never>(() => toValue(options.locale), enSurfaces)
  const { where, focus } = options
  const polite = ref('')
  const assertive = ref('')

  function speak({ politeness, message, detail }: Announcement) {
    const locale = words.value
    const [region, other] = politeness === 'polite' ? [polite, assertive] : [assertive, polite]
    region.value = anew(region.value, joined(locale, say(locale, message), detail ? say(locale, detail) : ''))
    // It may be no longer true.
    other.value = ''
  }

  const isOnPage = useOnPage()
  watch(
    () => isOnPage.value && (toValue(options.active) ?? true),
    (active, _before, onCleanup) => {
      if (active) onCleanup(surfaces.add({ where, speak, focus: () => focus?.() }))
    },
    { flush: 'post' },
  )
  return { polite: readonly(polite), assertive: readonly(assertive), words }
}
