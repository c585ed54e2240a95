/** What the film's desk hears while it works: a socket on which the oven speaks every two seconds. */
import type { AnyHandler } from 'msw'
import type { Network } from '../../mocks/index.js'
import { createLiveApi, type LiveApi } from '../../mocks/live-api.js'
import type { Stop } from '../../src/core/state.js'
import { createChannel, webSocket, type Channel, type ChannelState } from '../../src/live/index.js'
import { BASE, type DeskStage } from '../order-desk/stage.js'

/** The oven speaks first so long after the beginning, and then this often (ms). */
const FIRST_MS = 800
const EVERY_MS = 2000
/** How often the server wants to hear a sign of life (ms): in a film nobody waits for half a minute. */
const HEARTBEAT_MS = 5000

/** How the news stand at one moment. */
export interface NewsView {
  readonly state: ChannelState['name']
  /** How often the oven has spoken. */
  readonly said: number
  /** How much of that came in over the wire, what came twice counted twice. */
  readonly came: number
  /** How much of it the application was told. */
  readonly heard: number
}

const SENDS = /"type":"EVENT"/

/** The socket of the network, which tells what comes in. */
function tapped(network: Network, onEvent: () => void): typeof WebSocket {
  return class extends network.WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols)
      this.addEventListener('message', ({ data }) => {
        if (SENDS.test(String(data))) onEvent()
      })
    }
  }
}

/** News of one film. */
export function createNews() {
  let api: LiveApi | null = null
  let channel: Channel | null = null
  const count = { said: 0, came: 0, heard: 0 }

  return {
    /** What the service answers. */
    handlers(network: () => Network): readonly AnyHandler[] {
      api = createLiveApi({ network, base: BASE, heartbeatMs: HEARTBEAT_MS })
      return api.handlers
    },
    /** Listens from now on; `speak` begins the oven's time. */
    open({ desk, network }: DeskStage, onChange: () => void): Stop {
      const socket = webSocket({ WebSocket: tapped(network, () => count.came++) })
      channel = createChannel({
        connection: desk.connection,
        url: `${BASE}/`,
        drivers: [socket],
        window: null,
      })
      const onEvent = (): void => {
        count.heard++
        onChange()
      }
      const stops = [channel.topic('chat', { onEvent }), channel.onChange(onChange), channel.open()]
      return () => stops.forEach((stop) => stop())
    },
    /** The oven speaks until the end of the film. */
    speak(clock: DeskStage['clock'], startAt: number, endMs: number): void {
      for (let atMs = FIRST_MS; atMs < endMs; atMs += EVERY_MS) {
        clock.schedule(startAt + atMs, 0, () => {
          count.said++
          api!.publish('chat', { from: 'Oven', text: `${count.said}` })
        })
      }
    },
    get view(): NewsView {
      return { ...count, state: channel?.state.name ?? 'closed' }
    },
  }
}
