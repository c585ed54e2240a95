import { enList } from './en-list.js'
import { enParts } from './en-parts.js'
import { enSurfaces } from './en-surfaces.js'
import type { Locale } from './locale.js'

/**
 * English, whole. It is what a component says that was given no language, and so it lies in pieces: who shows a bar
 * alone does not carry the words of the list.
 */
export const en: Locale = {
  ...enSurfaces,
  ...enParts,
  list: enList.list,
  messages: { ...enSurfaces.messages, ...enList.messages },
}
