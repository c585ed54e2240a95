/** Where lines may go. A fixed list, read once: nothing that a server or a store says adds to it. */
import { badOption } from '../core/errors.js'
import type { Transport } from './line.js'

/** One server: a URL for each transport that it speaks. */
export type Endpoint = Readonly<Partial<Record<Transport, URL>>>

/** Where what is, below a base URL (docs/spec/architecture.md, the wire). */
const PATHS: Readonly<Record<Transport, string>> = {
  websocket: 'ws',
  'event-stream': 'sse',
  'long-poll': 'poll',
}

const pageUrl = (): string | undefined => globalThis.document?.baseURI ?? globalThis.location?.href

/** Whether what is said on the way there can be read by others. */
const isSecure = ({ protocol }: URL): boolean => protocol === 'wss:' || protocol === 'https:'

/** The origin, the same for sockets as for everything else of that server; empty: none. */
export const hostOf = (url: URL | null): string => (url ? `${isSecure(url)} ${url.host}` : '')

/**
 * The URLs below one base: `https://api.example/` gives `wss://api.example/ws`, `https://api.example/sse` and `/poll`.
 * A relative base is resolved against the page.
 *
 * @param over other URLs for single transports, relative to the base or absolute
 * @param where how errors name the base
 * @throws `bad-option` for what is no URL of http, https, ws or wss
 */
export function endpointOf(
  base: string | URL,
  over: Readonly<Partial<Record<Transport, string | URL | undefined>>> = {},
  where = 'channel.url',
): Endpoint {
  const from = parsed(where, base, pageUrl())
  if (!from.pathname.endsWith('/')) from.pathname += '/'
  from.search = from.hash = ''
  return Object.fromEntries(
    (Object.keys(PATHS) as Transport[]).map((transport) => {
      const url = parsed(`${where}.${transport}`, over[transport] ?? PATHS[transport], from)
      url.protocol = `${transport === 'websocket' ? 'ws' : 'http'}${isSecure(url) ? 's' : ''}:`
      return [transport, url]
    }),
  )
}

/**
 * Refuses a list that would send a token where it must not go: another scheme than http, https, ws, wss or the wrong
 * one for its transport, a user or password in the URL, something insecure beside something secure or on a secure page.
 *
 * @param sends where messages are posted to, one for each: the same rules hold
 * @param where how errors name the list
 * @throws `bad-option`
 */
export function checkEndpoints(
  endpoints: readonly Endpoint[],
  sends: readonly URL[] = [],
  where = 'endpoints',
): void {
  if (!Array.isArray(endpoints)) throw badOption(where, endpoints, 'a list of endpoints')
  const all = endpoints.flatMap((endpoint: Endpoint, index) =>
    Object.entries({ ...endpoint, ...(sends[index] && { send: sends[index] }) }).map(([door, url]) => {
      const option = `${where}[${index}].${door}`
      if (door !== 'send' && !Object.hasOwn(PATHS, door))
        throw badOption(option, url, Object.keys(PATHS).join(', '))
      const scheme = door === 'websocket' ? 'ws' : 'http'
      if (!(url instanceof URL) || !new RegExp(`^${scheme}s?:$`).test(url.protocol))
        throw badOption(option, url, `a URL of ${scheme}s or ${scheme}`)
      if (url.username || url.password)
        throw badOption(option, hidden(url), 'a URL without user and password')
      return { option, url }
    }),
  )
  const isSafe = pageUrl()?.startsWith('https:') || all.some(({ url }) => isSecure(url))
  for (const { option, url } of all) {
    if (isSafe && !isSecure(url))
      throw badOption(option, url, 'wss or https, as the page or another endpoint')
  }
}

function parsed(option: string, given: string | URL, base: string | URL | undefined): URL {
  if (!URL.canParse(String(given), base)) throw badOption(option, given, 'a URL, absolute outside a page')
  const url = new URL(given, base)
  if (!/^(?:http|ws)s?:$/.test(url.protocol)) throw badOption(option, url, 'a URL of https, http, wss or ws')
  return url
}

/** A password is not repeated in an error. */
const hidden = (url: URL): string => `${url.protocol}//***@${url.host}`
