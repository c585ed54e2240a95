import type { Preview } from '@storybook/vue3-vite'
import * as network from '../mocks/storybook/preview.js'
import '../src/components/style.css'
import './preview.css'

/** The theme that the person's system asks for; the tests run every story under both. */
const systemTheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'

const preview: Preview = {
  tags: ['autodocs'],
  parameters: {
    a11y: { test: 'error' },
    layout: 'fullscreen',
    controls: { expanded: true },
    backgrounds: { disable: true },
    options: { storySort: { order: ['Introduction', 'Order desk', 'Components', '*', 'Reference'] } },
  },
  initialGlobals: { ...network.initialGlobals, theme: systemTheme, locale: 'en', direction: 'ltr' },
  globalTypes: {
    ...network.globalTypes,
    theme: {
      description: 'Light or dark',
      toolbar: {
        icon: 'mirror',
        items: [
          { value: 'light', title: 'Light', icon: 'sun' },
          { value: 'dark', title: 'Dark', icon: 'moon' },
        ],
        dynamicTitle: true,
      },
    },
    locale: {
      description: 'Language of the texts',
      toolbar: {
        icon: 'globe',
        items: [
          { value: 'en', title: 'English' },
          { value: 'zh-CN', title: '简体中文' },
        ],
        dynamicTitle: true,
      },
    },
    direction: {
      description: 'Direction of the page',
      toolbar: {
        icon: 'transfer',
        items: [
          { value: 'ltr', title: 'Left to right' },
          { value: 'rtl', title: 'Right to left' },
        ],
        dynamicTitle: true,
      },
    },
  },
  decorators: [
    (story, { globals }) => {
      const root = document.documentElement
      root.dataset['theme'] = String(globals['theme'])
      root.lang = String(globals['locale'])
      root.dir = String(globals['direction'])
      return story()
    },
  ],
}

export default preview
