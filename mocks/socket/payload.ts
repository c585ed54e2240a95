/** What a message carries, as it was at the moment it was sent. */

/** The content of a message: a text, or bytes. A Blob is never changed, so it stays one until it is read. */
export type Payload = string | ArrayBuffer | Blob

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** A USVString of Web IDL: half a surrogate pair does not travel. */
export const toUsvString = (given: unknown): string => decoder.decode(encoder.encode(String(given)))

/** What `send` was given (WHATWG WebSockets, 3.1, send): buffers are copied, anything else becomes a text. */
export function toPayload(data: unknown): Payload {
  if (data instanceof Blob) return data
  if (data instanceof ArrayBuffer) return data.slice(0)
  if (ArrayBuffer.isView(data)) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice().buffer
  }
  return toUsvString(data)
}

/** Bytes of a payload; of a text as UTF-8. */
export function bytesOf(payload: Payload): number {
  if (typeof payload === 'string') return encoder.encode(payload).byteLength
  return payload instanceof Blob ? payload.size : payload.byteLength
}

/** A text of at most so many bytes of UTF-8, cut at a character. */
export function cutTo(most: number, text: string): string {
  let short = text
  while (encoder.encode(short).byteLength > most) short = [...short].slice(0, -1).join('')
  return short
}
