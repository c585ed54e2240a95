import type { Preview } from '@storybook/vue3-vite'
import * as network from '../mocks/storybook/preview.js'
import '../src/components/style.css'
import { onPage } from '../stories/support/page.js'
import { followToolbar, globalsAround, ThemedContainer } from './docs-page.js'
import './preview.css'

/** The theme that the person's system asks for; the tests run every story under both. */
const systemTheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'

followToolbar()

const preview: Preview = {
  tags: ['autodocs'],
  parameters: {
    a11y: { test: 'error' },
    layout: 'fullscreen',
    controls: { expanded: true },
    backgrounds: { disable: true },
    docs: { container: ThemedContainer },
    options: { storySort: { order: ['Introduction', 'Order desk', 'Components', '*', 'Reference'] } },
  },
  initialGlobals: {
    ...network.initialGlobals,
    ...{ theme: systemTheme, locale: 'en', direction: 'ltr' },
    ...globalsAround(),
  },
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
  decorators: [onPage],
}

export default preview
