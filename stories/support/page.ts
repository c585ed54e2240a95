/** What is around every story: a page in the toolbar's direction. */
import type { Decorator } from '@storybook/vue3-vite'
import { h, resolveComponent } from 'vue'
import { reduceMotion } from './motion.js'

/**
 * The direction is the story's own: on a page of documentation there are stories of both. Where a story is the
 * whole page, that has it, too. Storybook's globals are reactive: they are read at each render.
 */
export const onPage: Decorator = (story, { globals, viewMode }) => {
  story()
  const isAlone = viewMode === 'story'
  const root = document.documentElement
  root.dataset['theme'] = String(globals['theme'])
  root.dataset['contrast'] = String(globals['contrast'])
  root.dataset['density'] = String(globals['density'])
  root.lang = isAlone ? String(globals['locale']) : 'en'
  root.dir = isAlone ? String(globals['direction']) : 'ltr'
  return {
    render() {
      reduceMotion(globals['motion'] === 'reduced')
      return h('div', { class: 'page', dir: String(globals['direction']), lang: String(globals['locale']) }, [
        h(resolveComponent('story')),
      ])
    },
  }
}
