/** A connection that has become a WebSocket: bytes both ways, until a fault or an end closes it. */
import type { Socket } from 'node:net'
import type { Random } from '../../../src/core/clock.js'
import type { Direction } from '../../../mocks/faults.js'
import { before, collect, goOn, handTo } from './carry.js'
import type { AnswerHead } from './answers.js'
import { closeFrame, createFrameWatch } from './close-frame.js'
import type { GatewayScene } from './gateway.js'
import { createLane } from './lane.js'
import { headerLines } from './raw-headers.js'
import type { CloseFault, Struck } from './struck.js'

/** What a tunnel is made of. */
export interface TunnelOptions {
  readonly scene: GatewayScene
  readonly client: Socket
  readonly service: Socket
  /** The service's answer to the handshake. */
  readonly answer: AnswerHead
  /** What was said right behind the handshake. */
  readonly heads: Readonly<Record<Direction, Buffer>>
  readonly random: Random
  readonly struck: Struck
}

/** A reset overtakes what lies in the buffers on its way. */
const FRAME_IS_READ_MS = 30

/** Carries on until both ends are closed. */
export function openTunnel(options: TunnelOptions): void {
  const { scene, client, service, answer, heads, random, struck } = options
  const frames = createFrameWatch()
  let state: 'open' | 'closed' = 'open'
  let closing = struck.closing()

  const cut = () => {
    client.resetAndDestroy()
    service.resetAndDestroy()
  }
  const lane = (way: Direction, to: Socket, from: Socket) =>
    createLane({
      clock: scene.clock,
      random: random.fork(`message/${way}`),
      first: 'data',
      faults: () => struck.faults(way),
      deliver: handTo(to, from),
      onCut: cut,
      onDrained: () => goOn(from, to),
    })
  const up = lane('up', service, client)
  const down = lane('down', client, service)

  /** Behind what was said already, and between two frames: in the middle of one it would be nonsense. */
  function close({ code, reason, clean = code !== 1006 }: CloseFault) {
    const frame = closeFrame(code, reason)
    if (frame) down.take({ kind: 'bytes', bytes: frame })
    // What is cut behind its close frame was not closed clean, whatever that said; it is to be read before.
    if (clean || !frame) down.take({ kind: clean ? 'end' : 'reset' })
    else scene.clock.setTimeout(() => down.take({ kind: 'reset' }), FRAME_IS_READ_MS)
    state = 'closed'
    up.stop()
    service.destroy()
  }
  /** What the service says. */
  const said = before(down, (freight) => {
    if (state === 'closed') return
    if (freight.kind !== 'bytes') return down.take(freight)
    const boundary = frames.feed(freight.bytes)
    if (!closing || boundary < 0) return down.take(freight)
    down.take({ kind: 'bytes', bytes: freight.bytes.subarray(0, boundary) })
    close(closing)
  })
  function onClose(fault: CloseFault) {
    closing = fault
    if (frames.isBetween && state === 'open') close(fault)
  }

  const unlisten = struck.listen({ up, down }, { onReset: cut, onClose })
  for (const socket of [client, service]) {
    socket.once('close', () => {
      if (!client.destroyed || !service.destroyed) return
      for (const stop of [unlisten, up.stop, down.stop]) stop()
    })
  }
  client.write(`HTTP/1.1 ${answer.status} ${answer.text}\r\n${headerLines(answer.headers)}\r\n`)
  collect(client, up)
  collect(service, said)
  if (heads.up.length > 0) up.take({ kind: 'bytes', bytes: heads.up })
  if (heads.down.length > 0) said.take({ kind: 'bytes', bytes: heads.down })
  if (closing) onClose(closing)
}
