/** ReconnectingWebSockets on a simulated network, and what each of them was told, when. */
import { onTestFinished } from 'vitest'
import { seededRandom } from '../../../mocks/random.js'
import type { ReconnectingWebSocketOptions } from '../../../src/live/reconnecting-options.js'
import {
  ReconnectingWebSocket,
  type ProtocolsProvider,
  type UrlProvider,
} from '../../../src/live/reconnecting-websocket.js'
import { createSocketDesk, URL_OF_ECHO, type SocketDeskOptions } from '../../mocks/socket/rig.js'

export { URL_OF_ECHO }

export interface Dialled {
  readonly socket: ReconnectingWebSocket
  /** `open@40`, `message hi@60`, `error@80`, `close 1006 "" unclean@80`. */
  readonly lines: string[]
}

/** What an event says, in one line. */
export function told(event: Event): string {
  if (event instanceof CloseEvent) {
    const { code, reason, wasClean } = event
    return `close ${code} ${JSON.stringify(reason)} ${wasClean ? 'clean' : 'unclean'}`
  }
  return event instanceof MessageEvent ? `message ${String(event.data)}` : event.type
}

export function createReconnectingDesk(options: SocketDeskOptions = {}) {
  const desk = createSocketDesk(options)
  const { clock, network, at } = desk
  const all: ReconnectingWebSocket[] = []

  /** Closed by the end of the test, which leaves no timer behind. */
  onTestFinished(() => all.forEach((socket) => socket.close()))

  const dialTo = (
    url: UrlProvider,
    protocols?: ProtocolsProvider,
    given: ReconnectingWebSocketOptions = {},
  ): Dialled => {
    const own = given.connection ? {} : { clock, random: seededRandom(7), signals: [network.signals] }
    const socket = new ReconnectingWebSocket(url, protocols, {
      WebSocket: network.WebSocket,
      ...own,
      ...given,
    })
    all.push(socket)
    const lines: string[] = []
    for (const type of ['open', 'message', 'error', 'close']) {
      socket.addEventListener(type, (event) => lines.push(`${told(event)}@${at()}`))
    }
    return { socket, lines }
  }
  const dial = (given?: ReconnectingWebSocketOptions): Dialled => dialTo(URL_OF_ECHO, undefined, given)
  /** One that is open: at 40 ms. */
  const open = async (given?: ReconnectingWebSocketOptions): Promise<Dialled> => {
    const dialled = dial(given)
    await clock.advance(40)
    return dialled
  }
  /** The handshakes that are over: when each began and ended. */
  const handshakes = () => {
    const first = new Map<number, { readonly from: number; readonly to: number }>()
    for (const { id, transport, at: to, ms } of network.log) {
      // A second line of a number is the end of what the handshake had opened.
      if (transport === 'ws' && !first.has(id)) first.set(id, { from: to - ms, to })
    }
    return [...first.values()]
  }
  return { ...desk, dialTo, dial, open, handshakes }
}
