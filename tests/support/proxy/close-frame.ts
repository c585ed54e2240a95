/** The server's close of a WebSocket, put between two of its frames (RFC 6455, 5.2 and 5.5.1). */

/** Codes that only say what happened and are never sent: no code given, connection lost, TLS failed. */
const NEVER_SENT = [1005, 1006, 1015]

/** A close frame as a server sends it; null: this code cannot be sent. */
export function closeFrame(code: number, reason = ''): Buffer | null {
  if (NEVER_SENT.includes(code)) return null
  const text = Buffer.from(reason)
  const frame = Buffer.alloc(4 + text.length)
  frame.writeUInt8(0x88, 0)
  frame.writeUInt8(2 + text.length, 1)
  frame.writeUInt16BE(code, 2)
  text.copy(frame, 4)
  return frame
}

/** Follows the frames of a server. */
export interface FrameWatch {
  /** Whether the last frame is complete. */
  readonly isBetween: boolean
  /** Takes what the server says next. The index in it at which a frame ends first; -1: none does. */
  feed(bytes: Buffer): number
}

/** Starts between two frames. */
export function createFrameWatch(): FrameWatch {
  let head: number[] = []
  /** Bytes of the payload that are still to come; null: the head is not complete. */
  let left: number | null = null

  const payloadLength = (): number | null => {
    const [, second = 0] = head
    const short = second & 0x7f
    const more = short === 126 ? 2 : short === 127 ? 8 : 0
    if (head.length < 2 + more) return null
    return more === 0 ? short : head.slice(2).reduce((length, byte) => length * 256 + byte, 0)
  }
  const isBetween = () => head.length === 0

  return {
    get isBetween() {
      return isBetween()
    },
    feed(bytes) {
      let first = -1
      let at = 0
      while (at < bytes.length) {
        if (left === null) {
          head.push(bytes[at++]!)
          left = payloadLength()
        } else {
          const step = Math.min(left, bytes.length - at)
          left -= step
          at += step
        }
        if (left !== 0) continue
        head = []
        left = null
        if (first < 0) first = at
      }
      return first
    },
  }
}
