/** What a network is made with, and what of it is refused. */
import type { AnyHandler } from 'msw'
import { systemClock, type Clock } from '../src/core/clock.js'
import { badOption, checkKeys, checkNumber } from '../src/core/errors.js'
import type { AxiosErrors } from './axios-errors.js'
import { oneOf } from './checks.js'

/** Options of `createNetwork`. */
export interface NetworkOptions {
  /** The time that it lives in. Default: the system's; `manualClock()` for tests. */
  clock?: Clock
  /** The luck of its requests; the same seed gives the same run. Default: 1. */
  seed?: number
  /** The application's MSW http, sse and ws handlers, as they are. Default: none. */
  handlers?: readonly AnyHandler[]
  /**
   * The hosts of the service, with their port: they restart, answer health, and sign their answers. Default:
   * every host. A request to another host is answered by a handler or not at all.
   */
  hosts?: readonly string[]
  /** The round trip when all is well (ms, whole). Default: 40. */
  latencyMs?: number
  /**
   * How many HTTP/1.1 connections the browser opens to a host (whole, at least 1, or Infinity: as many as wanted,
   * as HTTP/2 does on one). What comes later waits in the browser for the first that frees; an open stream of events
   * holds one, a WebSocket none of these. Default: 6, Chromium's for all but WebSockets (of which it opens 255;
   * `g_max_sockets_per_group` in its client_socket_pool_manager.cc), and Firefox's and Safari's, too.
   */
  connectionsPerHost?: number
  /**
   * What a dial that a black hole holds up belongs to. `bound`: to its request, and an abort ends both, as behind
   * anything that answers SYNs itself (the fault proxy of the truth test). `shared`: to whoever has waited longest, as
   * measured in Chromium 156 on a kernel's own black hole: a request takes the first connection that gets through or
   * frees, and the SYN of an aborted one goes on, holds its place among the six and ends as an idle connection.
   * Default: `bound`.
   */
  dials?: 'bound' | 'shared'
  /** The path of the health check that the network answers itself; null: none. Default: `/health`. */
  health?: string | null
  /** What relative URLs are resolved against. Default: the page's origin, else `http://localhost`. */
  origin?: string
  /** axios' own error classes, so that `instanceof` holds. Default: lookalikes. */
  axios?: AxiosErrors
}

const OPTIONS = [
  'clock',
  'seed',
  'handlers',
  'hosts',
  'latencyMs',
  'connectionsPerHost',
  'dials',
  'health',
  'origin',
  'axios',
]

/** The options with their defaults; a bad one throws `bad-option`. */
export function checkOptions(options: NetworkOptions) {
  checkKeys('createNetwork', options, OPTIONS)
  const { clock = systemClock, seed = 1, hosts, latencyMs = 40, health = '/health' } = options
  const { connectionsPerHost = 6, dials = 'bound' } = options
  checkNumber('seed', seed, 0, Number.MAX_SAFE_INTEGER)
  checkNumber('latencyMs', latencyMs, 0, 60_000)
  if (!Number.isInteger(latencyMs)) throw badOption('latencyMs', latencyMs, 'whole milliseconds')
  if (
    connectionsPerHost !== Infinity &&
    !(Number.isSafeInteger(connectionsPerHost) && connectionsPerHost >= 1)
  ) {
    throw badOption('connectionsPerHost', connectionsPerHost, 'a whole number from 1, or Infinity')
  }
  oneOf('bound', 'shared')('dials', dials)
  if (
    hosts &&
    !(Array.isArray(hosts) && hosts.every((host) => typeof host === 'string' && !host.includes('/')))
  ) {
    throw badOption('hosts', hosts, 'a list of hosts such as "api.example" or "localhost:8080"')
  }
  if (health !== null && !(typeof health === 'string' && health.startsWith('/'))) {
    throw badOption('health', health, 'a path, or null')
  }
  const origin = options.origin ?? globalThis.location?.origin ?? 'http://localhost'
  if (!URL.canParse(origin)) throw badOption('origin', origin, 'an absolute URL')
  return { clock, seed, hosts: hosts ?? null, latencyMs, health, origin, connectionsPerHost, dials }
}
