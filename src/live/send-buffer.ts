/** What is sent while there is no line: kept in order, up to a bound, as it was at the moment of sending. */
import { bytesOf } from './socket-arguments.js'

/** What a socket sends. */
export type SocketData = string | ArrayBufferLike | ArrayBufferView | Blob

/** Sends that wait. */
export interface SendBuffer {
  /** Of all that wait; texts as UTF-8. */
  readonly bytes: number
  /** @throws `InvalidStateError` (a DOMException), as a socket that is connecting does: a bound is reached */
  add(data: SocketData): void
  /** Says them in order while `say` is true. */
  flush(say: (data: SocketData) => boolean): void
  /** Empties it, and hands over what was in it. */
  drain(): SocketData[]
}

/** The bounds of a send buffer. */
export interface SendBounds {
  readonly maxEnqueuedMessages: number
  readonly maxEnqueuedBytes: number
}

/** Callers without types send anything: what is no bytes is sent as text (Web IDL, USVString). */
const isBytes = (data: SocketData): data is ArrayBufferLike | ArrayBufferView =>
  (data as { readonly byteLength?: number } | null)?.byteLength !== undefined

/** How many bytes it is on the wire. */
export function sizeOf(data: SocketData): number {
  if (data instanceof Blob) return data.size
  return isBytes(data) ? data.byteLength : bytesOf(String(data))
}

/** A view or a buffer goes on being written to by its owner. */
function frozen(data: SocketData): SocketData {
  if (data instanceof Blob) return data
  if (ArrayBuffer.isView(data)) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
  }
  return isBytes(data) ? data.slice(0) : String(data)
}

/** Makes an empty one. */
export function createSendBuffer({ maxEnqueuedMessages, maxEnqueuedBytes }: SendBounds): SendBuffer {
  let waiting: SocketData[] = []
  let bytes = 0

  return {
    get bytes() {
      return bytes
    },
    add(data) {
      const size = sizeOf(data)
      if (waiting.length >= maxEnqueuedMessages || bytes + size > maxEnqueuedBytes) {
        throw new DOMException(
          `ReconnectingWebSocket.send: not connected, and ${waiting.length} messages of ${bytes} bytes wait already ` +
            `(maxEnqueuedMessages ${maxEnqueuedMessages}, maxEnqueuedBytes ${maxEnqueuedBytes})`,
          'InvalidStateError',
        )
      }
      waiting.push(frozen(data))
      bytes += size
    },
    flush(say) {
      for (let next = waiting[0]; next !== undefined && say(next); next = waiting[0]) {
        waiting.shift()
        bytes -= sizeOf(next)
      }
    },
    drain() {
      const all = waiting
      waiting = []
      bytes = 0
      return all
    },
  }
}
