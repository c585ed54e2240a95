/** One socket's line: two ends and a wire between them. */
import type { Stop } from '../../src/core/state.js'
import type { LogEntry, RequestEnd } from '../log.js'
import type { Closing } from './arguments.js'
import { createClientEnd, type LineNews } from './client-end.js'
import { receive } from './dial.js'
import type { Close } from './events.js'
import { createFarSide, type FarSide } from './far-side.js'
import { createMessages, type Message } from './messages.js'
import { bytesOf, type Payload } from './payload.js'
import type { ServerEnd } from './server-end.js'
import type { SocketPorts } from './sockets.js'
import { createTargets } from './targets.js'
import { createWire } from './wire.js'

/** A socket's line. */
export interface Line {
  readonly id: number
  readonly url: URL
  /** When it was dialled (epoch ms). */
  readonly leftAt: number
  /** The server's end; null: no server has accepted it. */
  readonly server: ServerEnd | null
  /** The instance of the service that has taken it (its boot id); null: none has. */
  readonly boot: string | null
  readonly dialing: boolean
  /** Whether nothing of it is on its way: kernels go on sending what nobody wants any more. */
  readonly isStill: boolean
  send(payload: Payload): void
  /** The application closes. */
  close(closing: Closing): void
  /** A dial ends in its turn of this instant. */
  cutDial(end: RequestEnd, fault: LogEntry['fault']): void
  /** A fault has been put in force: it may strike the line as it stands. */
  lookAround(): void
  /** The server's process is gone. */
  serverDies(): void
  /** The network is taken down. */
  dispose(): void
}

/** Chromium waits so long for the other side's close frame: 60,002 ms, measured. */
const CLOSING_MS = 60_002
/** And so long for the server to hang up after the close frames: 2.0 s, measured. */
const HANGUP_MS = 2000
/** And so long for the answer to a handshake (its `kHandshakeTimeoutIntervalInSeconds`). */
const DIAL_MS = 240_000

/** Dials at once. */
export function createLine(
  id: number,
  url: URL,
  protocols: readonly string[],
  ports: SocketPorts,
  tellPage: (news: LineNews) => void,
): Line {
  const { pace, path, service } = ports
  const leftAt = pace.clock.now()
  const targets = createTargets(url, ports.random().fork(id))
  const messages = createMessages(path, targets)
  let heard = 0
  let boot: string | null = null
  let deadline: Stop = () => {}
  let endTurn: Stop = () => {}

  const wire = createWire({
    ...{ pace, path, targets, order: id },
    onGaveUp(direction) {
      if (direction === 'down') far.end?.die()
      else if (client.name === 'dialing') fail('gave-up')
      else client.wasCut('gave-up')
    },
  })
  /** What the browser waits for has a deadline, one at a time. */
  const waitAtMost = (ms: number, run: () => void): void => {
    deadline()
    deadline = wire.after(ms, run)
  }
  const write = (end: RequestEnd, status: number | null, close?: Close): void => {
    const at = pace.clock.now()
    const line = { at, id, who: 'ws', transport: 'ws' as const, method: 'GET', url: url.href }
    const { bytes, messages: down } = far.told
    const came = { end, status, bytes, reached: far.end !== null, ms: at - leftAt }
    const told = close && { close: { ...close, up: heard, down } }
    // A handshake that went well knows nothing of what came after it.
    const fault = status === 101 && !close ? targets.dialFault : targets.fault
    ports.write({ ...line, fault, ...came, ...told })
  }
  const client = createClientEnd({
    // A browser goes on while its page does not; the page is told later.
    tell: (news) => ports.hand(id, () => tellPage(news)),
    onOpen() {
      deadline()
      endTurn()
      wire.connected()
      write('answered', 101)
    },
    onOver(end, close, status) {
      deadline()
      endTurn()
      write(end, status, status === 101 ? close : undefined)
      ports.onOver(line)
      // A kernel goes on sending what its application has left behind; else it says that nobody is here.
      if (end === 'timeout' && status === 101) return
      wire.stop('up')
      if (far.end) wire.reset('up', far.end.die)
    },
    answerClose(closing) {
      const hear = (end: ServerEnd): void => {
        end.heardClose(closing)
        wire.hangUp(client.hungUp)
      }
      wire.sendClose('up', closing.reason, () => far.reach(hear))
      waitAtMost(HANGUP_MS, client.hungUp)
    },
  })

  const fail = (end: RequestEnd, status?: number): void => {
    client.failed(end, status)
    far.end?.die()
  }
  const sendUp = ({ target, payload }: Message): void => {
    const hear = (end: ServerEnd): void => {
      heard++
      const refusal = path.struck(target, 'unauthorized')
      if (!refusal) return end.hear(payload)
      const { why = 'unauthorized' } = refusal
      end.close(why === 'session_unknown' ? 4402 : 4401, why)
    }
    wire.send('up', target, bytesOf(payload), () => far.reach(hear))
  }

  const there = targets.handshake('up')
  const back = targets.handshake('down')
  const far: FarSide = createFarSide({
    ...{ pace, path, wire, targets, messages, client, url, protocols, back },
    handlers: ports.handlers,
  })
  const accept = () => {
    if (service.owns(url)) boot = service.route(id)
    return far.accept(() => {
      if (messages.isCutAtOnce(back)) fail('reset')
      else client.opened(protocols[0] ?? '')
    })
  }
  const arriveThere = async (): Promise<void> => {
    if (client.name !== 'dialing') return
    const reception = await receive({ path, service, url, there, back, accept })
    if (reception.name === 'accepted') return
    wire.send('down', back, 0, () => fail(reception.end, reception.status))
  }

  const line: Line = {
    id,
    url,
    leftAt,
    get server() {
      return far.end
    },
    get boot() {
      return boot
    },
    get isStill() {
      return wire.isStill
    },
    get dialing() {
      return client.name === 'dialing'
    },
    send: (payload) => messages.leaving('up', payload).forEach(sendUp),
    close(closing) {
      const closed = client.close()
      if (closed === 'dial') wire.after(0, () => client.failed('aborted'))
      if (closed !== 'connection') return
      messages.flush('up').forEach(sendUp)
      const hear = (end: ServerEnd): void => {
        end.heardClose(closing)
        wire.sendClose('down', closing.reason, () => client.heardClose(closing, true))
      }
      wire.sendClose('up', closing.reason, () => far.reach(hear))
      waitAtMost(CLOSING_MS, client.gaveUp)
    },
    cutDial(end, fault) {
      wire.after(0, () => {
        if (client.name !== 'dialing') return
        targets.fault = fault
        fail(end)
      })
    },
    lookAround: far.lookAround,
    serverDies() {
      if (!far.end || far.end.state === 'gone') return
      targets.fault = 'restart'
      far.die()
    },
    dispose() {
      fail('disposed')
      wire.dispose()
    },
  }
  waitAtMost(DIAL_MS, () => fail('timeout'))
  endTurn = ports.handshakes.takeTurn(url.host, () => wire.send('up', there, 0, () => void arriveThere()))
  if (ports.isOffline()) line.cutDial('offline', 'offline')
  return line
}
