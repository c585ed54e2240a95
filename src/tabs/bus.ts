/** A way from each tab of a browser to all others (BroadcastChannel). */
import type { Stop } from '../core/clock.js'

/** One tab's end of it. */
export interface Bus {
  /** Tells all others; copied as the platform copies. After `stop` it does nothing. */
  post(message: unknown): void
  stop: Stop
}

/** Opens it. Every page of the origin may write to it: what is heard is to be checked. */
export function joinBus(name: string, hear: (message: unknown) => void): Bus {
  const channel = new BroadcastChannel(name)
  let isOpen = true
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (isOpen) hear(data)
  }
  return {
    post(message) {
      if (isOpen) channel.postMessage(message)
    },
    stop() {
      isOpen = false
      channel.close()
    },
  }
}
