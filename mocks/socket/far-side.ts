/** The far side of a line: the server's end, what it sends, and how what is in force ends it. */
import type { Pace } from '../pace.js'
import type { Path, Struck } from '../path.js'
import { travels } from './arguments.js'
import type { ClientEnd } from './client-end.js'
import type { Message, Messages } from './messages.js'
import { bytesOf } from './payload.js'
import { createServerEnd, type ServerEnd } from './server-end.js'
import type { SocketPorts } from './sockets.js'
import type { Targets } from './targets.js'
import type { Wire } from './wire.js'

/** The far side. */
export interface FarSide {
  /** The server's end; null: no server has accepted it. */
  readonly end: ServerEnd | null
  /** How many messages came through to the page, and their bytes. */
  readonly told: { readonly messages: number; readonly bytes: number }
  /** Has the handlers take the connection; false: none does. `onAnswer` is called when the page has the answer. */
  accept(onAnswer: () => void): Promise<boolean>
  /** Something has reached it; a server that does not know the connection answers with a reset. */
  reach(work: (server: ServerEnd) => void): void
  /** A fault has been put in force: it may strike the connection as it stands. */
  lookAround(): void
  /** Its process is gone, and whatever it had sent. */
  die(): void
}

/** What a far side is made of. */
export interface FarSidePorts extends Pick<SocketPorts, 'handlers'> {
  readonly pace: Pace
  readonly path: Path
  readonly wire: Wire
  readonly targets: Targets
  readonly messages: Messages
  readonly client: ClientEnd
  readonly url: URL
  readonly protocols: readonly string[]
  /** The answer of the handshake, for faults. */
  readonly back: Struck
}

/** Makes the far side of a line that dials. */
export function createFarSide(ports: FarSidePorts): FarSide {
  const { pace, path, wire, targets, messages, client, url, back } = ports
  const told = { messages: 0, bytes: 0 }
  let server: ServerEnd | null = null

  const wasCut = (): void => client.wasCut('reset')
  const die = (): void => {
    server?.die()
    wire.stop('down')
    wire.reset('down', wasCut)
  }

  /** Whether what is in force has the server close, or the connection cut. */
  const isEnded = (target: Struck): boolean => {
    const fault = path.struck(target, 'close')
    const isSaid = fault && (travels(fault.code) || fault.code === 1005)
    if (!server || (!fault && !messages.isCutAtOnce(target))) return false
    // Without a code that can be said, the server can only hang up.
    if (!isSaid) die()
    else {
      server.close(fault.code === 1005 ? undefined : fault.code, fault.reason)
      // Cut after the close frame: its code was read, and is not believed.
      if (fault.clean === false) wire.hangUp(wasCut)
    }
    return true
  }
  const lookAround = (): void => {
    if (server?.state === 'open') isEnded(targets.connection('down'))
  }

  const send = ({ target, payload }: Message): void => {
    const bytes = bytesOf(payload)
    wire.send('down', target, bytes, () => {
      if (client.name === 'closed') return wire.reset('up', () => server?.die())
      if (messages.isCut(target, bytes)) {
        server?.die()
        return wasCut()
      }
      told.messages++
      told.bytes += bytes
      client.heard(payload as string | ArrayBuffer)
    })
  }
  const makeEnd = () =>
    createServerEnd(url, ports.protocols, {
      say(payload) {
        const sent = messages.leaving('down', payload)
        if (!sent.some(({ target }) => isEnded(target))) sent.forEach(send)
      },
      close(closing) {
        messages.flush('down').forEach(send)
        wire.sendClose('down', closing.reason, () => client.heardClose(closing, false))
      },
      cut: die,
      reading: (promise) => promise.finally(pace.moving(`a Blob is read for ${url.href}`)),
    })

  return {
    get end() {
      return server
    },
    told,
    async accept(onAnswer) {
      const { end, greet } = makeEnd()
      server = end
      // What the handlers say at once follows the answer to the handshake.
      wire.send('down', back, 0, () => {
        if (server) onAnswer()
      })
      const settled = pace.moving(`the handshake of ${url.href}`)
      const isTaken = await greet(ports.handlers()).finally(settled)
      if (isTaken) lookAround()
      else server = null
      return isTaken
    },
    reach(work) {
      if (server && server.state !== 'gone') work(server)
      else wire.reset('down', wasCut)
    },
    lookAround,
    die,
  }
}
