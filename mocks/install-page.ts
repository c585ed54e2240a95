/** The network in place of a page's globals, for code that uses them: one a page. */
import { XMLHttpRequestInterceptor } from '@mswjs/interceptors/XMLHttpRequest'
import { badOption, checkKeys } from '../src/core/errors.js'
import type { Stop } from '../src/core/state.js'
import { isRedirect, type Answer, type Bytes } from './answer.js'
import { installDevice } from './device/install-device.js'
import { installWebSocket } from './install-web-socket.js'
import type { Network } from './network.js'
import { byCaller } from './no-answer.js'
import { createXhrEdge } from './xhr-edge.js'

/** Options of `installPage`. */
export interface InstallPageOptions {
  /** Whether `WebSocket` is put on the network, too. Default: false. */
  readonly webSocket?: boolean
}

/**
 * Puts `fetch`, `XMLHttpRequest` and what the browser says of the device (`navigator.onLine`, visibility, freeze and
 * their events) of this page on the network, for the URLs that are the network's; everything else passes untouched.
 * Timers stay the page's own: a page that is frozen here goes on. Returns what takes it back.
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
  const stops = [
    installFetch(network),
    installXhr(network),
    installCookieStore(),
    installDevice(network.device),
  ]
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
