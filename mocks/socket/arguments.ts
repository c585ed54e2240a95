/**
 * What a WebSocket takes and what it refuses, with the words of Chromium 156 (each line measured there; where it
 * differs from the WHATWG standard, it is said).
 */
import { bytesOf, toUsvString } from './payload.js'

/** The code and reason of a close; null: the frame has no body (a peer sees 1005). */
export interface Closing {
  readonly code: number | null
  readonly reason: string
}

/** The payload of a close frame holds 125 bytes, two of them the code (RFC 6455, 5.5). */
export const LONGEST_REASON = 123

/** A token of RFC 9110, 5.6.2: what a subprotocol's name is made of. */
const TOKEN = /^[!#$%&'*+\-.^`|~\w]+$/

const SCHEMES: Readonly<Record<string, string>> = {
  'http:': 'ws:',
  'https:': 'wss:',
  'ws:': 'ws:',
  'wss:': 'wss:',
}

const constructing = (why: string) =>
  new DOMException(`Failed to construct 'WebSocket': ${why}`, 'SyntaxError')

/** The URL of a socket (WHATWG WebSockets, 3.1, constructor steps 1 to 8); throws a `SyntaxError` DOMException. */
export function readUrl(given: unknown, base: string): URL {
  const text = String(given)
  if (!URL.canParse(text, base)) throw constructing(`The URL '${text}' is invalid.`)
  const url = new URL(text, base)
  const scheme = SCHEMES[url.protocol]
  if (!scheme) {
    throw constructing(
      `The URL's scheme must be either 'http', 'https', 'ws', or 'wss'. '${url.protocol.slice(0, -1)}' is not allowed.`,
    )
  }
  // An empty fragment is one, too, and `hash` does not tell.
  if (url.href.includes('#')) {
    throw constructing(
      `The URL contains a fragment identifier ('${url.hash.slice(1)}'). Fragment identifiers are not allowed in WebSocket URLs.`,
    )
  }
  url.protocol = scheme
  return url
}

/** As Chromium writes what is not plain ASCII. */
const escaped = (name: string): string =>
  name.replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  )

/** The subprotocols (constructor steps 9 and 10); throws a `SyntaxError` DOMException. */
export function readProtocols(given: unknown): readonly string[] {
  if (given === undefined) return []
  const isList = typeof given === 'object' && given !== null && Symbol.iterator in given
  const names = isList ? [...(given as Iterable<unknown>)].map(String) : [String(given)]
  for (const name of names) {
    if (!TOKEN.test(name)) throw constructing(`The subprotocol '${escaped(name)}' is invalid.`)
    if (names.indexOf(name) !== names.lastIndexOf(name))
      throw constructing(`The subprotocol '${name}' is duplicated.`)
  }
  return names
}

/** `[Clamp] unsigned short` of Web IDL, but for its rounding to the nearest number: Chromium cuts fractions off. */
const clamp = (given: unknown): number => {
  const number = Number(given)
  return Number.isNaN(number) ? 0 : Math.trunc(Math.min(65_535, Math.max(0, number)))
}

/**
 * What `close` was given (WHATWG WebSockets, 3.1, close, steps 1 and 2). A reason without a code is refused, as
 * Chromium does; the standard would let it through.
 */
export function readClosing(code?: unknown, reason?: unknown): Closing {
  if (code === undefined && reason === undefined) return { code: null, reason: '' }
  const number = clamp(code)
  if (number !== 1000 && !(number >= 3000 && number <= 4999)) {
    throw new DOMException(
      `Failed to execute 'close' on 'WebSocket': The close code must be either 1000, or between 3000 and 4999. ${number} is neither.`,
      'InvalidAccessError',
    )
  }
  const text = reason === undefined ? '' : toUsvString(reason)
  if (bytesOf(text) > LONGEST_REASON) {
    throw new DOMException(
      `Failed to execute 'close' on 'WebSocket': The close reason must not be greater than ${LONGEST_REASON} UTF-8 bytes.`,
      'SyntaxError',
    )
  }
  return { code: number, reason: text }
}

/** Whether a close frame may carry this code (RFC 6455, 7.4); 1005, 1006 and 1015 are only ever made up. */
export const travels = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) ||
  (code >= 3000 && code <= 4999)
