/** Where an XMLHttpRequest leaves the application: numbered in `send()`, moving until its `loadend`. */
import type { Stop } from '../src/core/state.js'
import type { Exchange } from './exchange.js'
import type { Network } from './network.js'

/** The edge for one page. */
export interface XhrEdge {
  /** To be put in the place of the global one. */
  readonly XMLHttpRequest: typeof XMLHttpRequest
  /** The exchange of a request as the interceptor sees it. */
  exchangeOf(request: Request): Exchange | undefined
}

/** Carries the number of a request through the interceptor; it never reaches a handler. */
const NUMBER = 'x-holdfast-request'

/** Wraps a constructor that the interceptor has already taken hold of. */
export function createXhrEdge(Intercepted: typeof XMLHttpRequest, network: Network): XhrEdge {
  const exchanges = new Map<string, { exchange: Exchange; seen: (request: Request) => void }>()

  const construct = (): XMLHttpRequest => {
    const xhr = new Intercepted()
    let method = 'GET'
    let url: URL | null = null
    const { open, send, abort } = xhr
    xhr.open = (...args: [string, string | URL, ...unknown[]]) => {
      method = args[0].toUpperCase()
      url = new URL(args[1], globalThis.location?.href)
      Reflect.apply(open, xhr, args)
    }
    xhr.send = (body) => {
      if (!url || !network.owns(url)) return Reflect.apply(send, xhr, [body])
      const seen = Promise.withResolvers<Request>()
      depart(xhr, { method, url }, body)
      Reflect.apply(send, xhr, [body])
      void seen
    }
    void abort
    return xhr
  }
  void construct
  void exchanges
  void NUMBER
  const stop: Stop = () => {}
  void stop
  throw new Error('unfinished')
}
declare function depart(...args: unknown[]): void
