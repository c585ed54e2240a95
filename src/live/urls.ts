/** Where a channel's doors are: one base for all, each replaceable; several bases for several servers. */
import { badOption, checkKeys } from '../core/errors.js'
import { checkEndpoints, endpointOf, type Endpoint } from './endpoints.js'

/** One server. What is not named lies below the base: `ws`, `sse`, `poll`, `send`. */
export interface ChannelUrls {
  /** Such as `https://api.example/`; relative to the page. */
  base: string | URL
  /** Sockets. Default: `ws`, by wss or ws as the base is secure or not. */
  websocket?: string | URL
  /** Event streams. Default: `sse`. */
  eventStream?: string | URL
  /** Polls. Default: `poll`. */
  longPoll?: string | URL
  /** Messages by request, beside streams and polls. Default: `send`. */
  send?: string | URL
}

/** A base, or the doors one by one; of several servers a list, by preference. */
export type ChannelUrl = string | URL | ChannelUrls

/** The doors, checked. */
export interface Doors {
  readonly endpoints: readonly Endpoint[]
  /** Of each endpoint where messages are posted to. */
  readonly sends: readonly URL[]
}

const KEYS = ['base', 'websocket', 'eventStream', 'longPoll', 'send']

/** @throws `bad-option` for what is no URL, is insecure beside something secure, or brings a user or password */
export function readUrls(given: ChannelUrl | readonly ChannelUrl[], where = 'channel.url'): Doors {
  const list = Array.isArray(given) ? (given as readonly ChannelUrl[]) : [given as ChannelUrl]
  if (list.length === 0) throw badOption(where, '[]', 'at least one URL')
  const doors = list.map((one) => readOne(one, where))
  const endpoints = doors.map(({ endpoint }) => endpoint)
  const sends = doors.map(({ send }) => send)
  checkEndpoints(endpoints, sends, where)
  return { endpoints, sends }
}

function readOne(given: ChannelUrl, where: string): { readonly endpoint: Endpoint; readonly send: URL } {
  const isList = typeof given === 'object' && given !== null && !(given instanceof URL)
  if (!isList && typeof given !== 'string' && !(given instanceof URL))
    throw badOption(where, given, 'a URL, or an object with base')
  const { base, websocket, eventStream, longPoll, send = 'send' } = isList ? given : { base: given }
  if (isList) checkKeys(where, given, KEYS)
  const over = { websocket, 'event-stream': eventStream, 'long-poll': longPoll }
  // A poll is a plain request, too.
  return {
    endpoint: endpointOf(base, over, where),
    send: endpointOf(base, { 'long-poll': send }, where)['long-poll']!,
  }
}
