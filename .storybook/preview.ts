import type { Preview } from '@storybook/vue3-vite'
import * as simulator from '../mocks/storybook/preview.js'
import '../src/components/style.css'
import { own } from '../stories/simulator/own-scenarios.js'
import { onPage } from '../stories/support/page.js'
import { completeArgTypes } from './arg-table.js'
import { ComponentPage } from './component-page.js'
import { followToolbar, globalsAround, ThemedContainer } from './docs-page.js'
import { auditInOtherTheme, BROKEN_ALONE, isTest } from './other-theme.js'
import './preview.css'
import * as toolbar from './toolbar.js'

followToolbar()

const preview: Preview = {
  tags: ['autodocs'],
  beforeEach: simulator.beforeEach,
  afterEach: auditInOtherTheme,
  parameters: {
    a11y: { test: 'error', ...(isTest && { options: BROKEN_ALONE }) },
    layout: 'fullscreen',
    controls: { expanded: true },
    backgrounds: { disable: true },
    docs: { container: ThemedContainer, page: ComponentPage },
    options: {
      storySort: {
        order: [
          'Introduction',
          'Guides',
          [
            'First steps',
            'States and words',
            'Accessibility',
            'Theming',
            'Headless use',
            'When one service is slow',
            'Testing your own outage',
            'Server contract',
            'Which schedule for what',
            '*',
          ],
          'Order desk',
          'Components',
          'Matrix',
          'What people see',
          'Recipes',
          '*',
          'Reference',
        ],
      },
    },
  },
  initialGlobals: {
    ...simulator.initialGlobals,
    ...toolbar.initialGlobals,
    ...globalsAround(),
  },
  globalTypes: {
    ...simulator.globalTypes,
    ...own,
    ...toolbar.globalTypes,
  },
  argTypesEnhancers: [completeArgTypes],
  decorators: [onPage],
}

export default preview
