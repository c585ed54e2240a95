/**
 * Impairments of the network, as plain data: the vocabulary of docs/spec/simulator.md. They compose; the first
 * that answers or refuses a request wins, in the order they were applied. What can be said is checked in
 * `fault-rules.ts`.
 */

/** What a fault can be limited to: plain HTTP, a stream of server-sent events, a WebSocket. */
export type Transport = 'http' | 'sse' | 'ws'

/** Which way something travels: from the application (`up`) or to it (`down`). */
export type Direction = 'up' | 'down'

/** Limits a fault to some traffic. Everything that is given must match. */
export interface Only {
  /** `host` or `host:port`, exactly. */
  readonly host?: string
  /** The path without its query, exactly, or with a `*` at its end. */
  readonly path?: string
  /** The method, in any case. A WebSocket's is GET. */
  readonly method?: string
  /** `sse`: requests whose `Accept` is exactly `text/event-stream`; `ws`: WebSockets; `http`: all else. */
  readonly transport?: Transport
  /** One way only. What is done at the far end (a refusal, a status, a portal, a close, a cut) strikes on the way down. */
  readonly direction?: Direction
}

interface Limited {
  readonly only?: Only
}

/** One impairment. */
export type Fault =
  /** Later by `ms` a round trip, half each way, give or take `jitterMs` (default 0). Order is kept. */
  | ({ readonly type: 'latency'; readonly ms: number; readonly jitterMs?: number } & Limited)
  /** Bytes take their time: `kBps` thousand of them a second, for each connection and each way. */
  | ({ readonly type: 'bandwidth'; readonly kBps: number } & Limited)
  /** Nobody listens: a network error after one round trip. What is open stays open. */
  | ({ readonly type: 'refuse' } & Limited)
  /** Packets vanish and the kernel sends them again: see `retransmission.ts`. */
  | ({ readonly type: 'blackhole' } & Limited)
  /**
   * The path forgets the connections that exist when it is applied (NAT, sleep): they stay open and silent for
   * ever, also after its stop; later ones are well. An idle connection has no path and no method: a limit by
   * those spares it.
   */
  | ({ readonly type: 'lost' } & Limited)
  /**
   * The connection is cut. A request: the server does its work, then its answer is lost, the commit is not;
   * with `afterBytes` (default 0) so much of the body comes first. An open stream or socket: at once, with
   * `afterBytes` after so many more.
   */
  | ({ readonly type: 'reset'; readonly afterBytes?: number } & Limited)
  /** The body ends after `bytes`, as if it were whole; a shorter one is not touched. A page sees a network error. */
  | ({ readonly type: 'truncate'; readonly bytes: number } & Limited)
  /**
   * The server closes: what is open when it is applied, and what opens while it is in force. A stream of events
   * just ends; a WebSocket gets `code` and `reason`. With `clean: false` the connection is cut behind that.
   */
  | ({
      readonly type: 'close'
      /** 1000 to 1015 or 3000 to 4999. */
      readonly code: number
      /** At most 123 bytes. Default: none. */
      readonly reason?: string
      /** Default: true; for 1006 always false. */
      readonly clean?: boolean
    } & Limited)
  /** A message of a stream or a socket is never sent. */
  | ({ readonly type: 'drop' } & Limited)
  /** A message of a stream or a socket is sent twice. */
  | ({ readonly type: 'duplicate' } & Limited)
  /** A message of a stream or a socket is sent after the one that follows it. */
  | ({ readonly type: 'reorder' } & Limited)
  /**
   * The device has no network: `onLine` false; what is asked, or has no connection yet, fails at once. What is in the air
   * stays there, and what is open is silent: their kernels send again when it is back (measured in Chromium 156).
   */
  | { readonly type: 'offline' }
  /** The browser's flag is wrong; the network is as it is. */
  | { readonly type: 'lie'; readonly onLine: boolean }
  /** A bad answer in place of the handler's. */
  | ({
      readonly type: 'status'
      readonly code: number
      /** Seconds, or any text, malformed ones included. */
      readonly retryAfter?: number | string
      /** How seconds are written: as they are, or as a date of the service's clock. Default: `seconds`. */
      readonly retryAfterAs?: 'seconds' | 'date'
      /** A text, or anything that JSON can say. Default: a problem+json. */
      readonly body?: unknown
      /** Who answers; only the service puts its marker headers on. Default: `service`. */
      readonly from?: 'service' | 'gateway'
    } & Limited)
  /**
   * The token has expired: 401 (a WebSocket: close 4401) to the first `Authorization` that is shown, until
   * another is. What shows none passes: health, login, refresh.
   */
  | ({
      readonly type: 'unauthorized'
      /** The type of the problem+json, and the code of the close (4401 or 4402). Default: `unauthorized`. */
      readonly why?: 'unauthorized' | 'session_unknown'
    } & Limited)
  /** A captive portal: 200 and foreign HTML or, with `redirect`, another origin (a page sees a network error). */
  | ({ readonly type: 'portal'; readonly redirect?: boolean } & Limited)
  /** The service's clock differs by `ms` (negative: behind): its Date, and its Retry-After if that is a date. */
  | ({ readonly type: 'clockSkew'; readonly ms: number } & Limited)
  /** The first `n` requests or messages meet the fault, then all is well. */
  | ({ readonly type: 'failTimes'; readonly n: number; readonly fault: RequestFault } & Limited)
  /** Each request or message meets the fault with this chance, by the luck of its number. */
  | ({ readonly type: 'flaky'; readonly probability: number; readonly fault: RequestFault } & Limited)

/** The faults of the device and of the path as a whole: they cannot be met one by one. */
type WholeFault = Extract<Fault, { readonly type: 'offline' | 'lie' | 'lost' }>

/** A fault that requests and messages meet one by one: all but `offline`, `lie` and `lost`. */
export type RequestFault = Exclude<Fault, WholeFault>

/** The names of the faults. */
export type FaultType = Fault['type']

/** What strikes: a fault, a restart of the service, or a device that sleeps. */
export type Cause = FaultType | 'restart' | 'sleep'

/** What a limit looks at. */
export interface Traffic {
  readonly method: string
  readonly url: URL
  readonly transport: Transport
  readonly direction: Direction
}

/** What is met in the end of a fault of faults. */
export const innermost = (fault: Fault): Fault => ('fault' in fault ? innermost(fault.fault) : fault)

/** Whether a reset lets nothing through: not even the head of an answer. */
export const isAtOnce = ({ afterBytes = 0 }: Extract<Fault, { readonly type: 'reset' }>): boolean =>
  afterBytes === 0

/** Whether this is among what a limit names; `direction`: the one that counts. */
export function matches(
  limit: Only | undefined,
  { method, url, transport, direction: own }: Traffic,
  direction = own,
): boolean {
  if (!limit) return true
  return (
    (limit.host === undefined || limit.host === url.host) &&
    (limit.method === undefined || limit.method.toUpperCase() === method) &&
    (limit.path === undefined || matchesPath(limit.path, url.pathname)) &&
    (limit.transport === undefined || limit.transport === transport) &&
    (limit.direction === undefined || limit.direction === direction)
  )
}

function matchesPath(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
}
