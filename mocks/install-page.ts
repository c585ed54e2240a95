/** The network in place of a page's globals, for code that uses them: one a page. */
import { XMLHttpRequestInterceptor } from '@mswjs/interceptors/XMLHttpRequest'
import { badOption, checkKeys } from '../src/core/errors.js'
import type { Stop } from '../src/core/state.js'
import { isRedirect, type Answer, type Bytes } from './answer.js'
import type { Network } from './network.js'
import { byCaller } from './no-answer.js'
import { createXhrEdge } from './xhr-edge.js'

/** Options of `installPage`. */
export interface InstallPageOptions {
  /** Whether `WebSocket` is put on the network, too. Default: false. */
  readonly webSocket?: boolean
}

/**
 * Puts `fetch`, `XMLHttpRequest`, `navigator.onLine` and the `online` and `offline` events of this page on the
 * network, for the URLs that are the network's; everything else passes untouched. Returns what takes it back.
 *
 * XMLHttpRequest goes through the interceptor of @mswjs/interceptors. Not quite true there: after a `timeout`
 * event an `abort` event follows, and after the `error` of a body that broke off `status` is not 0.
 *
 * @throws `bad-option` if the network was made without `hosts`: the page's own files would be caught.
 */
export function installPage(network: Network, options: InstallPageOptions = {}): Stop {
  checkKeys('installPage', options, ['webSocket'])
  const { webSocket = false } = options
  if (typeof webSocket !== 'boolean') throw badOption('webSocket', webSocket, 'true, false')
  const page = globalThis.location?.host
  if (network.owns(new URL('http://never-a-host.invalid'))) {
    throw badOption(
      'hosts',
      'not given',
      `a list of hosts, before a page can be installed${page ? ` on ${page}` : ''}`,
    )
  }
  const stops = [installFetch(network), installXhr(network), installCookieStore(), installOnLine(network)]
  if (webSocket) stops.push(installWebSocket(network))
  return () => {
    for (const stop of stops.splice(0).reverse()) stop()
  }
}

function installFetch(network: Network): Stop {
  const original = globalThis.fetch
  const base = globalThis.location?.href
  globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, base)
    if (!network.owns(url)) return original(input, init)
    return network.fetch(input instanceof Request ? input : url, init)
  }
  return () => void (globalThis.fetch = original)
}

function installXhr(network: Network): Stop {
  if (typeof XMLHttpRequest === 'undefined') return () => {}
  const original = globalThis.XMLHttpRequest
  const interceptor = new XMLHttpRequestInterceptor()
  interceptor.apply()
  // The edge lies outside the interceptor, which proxies the constructor: wrap after it is in place.
  const edge = createXhrEdge(globalThis.XMLHttpRequest, network)
  Reflect.defineProperty(globalThis, 'XMLHttpRequest', {
    value: edge.XMLHttpRequest,
    configurable: true,
    writable: true,
  })
  interceptor.on('request', async ({ initiator, controller }) => {
    const exchange = typeof initiator === 'object' && initiator ? edge.exchangeOf(initiator) : undefined
    if (!exchange) return
    try {
      controller.respondWith(toXhrResponse(await exchange.result))
    } catch (error) {
      if (!byCaller(error)) controller.respondWith(Response.error())
    }
  })
  return () => {
    interceptor.dispose()
    globalThis.XMLHttpRequest = original
  }
}

/** Sockets to other hosts are the browser's own; both kinds are instances of what `WebSocket` then is. */
function installWebSocket(network: Network): Stop {
  const original = globalThis.WebSocket
  const isOurs = (given: unknown): boolean => {
    const base = globalThis.location?.href
    return URL.canParse(String(given), base) && network.owns(new URL(String(given), base))
  }
  globalThis.WebSocket = new Proxy(original, {
    construct(target, args, newTarget) {
      if (isOurs(args[0])) return Reflect.construct(network.WebSocket, args)
      return Reflect.construct(target, args, newTarget) as object
    },
    get(target, key) {
      if (key !== Symbol.hasInstance) return Reflect.get(target, key) as unknown
      return (value: unknown) => value instanceof network.WebSocket || value instanceof target
    },
  })
  return () => void (globalThis.WebSocket = original)
}

function toXhrResponse(answer: Answer): Response {
  if (isRedirect(answer)) return Response.error()
  const { status, statusText, headers, body, stream } = answer
  if (body) headers.set('Content-Length', String(body.byteLength))
  if (!stream) return new Response(body, { status, statusText, headers })
  const readable = new ReadableStream<Bytes>({
    start(controller) {
      stream({
        chunk: (bytes) => controller.enqueue(bytes),
        end: () => controller.close(),
        fail() {
          // The interceptor (0.45) reads a stream that errors again and again, for ever. At the end of a body it looks
          // whether the answer is an error, and then there is an `error` event, as in a browser.
          Object.defineProperty(response, 'type', { value: 'error' })
          controller.close()
        },
      })
    },
  })
  const response = new Response(readable, { status, statusText, headers })
  return response
}

/** axios awaits `cookieStore.get()` before it sends: 1 to 200 macrotasks, at random. */
function installCookieStore(): Stop {
  const store: unknown = Reflect.get(globalThis, 'cookieStore')
  if (typeof store !== 'object' || store === null) return () => {}
  Object.defineProperty(store, 'get', { value: () => Promise.resolve(null), configurable: true })
  return () => void Reflect.deleteProperty(store, 'get')
}

function installOnLine(network: Network): Stop {
  if (typeof window === 'undefined') return () => {}
  const get = () => network.device.onLine
  Object.defineProperty(navigator, 'onLine', { get, configurable: true })
  const stop = network.device.on((event) => {
    if (event === 'online' || event === 'offline') window.dispatchEvent(new Event(event))
  })
  return () => {
    stop()
    Reflect.deleteProperty(navigator, 'onLine')
  }
}
