/**
 * When a kernel tries again to send what was not acknowledged, as measured on Linux behind iptables DROP
 * (docs/spec/simulator.md): a SYN about each second five times and then doubling, data after 0.21 s and then
 * doubling. A black hole that ends is therefore not over for a connection until its kernel tries again.
 */

/** What waits for its acknowledgement. */
export type Unacknowledged = 'syn' | 'data'

const SYN_UNIT_MS = 1020
const FIRST_DATA_MS = 210
/** Kernels let no interval grow beyond this. */
const LONGEST_INTERVAL_MS = 120_000

/** Ms after the first sending at which the attempt of this number (from 1) goes out. */
function attemptAfterMs(kind: Unacknowledged, attempt: number): number {
  let afterMs = 0
  for (let n = 1; n <= attempt; n += 1) {
    const interval =
      kind === 'data' ? FIRST_DATA_MS * 2 ** (n - 1) : SYN_UNIT_MS * (n <= 5 ? 1 : 2 ** (n - 5))
    afterMs += Math.min(interval, LONGEST_INTERVAL_MS)
  }
  return afterMs
}

/** The first instant, not before `notBeforeAt`, at which something first sent at `sentAt` is sent again. */
export function nextRetransmissionAt(kind: Unacknowledged, sentAt: number, notBeforeAt: number): number {
  let attempt = 1
  while (sentAt + attemptAfterMs(kind, attempt) < notBeforeAt) attempt += 1
  return sentAt + attemptAfterMs(kind, attempt)
}
