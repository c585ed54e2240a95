/** The network in place of a page's globals, for code that uses them: one a page. */
import { badOption, checkKeys } from '../src/core/errors.js'
import type { Stop } from '../src/core/state.js'
import { installCookieStore } from './cookie-store.js'
import { installDevice } from './device/install-device.js'
import { createEventSourceClass } from './event-source.js'
import { installClass } from './install-class.js'
import type { Network } from './network.js'
import { replaceFetch } from './real-fetch.js'
import { createXmlHttpRequestClass } from './xhr/xml-http-request.js'

/** Options of `installPage`. */
export interface InstallPageOptions {
  /** Whether `WebSocket` is put on the network, too. Default: false. */
  readonly webSocket?: boolean
}

/**
 * Puts `fetch`, `XMLHttpRequest`, `EventSource` and what the browser says of the device (`navigator.onLine`, visibility,
 * freeze and their events) of this page on the network, for the URLs that are the network's; everything else passes
 * untouched. Timers stay the page's own: a page that is frozen here goes on. Returns what takes it back.
 *
 * A class that is derived from the global `EventSource` or `WebSocket` gets one of the network's, without what it adds.
 * There are no synchronous XMLHttpRequests to the network's hosts: `open` throws `InvalidAccessError`. An EventSource
 * comes back by the network's time, after 3 s or what the stream has said (`retry:`), as Chromium does.
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
    replaceFetch(network.owns, network.fetch, globalThis.location?.href),
    installXhr(network),
    installClass('EventSource', createEventSourceClass(network), network),
    installCookieStore(),
    installDevice(network.device),
  ]
  if (webSocket) stops.push(installClass('WebSocket', network.WebSocket, network))
  return () => {
    for (const stop of stops.splice(0).reverse()) stop()
  }
}

function installXhr(network: Network): Stop {
  if (typeof XMLHttpRequest === 'undefined') return () => {}
  const original = globalThis.XMLHttpRequest
  globalThis.XMLHttpRequest = createXmlHttpRequestClass(original, network)
  return () => void (globalThis.XMLHttpRequest = original)
}
