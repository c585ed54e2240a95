/** What has come of a body, as `responseType` wants it (XHR standard, 3.7). */
import type { Bytes } from '../answer.js'

/** Bytes as they come. */
export interface Received {
  readonly length: number
  add(piece: Bytes): void
  /** All of them, in one piece. */
  bytes(): Bytes
}

/** Nothing yet. */
export function createReceived(): Received {
  let pieces: Bytes[] = []
  let length = 0
  return {
    get length() {
      return length
    },
    add(piece) {
      pieces.push(piece)
      length += piece.byteLength
    },
    bytes() {
      const [only = new Uint8Array()] = pieces
      if (pieces.length < 2) return only
      const whole = new Uint8Array(length)
      let at = 0
      for (const piece of pieces) {
        whole.set(piece, at)
        at += piece.byteLength
      }
      pieces = [whole]
      return whole
    },
  }
}

const essenceOf = (type: string): string => type.split(';')[0]!.trim().toLowerCase()

function charsetOf(type: string): string {
  const named = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(named).encoding
  } catch {
    return 'utf-8'
  }
}

/** In the charset that the type says; else UTF-8. */
export const textOf = (bytes: Bytes, type: string): string => new TextDecoder(charsetOf(type)).decode(bytes)

const isXml = (essence: string): boolean => /(^|\+|\/)xml$/.test(essence)

/** The document that a body is; null: it is none. HTML is one only for whoever asks for documents. */
export function documentOf(bytes: Bytes, type: string, wants: '' | 'document'): Document | null {
  const essence = essenceOf(type) || 'text/xml'
  const isHtml = essence === 'text/html' && wants === 'document'
  if (!isHtml && !isXml(essence)) return null
  const made = new DOMParser().parseFromString(textOf(bytes, type), essence as DOMParserSupportedType)
  return !isHtml && made.querySelector('parsererror') ? null : made
}

/** A whole body as anything but text. */
export function objectOf(bytes: Bytes, type: string, wants: XMLHttpRequestResponseType): unknown {
  switch (wants) {
    case 'arraybuffer':
      return bytes.slice().buffer
    case 'blob':
      return new Blob([bytes], { type })
    case 'document':
      return documentOf(bytes, type, wants)
    default:
      return jsonOf(bytes)
  }
}

/** JSON is UTF-8, whatever its type says; what is none is null. */
function jsonOf(bytes: Bytes): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown
  } catch {
    return null
  }
}
