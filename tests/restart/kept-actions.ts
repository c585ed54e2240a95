/** What a page's database holds, read with the browser's own means and none of the kit's. */
import type { BrowserContext } from 'playwright-core'

/** The numbers of the durable writes that are kept, in their order. */
export async function keptActions(context: BrowserContext, origin: string, store: string): Promise<number[]> {
  const page = await context.newPage()
  // A page of the same origin without the application.
  await page.route('**/blank', (route) => route.fulfill({ contentType: 'text/html', body: '' }))
  await page.goto(`${origin}/blank`)
  const rows = await page.evaluate(
    (name) =>
      new Promise<{ payload: { seq: number } }[]>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.onerror = () => reject(opening.error)
        opening.onupgradeneeded = () => opening.transaction?.abort()
        opening.onsuccess = () => {
          const all = opening.result.transaction('actions').objectStore('actions').getAll()
          all.onerror = () => reject(all.error)
          all.onsuccess = () => {
            opening.result.close()
            resolve(all.result)
          }
        }
      }),
    store,
  )
  await page.close()
  return rows.map(({ payload }) => payload.seq)
}
