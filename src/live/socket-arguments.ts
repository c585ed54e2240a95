/**
 * What a WebSocket takes and what it refuses (WHATWG WebSockets, 3.1), before anything is dialled. The errors are
 * the standard's: code written for WebSocket looks at their names.
 */
import { TOKEN } from './websocket.js'

/** What `close` was given; an undefined code: a close frame without a body, which a peer sees as 1005. */
export interface Closing {
  readonly code: number | undefined
  readonly reason: string
}

/** The payload of a close frame holds 125 bytes, two of them the code (RFC 6455, 5.5). */
const LONGEST_REASON_BYTES = 123

const SOCKET_SCHEME: Readonly<Record<string, string>> = { 'http:': 'ws:', 'https:': 'wss:' }

const syntaxError = (why: string) => new DOMException(`ReconnectingWebSocket: ${why}`, 'SyntaxError')

/** UTF-8 bytes of a text; a lone surrogate counts as what is sent for it, three. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length

/**
 * The URL of a socket: relative to the page, http(s) read as ws(s).
 * @throws `SyntaxError` (a DOMException): no URL, another scheme, a fragment
 */
export function readUrl(given: unknown): URL {
  const text = String(given)
  const base = globalThis.document?.baseURI ?? globalThis.location?.href
  if (!URL.canParse(text, base)) throw syntaxError(`the URL ${JSON.stringify(text)} is invalid`)
  const url = new URL(text, base)
  url.protocol = SOCKET_SCHEME[url.protocol] ?? url.protocol
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') {
    throw syntaxError(`the URL ${JSON.stringify(text)} has another scheme; allowed: ws, wss, http, https`)
  }
  // An empty fragment is one, too, and `hash` does not tell.
  if (url.href.includes('#')) throw syntaxError(`the URL ${JSON.stringify(text)} has a fragment`)
  return url
}

/**
 * The sub-protocols that are offered; none for undefined and null.
 * @throws `SyntaxError` (a DOMException): a name that is no token, or given twice
 */
export function readProtocols(given: unknown): readonly string[] {
  if (given == null) return []
  const isList = typeof given === 'object' && Symbol.iterator in given
  const names = isList ? Array.from(given as Iterable<unknown>, String) : [String(given)]
  for (const name of names) {
    if (!TOKEN.test(name)) throw syntaxError(`the sub-protocol ${JSON.stringify(name)} is no token`)
  }
  // Without case: the web-platform-tests ask for it, though not every browser does it.
  const folded = names.map((name) => name.toLowerCase())
  const twice = names.find((_, index) => folded.indexOf(folded[index]!) !== index)
  if (twice !== undefined) throw syntaxError(`the sub-protocol ${JSON.stringify(twice)} is given twice`)
  return names
}

/** `[Clamp] unsigned short` of Web IDL; NaN is 0. */
const clamp = (given: unknown): number => Math.round(Math.min(65_535, Math.max(0, Number(given) || 0)))

/**
 * What `close` was given.
 * @throws `InvalidAccessError`: a code that is neither 1000 nor 3000 to 4999; `SyntaxError`: a reason over 123 bytes
 */
export function readClosing(code: unknown, reason: unknown): Closing {
  const number = code === undefined ? undefined : clamp(code)
  if (number !== undefined && number !== 1000 && !(number >= 3000 && number <= 4999)) {
    throw new DOMException(
      `ReconnectingWebSocket.close: the code is ${number}; allowed: 1000, 3000 to 4999`,
      'InvalidAccessError',
    )
  }
  const text = reason === undefined ? '' : String(reason)
  if (bytesOf(text) > LONGEST_REASON_BYTES) {
    throw syntaxError(`the reason has ${bytesOf(text)} bytes; allowed: ${LONGEST_REASON_BYTES}`)
  }
  return { code: number, reason: text }
}
