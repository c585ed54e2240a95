import { http, HttpResponse } from 'msw'

const cart = ['rope']

/** The application's own MSW handlers. */
export const handlers = [
  http.get('https://shop.example/cart', () => HttpResponse.json({ items: cart })),
  http.post<never, { item: string }>('https://shop.example/cart', async ({ request }) => {
    cart.push((await request.json()).item)
    return HttpResponse.json({ items: cart }, { status: 201 })
  }),
]
