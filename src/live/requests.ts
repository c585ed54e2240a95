/** What an attempt is opened for: read when it is made, and remembered for what its line will say. */
import type { Connection } from '../core/state.js'
import { cursorText } from './cursor.js'
import type { DialRequest, Keeper } from './keeper-state.js'
import type { Transport } from './line.js'
import type { Asking } from './line-view.js'
import { BY_REQUEST, type Sender } from './sender.js'
import type { Subscriptions } from './subscriptions.js'

/** What a line was opened for. */
export interface Asked {
  readonly asking: Asking
  /** Said first on a socket. */
  readonly token: string | null
}

/** The attempts that are made. */
export interface Requests {
  request(transport: Transport, signal: AbortSignal): Promise<DialRequest>
  /** Of the newest attempt of this transport. */
  of(transport: Transport): Asked
  /** Topics have been added. */
  look(): void
}

/** What they are made from. */
export interface RequestsPorts {
  readonly connection: Connection
  readonly keeper: () => Keeper
  readonly subscriptions: Subscriptions
  readonly sender: Sender
  /** Messages may go out. */
  readonly onUse: () => void
}

/** None was made. */
export function createRequests({
  connection,
  keeper,
  subscriptions,
  sender,
  onUse,
}: RequestsPorts): Requests {
  const asked = new Map<Transport, Asked>()
  /** A stream without a topic is nothing: the attempt waits for one, or has waited in vain. */
  let parking: 'none' | 'in-vain' | { readonly end: () => void } = 'none'

  /** Meanwhile messages go out by request. */
  function parked(signal: AbortSignal): Promise<void> {
    if (!sender.door) {
      sender.setDoor({ line: BY_REQUEST, isSocket: false })
      onUse()
    }
    return new Promise((resolve, reject) => {
      parking = { end: resolve }
      const onAbort = (): void => {
        parking = 'in-vain'
        reject(signal.reason)
      }
      signal.addEventListener('abort', onAbort, { once: true })
    })
  }

  return {
    async request(transport, signal) {
      const isSocket = transport === 'websocket'
      if (!isSocket && subscriptions.size === 0) await parked(signal)
      parking = 'none'
      const token = (await connection.auth?.token()) ?? null
      const asking = subscriptions.asking()
      asked.set(transport, { asking, token })
      const { topics, cursor } = asking
      if (isSocket) return { protocols: [], token: null, topics: [], cursor: null }
      return { protocols: [], token, topics, cursor: cursor && cursorText(cursor) }
    },
    of: (transport) => asked.get(transport) ?? { asking: subscriptions.asking(), token: null },
    look() {
      if (subscriptions.size === 0 || parking === 'none') return
      // The attempts before had nothing to ask for: what they have failed says nothing about the next one.
      if (parking === 'in-vain') keeper().retryNow()
      else parking.end()
      parking = 'none'
    },
  }
}
