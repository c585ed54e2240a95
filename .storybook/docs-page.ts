/** Pages of documentation follow the toolbar, as the stories on them do. */
import { DocsContainer, type DocsContainerProps } from '@storybook/addon-docs/blocks'
import { GLOBALS_UPDATED, SET_GLOBALS } from 'storybook/internal/core-events'
import { addons } from 'storybook/preview-api'
import { create } from 'storybook/theming'

type Globals = Readonly<Record<string, unknown>>

/** What a page keeps of the toolbar, on its root: there its colours look, and the frames on it. */
const KEPT = ['theme', 'locale', 'direction', 'motion', 'contrast', 'density']

const THEMES = {
  light: create({ base: 'light', appContentBg: '#f6f7f9', appPreviewBg: '#f6f7f9', textColor: '#1b1f26' }),
  dark: create({ base: 'dark', appContentBg: '#15171c', appPreviewBg: '#15171c', textColor: '#eef0f4' }),
}

/** Notes on the page's root what the toolbar says, whether a story is rendered or not. */
export function followToolbar(): void {
  const note = ({ globals }: { readonly globals: Globals }) => {
    for (const key of KEPT) document.documentElement.dataset[key] = String(globals[key])
  }
  const channel = addons.getChannel()
  channel.on(SET_GLOBALS, note)
  channel.on(GLOBALS_UPDATED, note)
}

/** What the page says that this one is a frame of: a story in a frame looks as its documentation does. */
export function globalsAround(): Globals {
  try {
    const { dataset } = window.parent.document.documentElement
    return Object.fromEntries(KEPT.flatMap((key) => (dataset[key] ? [[key, dataset[key]]] : [])))
  } catch {
    // A page of another origin tells nothing.
    return {}
  }
}

/** Storybook's container, in the theme that the toolbar says. It is made anew whenever that changes. */
export function ThemedContainer(props: DocsContainerProps & { readonly children?: never }) {
  const { theme } = document.documentElement.dataset
  return DocsContainer({ ...props, theme: theme === 'dark' ? THEMES.dark : THEMES.light })
}
