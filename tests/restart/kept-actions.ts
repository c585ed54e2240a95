/** What a page's database holds, read with the browser's own means and none of the kit's. */
import type { BrowserContext, Page } from 'playwright-core'

declare global {
  interface Window {
    /** The terms of those who sent, and when each was seen first. */
    terms: { number: number; at: number }[]
  }
}

/** The numbers of the durable writes that are kept, in their order. */
export async function keptActions(context: BrowserContext, origin: string, store: string): Promise<number[]> {
  const page = await context.newPage()
  // A page of the same origin without the application.
  await page.route('**/blank', (route) => route.fulfill({ contentType: 'text/html', body: '' }))
  await page.goto(`${origin}/blank`)
  const rows = await page.evaluate(
    (name) =>
      new Promise<{ label: string }[]>((resolve, reject) => {
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
  // The label is in the row itself, and ends with the number; large payloads are elsewhere.
  return rows.map(({ label }) => Number(label.split(' ').at(-1)))
}

/** Notes in the page itself who sends, and since when. */
export async function watchTerms(page: Page, store: string): Promise<void> {
  await page.evaluate((name) => {
    window.terms = []
    const opening = indexedDB.open(name)
    opening.onsuccess = () => {
      setInterval(() => {
        const all = opening.result.transaction('scopes').objectStore('scopes').getAll()
        all.onsuccess = () => {
          const number: number | undefined = all.result[0]?.sender?.number
          if (number !== undefined && number !== window.terms.at(-1)?.number)
            window.terms.push({ number, at: Date.now() })
        }
      }, 10)
    }
  }, store)
  await page.waitForFunction(() => window.terms.length > 0)
}
