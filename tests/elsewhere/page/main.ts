/** The entry of an application that shows its cart. On a development server its address says what network it has. */
// #region entry
import axios from 'axios'
import { loadCart, SHOP, type CartView } from '../shop.js'

if (import.meta.env.DEV) {
  const { installFromUrl } = await import('../../../mocks/dev-server.js')
  const { handlers } = await import('../shop-handlers.js')
  installFromUrl({ handlers })
}
// #endregion entry

const api = axios.create({ baseURL: SHOP })
const line = document.querySelector('[role=status]')!

const WORDS: { readonly [N in CartView['name']]: string } = {
  cart: 'In your cart',
  slow: 'The shop is slow',
  unreachable: 'The shop cannot be reached',
  refused: 'The shop has refused',
}

async function show(): Promise<void> {
  line.textContent = '…'
  const view = await loadCart(api)
  line.textContent = view.name === 'cart' ? `${WORDS.cart}: ${view.items.join(', ')}` : WORDS[view.name]
}

document.querySelector('button')!.addEventListener('click', () => void show())
void show()
