/** What the tables of props, events and slots say, and the controls beside them. */
import type { ArgTypes, ArgTypesEnhancer } from '@storybook/vue3-vite'
import { LANGUAGES } from '../stories/support/languages.js'

type ArgType = ArgTypes[string]

/** "… Default: what it is." at the end of an explanation, or before its last sentences. */
const DEFAULT = /\s*Default: ([^.]+)\./

/** A language is chosen by its tag; without one it is the toolbar's. */
const LOCALE: ArgType = {
  options: LANGUAGES.map(({ lang }) => lang),
  mapping: Object.fromEntries(LANGUAGES.map((locale) => [locale.lang, locale])),
  control: { type: 'select' },
}

/** The table has a column for the default: it is said there, and not within the explanation. */
function withDefault(argType: ArgType): ArgType {
  const { description = '', table } = argType
  const summary = DEFAULT.exec(description)?.[1]?.replaceAll('`', '')
  if (summary === undefined) return argType
  return {
    ...argType,
    description: description.replace(DEFAULT, ''),
    table: { ...table, defaultValue: { summary } },
  }
}

function told(name: string, argType: ArgType): ArgType {
  const model = /^update:(.+)$/.exec(name)?.[1]
  if (model !== undefined) return { ...argType, description: `For \`v-model:${model}\`.` }
  // Whoever fills a slot writes a template; a field for an object would only break it.
  if (argType.table?.category === 'slots') return { ...argType, control: false }
  return withDefault(name === 'locale' ? { ...argType, ...LOCALE } : argType)
}

/** The name of the listener of an event: `signIn` is heard by `onSignIn`. */
const listenerOf = (event: string) => `on${event.charAt(0).toUpperCase()}${event.slice(1)}`

/**
 * Completes what was read from a component: defaults have their column, a language can be chosen, and a listener that
 * a story brings along is not listed beside its event.
 */
export const completeArgTypes: ArgTypesEnhancer = ({ argTypes }) => {
  const all = Object.entries(argTypes)
  const events = all.filter(([, { table }]) => table?.category === 'events').map(([name]) => name)
  return Object.fromEntries([
    ...all.map(([name, argType]) => [name, told(name, argType)]),
    ...events.map((name) => [listenerOf(name), { table: { disable: true } }]),
  ]) as typeof argTypes
}
