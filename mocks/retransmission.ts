/**
 * When a kernel sends a packet again that was not acknowledged, in milliseconds after the first time.
 *
 * Measured on Linux (iptables DROP in a network namespace, docs/spec/simulator.md): the SYN of a new
 * connection goes out about each second five times, then at doubling gaps; data on a kept connection after
 * about 0.2 s, doubling. The model has no spread: steps of 1.02 s and 0.21 s fit the three measured holes (2,
 * 5 and 20 s, a request sent at 0.25 s: new 0.28, 0.37, 15.83 s after the hole, kept 1.58, 1.88, 6.87 s)
 * within 0.2 s.
 */

/** When a packet is sent, from its first time on; `gaveUpMs` is when its sender stops hoping. */
export interface Retransmission {
  readonly sentMs: readonly number[]
  readonly gaveUpMs: number
}

/** A kernel waits at most this long between two tries. */
const LONGEST_GAP_MS = 120_000

const SYN_STEP_MS = 1020
const DATA_GAP_MS = 210
const DATA_TRIES = 15
const ORPHAN_TRIES = 8

/** The first packet of a new connection. */
export const syn: Retransmission = {
  sentMs: [0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67].map((steps) => steps * SYN_STEP_MS),
  gaveUpMs: 131 * SYN_STEP_MS,
}

/** A request or an answer on a connection that exists. */
export const data: Retransmission = doubling(DATA_GAP_MS, DATA_TRIES)

/**
 * The same, when the application has closed the connection before it was acknowledged: only so many times. Measured
 * on Linux (tcp_orphan_retries 0, which means 8): the last try after 53.0 s, and the socket gone after 106.7 s,
 * whether it was closed after 1 or after 80 s.
 */
export const orphan: Retransmission = doubling(DATA_GAP_MS, ORPHAN_TRIES)

function doubling(firstGapMs: number, tries: number): Retransmission {
  const sentMs = [0]
  let at = 0
  let gap = firstGapMs
  for (let left = tries; left > 0; left--, gap = Math.min(gap * 2, LONGEST_GAP_MS)) {
    at += gap
    sentMs.push(at)
  }
  return { sentMs, gaveUpMs: at + gap }
}
