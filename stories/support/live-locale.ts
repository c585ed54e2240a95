/** The toolbar's language for stories that stay mounted while it changes. */
import { shallowRef } from 'vue'
import { en } from '../../src/components/index.js'
import { localeOf } from './still.js'

/** To be provided under `localeKey`. */
export const liveLocale = shallowRef(en)

/** To be called by a decorator at each render. */
export function followLocale(globals: Readonly<Record<string, unknown>>): void {
  liveLocale.value = localeOf(globals)
}
