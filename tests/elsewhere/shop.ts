/** A small application as there are many: axios, a cart, a few lines about failures. It knows nothing of Holdfast. */
import axios, { type AxiosInstance } from 'axios'

/** What a person sees. */
export type CartView =
  | { readonly name: 'cart'; readonly items: readonly string[] }
  | { readonly name: 'slow' }
  | { readonly name: 'unreachable' }
  | { readonly name: 'refused'; readonly status: number }

/** Where the shop's server is. */
export const SHOP = 'https://shop.example'

/** Loads the cart; three seconds are the longest that a person is kept waiting. */
export async function loadCart(api: AxiosInstance): Promise<CartView> {
  try {
    const { data } = await api.get<{ items: string[] }>('/cart', { timeout: 3_000 })
    return { name: 'cart', items: data.items }
  } catch (error) {
    if (!axios.isAxiosError(error)) throw error
    if (error.code === 'ECONNABORTED') return { name: 'slow' }
    return error.response ? { name: 'refused', status: error.response.status } : { name: 'unreachable' }
  }
}

/** Puts something into the cart; true: it is in it. */
export async function addToCart(api: AxiosInstance, item: string): Promise<boolean> {
  try {
    await api.post('/cart', { item })
    return true
  } catch {
    return false
  }
}
