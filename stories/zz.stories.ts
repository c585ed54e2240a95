import { expect } from 'storybook/test'
import { h } from 'vue'
export default { title: 'zz', render: () => ({ setup: () => () => h('main', [h('h1', 'hi'), h('button', 'go')]) }) }
export const A = { play: async ({ canvas, globals }: any) => { console.log(globals.theme, document.documentElement.dataset.theme); await expect(canvas.getByText('hi')).toBeVisible() } }
export const B = { render: () => ({ setup: () => () => h('main', [h('p', { style: 'color:#ccc;background:#fff' }, 'hi')]) }) }
