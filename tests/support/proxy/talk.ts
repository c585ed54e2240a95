/** One connection of a client to the gateway, and the one to the service that belongs to it. */
import { Agent } from 'node:http'
import type { Socket } from 'node:net'

/** One connection of a client, and what it is connected to. */
export interface Talk {
  readonly client: Socket
  readonly agent: Agent
  readonly connectedAt: number
  /** Requests that are not over. */
  open: number
  /** How many there were. */
  served: number
  /** Connections to the service that were seen. */
  readonly adopted: WeakSet<Socket>
  /** The service has closed its end. */
  isOrphan: boolean
}

/** A connection that nothing was asked on. */
export function createTalk(client: Socket, connectedAt: number): Talk {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  client.on('error', () => {})
  client.once('close', () => agent.destroy())
  return {
    client,
    agent,
    connectedAt,
    adopted: new WeakSet(),
    open: 0,
    served: 0,
    isOrphan: false,
  }
}

/** Follows a connection to the service: when that closes it, the client's is closed likewise. */
export function adopt(talk: Talk, socket: Socket): void {
  talk.isOrphan = false
  if (talk.adopted.has(socket)) return
  talk.adopted.add(socket)
  socket.once('close', () => {
    talk.isOrphan = true
    if (talk.open > 0) return
    if (socket.errored) talk.client.resetAndDestroy()
    else talk.client.end()
  })
}
