/** The application's own MSW handlers: written long before, and for something else. */
import { http, HttpResponse } from 'msw'

/** What is in the cart on the server. */
export const cart: string[] = ['rope']

/** As they are handed to `setupWorker` or `setupServer` elsewhere. */
export const handlers = [
  http.get('https://shop.example/cart', () => HttpResponse.json({ items: cart })),
  http.post<never, { item: string }>('https://shop.example/cart', async ({ request }) => {
    cart.push((await request.json()).item)
    return HttpResponse.json({ items: cart }, { status: 201 })
  }),
]
