/** A network with a ws handler, sockets on it, and what each of them was told, when. */
import { ws, type AnyHandler } from 'msw'
import { onTestFinished } from 'vitest'
import { manualClock } from '../../../mocks/manual-clock.js'
import { createNetwork, type NetworkOptions } from '../../../mocks/network.js'

export const URL_OF_ECHO = 'wss://api.example/echo'

/** What a socket was told: `open@40`, `message hi@60`, `close 1006 "" unclean@80`. */
export interface Trace {
  readonly socket: WebSocket
  readonly lines: string[]
}

/** What the handler was told: `connection`, `message hi`, `close 1000 clean`, each with its time. */
export type Heard = string[]

type Client = Parameters<Parameters<ReturnType<typeof ws.link>['addEventListener']>[1]>[0]['client']

export interface SocketDeskOptions extends NetworkOptions {
  /** What the server does with a connection, beside echoing texts that begin with `echo`. */
  readonly onConnection?: (client: Client) => unknown
}

export function createSocketDesk({
  onConnection = () => {},
  handlers = [],
  ...options
}: SocketDeskOptions = {}) {
  const clock = manualClock()
  const startAt = clock.now()
  const at = () => clock.now() - startAt
  const heard: Heard = []
  const link = ws.link(URL_OF_ECHO)
  const echo: AnyHandler = link.addEventListener('connection', ({ client }) => {
    heard.push(`connection@${at()}`)
    client.addEventListener('message', ({ data }) => {
      heard.push(`message ${textOf(data)}@${at()}`)
      if (String(data).startsWith('echo')) client.send(data)
    })
    client.addEventListener('close', ({ code, reason, wasClean }) => {
      heard.push(`close ${code} ${JSON.stringify(reason)} ${wasClean ? 'clean' : 'unclean'}@${at()}`)
    })
    return onConnection(client)
  })
  const all = [...handlers, echo]
  const network = createNetwork({ clock, hosts: ['api.example'], latencyMs: 40, handlers: all, ...options })

  // MSW listens for each client until it has closed.
  onTestFinished(() => network.dispose())

  const dial = (url: string | URL = URL_OF_ECHO, protocols?: string | string[]): Trace => {
    const socket = new network.WebSocket(url, protocols)
    const lines: string[] = []
    socket.onopen = () => lines.push(`open@${at()}`)
    socket.onmessage = ({ data }) => lines.push(`message ${textOf(data)}@${at()}`)
    socket.onerror = () => lines.push(`error@${at()}`)
    socket.onclose = ({ code, reason, wasClean }) =>
      lines.push(`close ${code} ${JSON.stringify(reason)} ${wasClean ? 'clean' : 'unclean'}@${at()}`)
    return { socket, lines }
  }
  /** A socket that is open: at 40 ms. */
  const open = async (): Promise<Trace> => {
    const trace = dial()
    await clock.advance(40)
    return trace
  }
  return { clock, network, heard, dial, open, at }
}

const textOf = (data: unknown): string =>
  typeof data === 'string' ? data : Object.prototype.toString.call(data).slice(8, -1)
