/** The network's sockets in place of a page's own. */
import type { Stop } from '../src/core/state.js'
import type { Network } from './network.js'

/** Sockets to other hosts are the browser's own; both kinds are instances of what `WebSocket` then is. */
export function installWebSocket(network: Network): Stop {
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
