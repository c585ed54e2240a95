/** Restarts of the service, as plain data. Chapter 2 of the article, one call each. */
import { checkRules, oneOf, optional, whole, type Rules } from './checks.js'

/** Options of `network.restart.graceful`. */
export interface GracefulRestart {
  /**
   * How long it finishes what it has, health answering 503 (ms). Then streams of events get a last `retry:` and
   * end, sockets are closed, and what is not done is reset.
   */
  readonly drainMs: number
  /** How long nobody listens then (ms). */
  readonly downMs: number
  /** How long it is slow after that (ms): `WARM_MS` more a round trip. Default: 0. */
  readonly warmMs?: number
  /** The Retry-After of the draining health check (seconds). Default: what is left until it is up, rounded up. */
  readonly retryAfter?: number
  /** How it is written: as it is, or as a date of the service's clock. Default: `seconds`. */
  readonly retryAfterAs?: 'seconds' | 'date'
}

/** Options of `network.restart.kill`. */
export interface KillRestart {
  /** How long nobody listens (ms). */
  readonly downMs: number
}

/** Options of `network.restart.crashLoop`: it dies, comes up, dies again. */
export interface CrashLoop {
  /** How often it dies; the first time at once. */
  readonly times: number
  /** How long it is up before it dies again (ms). */
  readonly upMs: number
  /** How long nobody listens, each time (ms). */
  readonly downMs: number
}

/** Options of `network.restart.lostSession`: it is killed, and comes back without its sessions and its events. */
export interface LostSession {
  /** How long nobody listens (ms). */
  readonly downMs: number
}

/**
 * Options of `network.restart.rolling`: a deploy behind a gateway that sends each request to an instance that is up, and
 * keeps a stream or a socket on the one that took it. One after the other drains, ends and comes back; what was open is
 * on the first. Nobody is ever refused, and health is good throughout: only what stays open feels it, and may meet an
 * instance that has its turn yet to come.
 */
export interface RollingRestart {
  /** How many there are. At least 2. */
  readonly instances: number
  /**
   * How long each finishes what it has (ms). Then its streams get a last `retry:` and end, its sockets are closed with
   * 1012, what is not done is answered by the gateway with 502, and a download is cut.
   */
  readonly drainMs: number
  /** How long each is away (ms); when it is back the next begins. */
  readonly downMs: number
}

/** A restart in a scenario. */
export type Restart =
  | ({ readonly type: 'restart.graceful' } & GracefulRestart)
  | ({ readonly type: 'restart.kill' } & KillRestart)
  | ({ readonly type: 'restart.crashLoop' } & CrashLoop)
  | ({ readonly type: 'restart.lostSession' } & LostSession)
  | ({ readonly type: 'restart.rolling' } & RollingRestart)

type NameOf<T extends string> = T extends `restart.${infer Name}` ? Name : never

/** The name of a restart as a function: `graceful`, `kill`, `crashLoop`, `lostSession`, `rolling`. */
export function nameOf<T extends Restart['type']>(type: T): NameOf<T> {
  return type.slice('restart.'.length) as NameOf<T>
}

const ms = whole(0, 24 * 3_600_000)

const RULES: { readonly [T in Restart['type']]: Rules } = {
  'restart.graceful': {
    drainMs: ms,
    downMs: ms,
    warmMs: optional(ms),
    retryAfter: optional(whole(0, Number.MAX_SAFE_INTEGER)),
    retryAfterAs: optional(oneOf('seconds', 'date')),
  },
  'restart.kill': { downMs: ms },
  'restart.crashLoop': { times: whole(1, 1000), upMs: ms, downMs: ms },
  'restart.lostSession': { downMs: ms },
  'restart.rolling': { instances: whole(2, 1000), drainMs: ms, downMs: ms },
}

/** The names of all restarts, for validation and for menus. */
export const restartTypes: readonly string[] = Object.keys(RULES)

/** Whether what a step does is a restart. */
export function isRestart(action: { readonly type: string }): action is Restart {
  return Object.hasOwn(RULES, action.type)
}

/** Refuses what cannot be a restart of this type, by name. */
export function checkRestart(type: Restart['type'], given: unknown, where: string = type): void {
  checkRules(where, given, RULES[type], 'type')
}

/** When each part of a restart begins or ends, in ms from its start. */
export function edgesOfRestart(restart: Restart): readonly number[] {
  if (restart.type === 'restart.graceful') {
    const { drainMs, downMs, warmMs = 0 } = restart
    return [0, drainMs, drainMs + downMs, drainMs + downMs + warmMs]
  }
  if (restart.type === 'restart.rolling') {
    const { instances, drainMs, downMs } = restart
    const begins = Array.from({ length: instances }, (_, turn) => turn * (drainMs + downMs))
    return begins.flatMap((at) => [at, at + drainMs, at + drainMs + downMs])
  }
  if (restart.type !== 'restart.crashLoop') return [0, restart.downMs]
  const { times, upMs, downMs } = restart
  return Array.from({ length: times }, (_, turn) => turn * (upMs + downMs)).flatMap((at) => [at, at + downMs])
}
