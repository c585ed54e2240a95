/** Where an XMLHttpRequest leaves the application: numbered in `send()`, moving until its `loadend`. */
import type { Exchange } from './exchange.js'
import type { Network } from './network.js'
import { byCaller, type NoAnswer } from './no-answer.js'

/** The edge for the XMLHttpRequests of one page. */
export interface XhrEdge {
  /** To be put in the place of the global constructor. */
  readonly XMLHttpRequest: typeof XMLHttpRequest
  /** The exchange that a request of the interceptor belongs to. */
  exchangeOf(initiator: object): Exchange | undefined
}

type Body = XMLHttpRequestBodyInit | Document | null | undefined

/** Wraps a constructor that the interceptor has already taken hold of. */
export function createXhrEdge(Intercepted: typeof XMLHttpRequest, network: Network): XhrEdge {
  const exchanges = new WeakMap<object, Exchange>()
  const depart = (xhr: XMLHttpRequest, method: string, url: URL, headers: Headers, body: Body): void => {
    const content = method === 'GET' || method === 'HEAD' || body instanceof Document ? null : (body ?? null)
    const request = () => new Request(url, { method, headers, body: content })
    const exchange = network.send({ who: 'xhr', method, url, headers, request })
    exchanges.set(xhr, exchange)
    const cancelTimeout =
      xhr.timeout > 0 ? network.clock.setTimeout(() => timeOut(xhr, exchange), xhr.timeout) : null
    const landing = () =>
      void xhr.addEventListener('loadend', network.pace.moving(`the answer to request ${exchange.id}`), {
        once: true,
      })
    // The last step of the interceptor hops for real; after an end by the caller nothing more comes.
    exchange.result.then(
      () => (exchange.open ? exchange.whenOver(landing) : landing()),
      (reason: NoAnswer) => byCaller(reason) || landing(),
    )
    xhr.addEventListener('loadend', () => cancelTimeout?.(), { once: true })
  }

  const outside = (xhr: XMLHttpRequest): XMLHttpRequest => {
    const headers = new Headers()
    let method = 'GET'
    let url: URL | null = null
    const overrides: Readonly<Record<string, unknown>> = {
      open(...args: [string, string | URL, ...unknown[]]) {
        method = args[0].toUpperCase()
        url = new URL(args[1], globalThis.location?.href)
        Reflect.apply(xhr.open, xhr, args)
      },
      setRequestHeader(name: string, value: string) {
        headers.append(name, value)
        xhr.setRequestHeader(name, value)
      },
      send(body?: Body) {
        if (url && network.owns(url)) depart(xhr, method, url, headers, body)
        xhr.send(body)
      },
      abort() {
        exchanges.get(xhr)?.fail('aborted')
        xhr.abort()
      },
    }
    return new Proxy(xhr, {
      get(target, key) {
        if (typeof key === 'string' && Object.hasOwn(overrides, key)) return overrides[key]
        const value: unknown = Reflect.get(target, key, target)
        // Native methods want the native object; handlers are the application's own.
        const isMethod = typeof value === 'function' && !String(key).startsWith('on')
        return isMethod ? value.bind(target) : value
      },
      set: (target, key, value) => Reflect.set(target, key, value, target),
    })
  }

  return {
    XMLHttpRequest: new Proxy(Intercepted, {
      construct: (target) => outside(new target()),
    }),
    exchangeOf: (initiator) => exchanges.get(initiator),
  }
}

function timeOut(xhr: XMLHttpRequest, exchange: Exchange): void {
  if (exchange.over) return
  exchange.fail('timeout')
  xhr.dispatchEvent(new ProgressEvent('timeout'))
  xhr.abort()
}
