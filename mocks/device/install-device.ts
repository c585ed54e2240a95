/** What the simulated device says, as a page hears it: `navigator.onLine`, visibility, freeze and resume. */
import type { Stop } from '../../src/core/state.js'
import type { Device, DeviceEvent } from './device.js'

/** The events of a page (HTML; Page Lifecycle) and where they are fired; null: no browser says so. */
const EVENTS: { readonly [E in DeviceEvent]: readonly ['window' | 'document', string] | null } = {
  online: ['window', 'online'],
  offline: ['window', 'offline'],
  hidden: ['document', 'visibilitychange'],
  visible: ['document', 'visibilitychange'],
  freeze: ['document', 'freeze'],
  resume: ['document', 'resume'],
  wake: null,
}

/** Puts a device in the place of the page's own; does nothing where there is no page. Returns what takes it back. */
export function installDevice(device: Device): Stop {
  if (typeof window === 'undefined' || typeof document === 'undefined') return () => {}
  const stops = [
    override(navigator, 'onLine', () => device.onLine),
    override(document, 'hidden', () => device.hidden),
    override(document, 'visibilityState', () => (device.hidden ? 'hidden' : 'visible')),
    device.on((event) => {
      const said = EVENTS[event]
      if (!said) return
      const [where, type] = said
      const target = where === 'window' ? window : document
      target.dispatchEvent(new Event(type, { bubbles: type === 'visibilitychange' }))
    }),
  ]
  return () => {
    for (const stop of stops.splice(0)) stop()
  }
}

/** Shadows a property of the prototype. */
function override(target: object, name: string, get: () => unknown): Stop {
  Object.defineProperty(target, name, { get, configurable: true })
  return () => void Reflect.deleteProperty(target, name)
}
