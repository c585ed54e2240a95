/** The toolbar's menus about the person and the page. The network's own are the simulator's. */
import { LANGUAGES, nameOf } from '../stories/support/languages.js'

/** The theme that the person's system asks for. */
const systemTheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'

const menu = (
  description: string,
  icon: string,
  items: readonly (readonly [value: string, title: string])[],
) => ({
  description,
  toolbar: { icon, dynamicTitle: true, items: items.map(([value, title]) => ({ value, title })) },
})

/** The menus, by the name that they have in URLs. */
export const globalTypes = {
  theme: menu('Light or dark', 'mirror', [
    ['light', 'Light'],
    ['dark', 'Dark'],
  ]),
  locale: menu(
    'Language of the texts',
    'globe',
    LANGUAGES.map((locale) => [locale.lang, nameOf(locale)]),
  ),
  direction: menu('Direction of the page', 'transfer', [
    ['ltr', 'Left to right'],
    ['rtl', 'Right to left'],
  ]),
  motion: menu('Motion', 'play', [
    ['system', 'Motion: as the system says'],
    ['reduced', 'Motion: reduced'],
  ]),
  contrast: menu('Contrast', 'contrast', [
    ['system', 'Contrast: as the system says'],
    ['more', 'Contrast: more'],
  ]),
  density: menu('Density', 'component', [
    ['compact', 'Compact'],
    ['usual', 'Density: as designed'],
    ['comfortable', 'Comfortable'],
  ]),
}

/** As the person's system has it, in English. */
export const initialGlobals = {
  theme: systemTheme,
  locale: 'en',
  direction: 'ltr',
  motion: 'system',
  contrast: 'system',
  density: 'usual',
}
