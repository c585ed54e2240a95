import type { Meta, StoryObj } from '@storybook/vue3-vite'
import ShopCart from './ShopCart.vue'

const meta = { component: ShopCart } satisfies Meta<typeof ShopCart>

export default meta

export const Filled: StoryObj<typeof meta> = {}
