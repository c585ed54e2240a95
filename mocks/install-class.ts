/** A network's classes in place of a page's own, for the URLs that are the network's. */
import type { Stop } from '../src/core/state.js'
import type { Network } from './network.js'

type Class = new (...args: never[]) => object

/**
 * Puts a class in the place of the global one of this name, where there is one. What is made for other URLs is the
 * page's own; both kinds are instances of what the name then stands for. Returns what takes it back.
 */
export function installClass(
  name: 'WebSocket' | 'EventSource',
  ours: Class,
  { owns }: Pick<Network, 'owns'>,
): Stop {
  const original = Reflect.get(globalThis, name) as Class | undefined
  if (original === undefined) return () => {}
  const isOurs = (given: unknown): boolean => {
    const base = globalThis.location?.href
    return URL.canParse(String(given), base) && owns(new URL(String(given), base))
  }
  const replacement = new Proxy(original, {
    construct(target, args, newTarget) {
      if (isOurs(args[0])) return Reflect.construct(ours, args)
      return Reflect.construct(target, args, newTarget) as object
    },
    get(target, key) {
      if (key !== Symbol.hasInstance) return Reflect.get(target, key) as unknown
      return (value: unknown) => value instanceof ours || value instanceof target
    },
  })
  Reflect.set(globalThis, name, replacement)
  return () => void Reflect.set(globalThis, name, original)
}
