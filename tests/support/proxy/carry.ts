/** What one end says, through a lane, to the other; no faster than the other takes it. */
import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import type { Freight, Lane } from './lane.js'

/** So much may wait on its way; as with a real path, a sender is then held up. In bytes. */
const MOST_WAITING = 1 << 20

/** Where something is taken in. */
export type Intake = Pick<Lane, 'take' | 'backlog'>

/** A lane in front of which something looks at what comes. */
export const before = (lane: Lane, take: Intake['take']): Intake => ({
  take,
  get backlog() {
    return lane.backlog
  },
})

/** Takes the bytes of `from` into the lane. */
export function pour(from: Readable, lane: Intake, heard: (bytes: Buffer) => void = () => {}): void {
  from.on('data', (bytes: Buffer) => {
    heard(bytes)
    lane.take({ kind: 'bytes', bytes })
    if (lane.backlog > MOST_WAITING) from.pause()
  })
}

/** Takes bytes, the end and the loss of `from` into the lane. */
export function collect(from: Socket, lane: Intake, heard?: (bytes: Buffer) => void): void {
  pour(from, lane, heard)
  from.on('end', () => lane.take({ kind: 'end' }))
  from.on('error', () => lane.take({ kind: 'reset' }))
  from.on('close', () => lane.take({ kind: 'end' }))
}

/** Writes to `to`; `from` is held up while it does not take more, until `goOn`. */
export function write(to: Writable, bytes: Buffer, from: Readable): void {
  if (to.destroyed || to.writableEnded) return
  if (!to.write(bytes)) from.pause()
}

/** Nothing holds `from` up any more, unless `to` does. */
export function goOn(from: Readable | null, to: Writable | null): void {
  if (!to?.writableNeedDrain) from?.resume()
}

/** Hands freight to `to`; `from` is held up while it does not take more. */
export function handTo(to: Socket, from: Socket): (freight: Freight) => void {
  to.on('drain', () => from.resume())
  return (freight) => {
    if (to.destroyed) return
    if (freight.kind === 'end') to.end()
    else if (freight.kind === 'reset') to.resetAndDestroy()
    else if (freight.kind === 'bytes') write(to, freight.bytes, from)
  }
}
