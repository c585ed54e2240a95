/** What happened on the network, line by line: an API first, a panel second. */
import type { Stop } from '../src/core/state.js'
import { matches, type Cause, type Only, type Transport } from './faults.js'
import { hashText } from './random.js'

/**
 * How a request ended.
 *
 * - `answered`: with a status. - `refused`: nobody listened. - `offline`: the device had no network.
 * - `reset`: cut; `reached` says whether the handler had run, then its answer is lost, or the rest of it.
 * - `truncated`: the body ended too early, as if it were whole: a network error all the same.
 * - `gave-up`: the kernel sent it again for as long as it does. - `error`: the handler answered with an error, or its
 *   body broke off.
 * - `unknown-host`: a host that is not the service's, and no handler. - `aborted`, `timeout`: by the caller.
 * - `disposed`: the network was taken down.
 * - `arrived`: what its caller had aborted, or timed out, got there all the same and its handler has now run to its
 *   end (`reached`); the answer is lost. The second line of its number, after the one that told of the abort.
 * - `resent`: on a kept connection it was cut before a head came, and the browser sent it again by itself, on a new one.
 *   A line of the same number follows, with how that ended; `reached` and `fault` are each line's own. Each time that
 *   says `reached` the handler has run. What nobody counts twice looks for the last line of a number.
 * - `closed`: a WebSocket, by a close frame. Its handshake has a line of its own: `answered` with 101, or why not.
 */
export type RequestEnd =
  | 'answered'
  | 'refused'
  | 'offline'
  | 'reset'
  | 'truncated'
  | 'gave-up'
  | 'error'
  | 'unknown-host'
  | 'aborted'
  | 'timeout'
  | 'disposed'
  | 'arrived'
  | 'resent'
  | 'closed'

/** One line of the log, written when the application has its whole answer or its error; of a stream at its end. */
export interface LogEntry {
  /** The instant of the line (epoch ms). */
  readonly at: number
  /** The number that the request got when it left the application, from 1; sockets and resends take one, too. */
  readonly id: number
  /** Which way it left: `fetch`, `axios`, `xhr`, `event-source`, `ws`, `node` or `worker`. */
  readonly who: string
  /** What it was: plain HTTP, a stream of events, a WebSocket. */
  readonly transport: Transport
  readonly method: string
  readonly url: string
  /** What decided its end; else a latency that it met; null: nothing struck it. */
  readonly fault: Cause | null
  readonly end: RequestEnd
  /** The status that came back; null: none. */
  readonly status: number | null
  /** How much of the body the application was given. */
  readonly bytes: number
  /**
   * Whether the application's handler had run to its end by then: what it wrote stays, whatever the caller saw. An
   * abort does not call back what is on its way: of one that still arrives a line `arrived` follows.
   */
  readonly reached: boolean
  /** How long it took (ms). */
  readonly ms: number
  /** Of a WebSocket that was open, at its end: what the page was told, and how many messages came through. */
  readonly close?: {
    readonly code: number
    readonly reason: string
    readonly wasClean: boolean
    readonly up: number
    readonly down: number
  }
}

/** What `network.calls` looks for. Everything that is given must match. */
export interface CallMatch extends Omit<Only, 'direction'> {
  readonly end?: RequestEnd
  readonly status?: number
}

/** The log of one network. */
export interface Log {
  readonly entries: readonly LogEntry[]
  write(entry: LogEntry): void
  calls(match?: CallMatch): readonly LogEntry[]
  /** 16 hex digits: two 32-bit FNV-1a hashes over the lines as JSON. For comparing runs, not for security. */
  hash(): string
  /** Calls with each new line. */
  onLog(listener: (entry: LogEntry) => void): Stop
}

/** A second start value, so that two hashes of one text have little in common. */
const SECOND_BASIS = 0x9e3779b9

/** Makes an empty log. */
export function createLog(): Log {
  const entries: LogEntry[] = []
  const listeners = new Set<(entry: LogEntry) => void>()
  return {
    entries,
    write(entry) {
      entries.push(entry)
      for (const listener of [...listeners]) listener(entry)
    },
    calls: (match = {}) =>
      entries.filter(
        (entry) =>
          matches(match, { ...entry, url: new URL(entry.url), direction: 'up' }) &&
          (match.end === undefined || match.end === entry.end) &&
          (match.status === undefined || match.status === entry.status),
      ),
    hash() {
      const lines = entries.map((entry) => JSON.stringify(entry)).join('\n')
      const hex = (word: number) => word.toString(16).padStart(8, '0')
      return hex(hashText(lines)) + hex(hashText(lines, SECOND_BASIS))
    },
    onLog(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
