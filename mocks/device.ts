/** The device that the application runs on: what a browser would say about its network and its page. */
import type { ConnectionEvent, Signal, Stop } from '../src/core/state.js'

/** What a device tells of itself. */
export type DeviceEvent = 'online' | 'offline' | 'hidden' | 'visible' | 'freeze' | 'wake'

/** A simulated device. It loses its network by the fault `offline`. */
export interface Device {
  /** As `navigator.onLine`. */
  readonly onLine: boolean
  /** Whether the page is in the background. */
  readonly hidden: boolean
  hide(): void
  show(): void
  /** The page is frozen: hidden, and told so. Its timers go on here; a clock that stands still is the test's. */
  freeze(): void
  /** The device wakes up: the page is visible again and time has passed unseen. */
  wake(): void
  /** Listens to all events of the device. */
  on(listener: (event: DeviceEvent) => void): Stop
}

/** The device, with what its network does to it. */
export interface DeviceControl {
  readonly device: Device
  /** For `createConnection({ signals: [network.signals] })`, in place of the browser's. */
  readonly signals: Signal
  setOnLine(onLine: boolean): void
  dispose(): void
}

const EVENTS: { readonly [E in DeviceEvent]: ConnectionEvent | null } = {
  online: { type: 'NAV_ONLINE' },
  offline: { type: 'NAV_OFFLINE' },
  hidden: { type: 'HIDDEN' },
  visible: { type: 'VISIBLE' },
  freeze: null,
  wake: { type: 'WAKE' },
}

/** Makes a device that is on line and whose page is visible. */
export function createDevice(): DeviceControl {
  const listeners = new Set<(event: DeviceEvent) => void>()
  let onLine = true
  let hidden = false

  const tell = (event: DeviceEvent): void => {
    for (const listener of [...listeners]) listener(event)
  }
  const setHidden = (next: boolean): void => {
    if (hidden === next) return
    hidden = next
    tell(hidden ? 'hidden' : 'visible')
  }
  const on = (listener: (event: DeviceEvent) => void): Stop => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  return {
    device: {
      get onLine() {
        return onLine
      },
      get hidden() {
        return hidden
      },
      hide: () => setHidden(true),
      show: () => setHidden(false),
      freeze() {
        setHidden(true)
        tell('freeze')
      },
      wake() {
        tell('wake')
        setHidden(false)
      },
      on,
    },
    // A source says at once what is out of the ordinary, then each change.
    signals(send) {
      if (!onLine) send({ type: 'NAV_OFFLINE' })
      if (hidden) send({ type: 'HIDDEN' })
      return on((event) => {
        const evidence = EVENTS[event]
        if (evidence) send(evidence)
      })
    },
    setOnLine(next) {
      if (onLine === next) return
      onLine = next
      tell(onLine ? 'online' : 'offline')
    },
    dispose: () => listeners.clear(),
  }
}
