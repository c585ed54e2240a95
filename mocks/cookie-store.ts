/** The page's cookies, without a turn of the event loop for each: what waits for them must not be random. */
import type { Stop } from '../src/core/state.js'

interface Cookie {
  readonly name: string
  readonly value: string
}

/** The first cookie of this name that a page sees; null: none. */
function cookieOf(name: string): Cookie | null {
  const pair = document.cookie.split('; ').find((one) => one.startsWith(`${name}=`))
  return pair === undefined ? null : { name, value: pair.slice(name.length + 1) }
}

/**
 * axios asks `cookieStore.get(name)` for its XSRF token before it sends: 1 to 200 macrotasks, at random. Here it is
 * answered from `document.cookie`, which says the same; whoever asks for more than a name asks the browser.
 */
export function installCookieStore(): Stop {
  const store = (globalThis as { readonly cookieStore?: { get(of: unknown): Promise<unknown> } }).cookieStore
  if (typeof store !== 'object' || store === null) return () => {}
  const { get } = store
  const value = (of: unknown): Promise<unknown> =>
    typeof of === 'string' ? Promise.resolve(cookieOf(of)) : Reflect.apply(get, store, [of])
  Object.defineProperty(store, 'get', { value, configurable: true })
  return () => void Reflect.deleteProperty(store, 'get')
}
