import type { Preview } from '@storybook/vue3-vite'
import { handlers } from '../src/handlers'

const preview: Preview = {
  parameters: { network: { handlers, hosts: ['shop.example'] } },
}

export default preview
