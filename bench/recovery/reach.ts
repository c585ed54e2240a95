/** How a connection is made: what a kernel does with a SYN that nobody answers. Sockets and requests share it. */

/**
 * `refused`: nobody listens. `hole`: nothing comes back while it lasts. `abyss`: nor ever to what was begun in it, as
 * behind a box that has forgotten the path. `away`: the device has no network.
 */
export type Mode = 'up' | 'refused' | 'hole' | 'abyss' | 'away'

/** A round trip, in ms: TCP takes one, the upgrade or the answer another. */
export const RTT_MS = 50
/** When a kernel sends a lost SYN again, after the first (docs/spec/simulator.md, measured). */
const SYN_AFTER_MS = [0, 1_000, 2_000, 3_000, 4_000, 5_000, 7_000, 11_000, 19_000, 35_000, 67_000]
/** And when it gives up: tcp_syn_retries 6, tcp_syn_linear_timeouts 4 (Linux, ip-sysctl). */
const GIVES_UP_AFTER_MS = 131_000

/** What an attempt to connect needs. */
export interface Reach {
  mode(): Mode
  later(afterMs: number, run: () => void): void
  /** Nothing of what was planned happens any more. */
  forget(): void
  /** It has its answer. */
  reached(): void
  failed(): void
}

/** Tries to connect, in the world as it is whenever a SYN goes out. */
export function reach({ mode, later, forget, reached, failed }: Reach): void {
  if (mode() === 'away') return later(0, failed)
  later(GIVES_UP_AFTER_MS, failed)
  if (mode() === 'abyss') return
  const syn = () => {
    if (mode() !== 'refused' && mode() !== 'up') return
    forget()
    if (mode() === 'refused') later(RTT_MS, failed)
    else later(2 * RTT_MS, () => (mode() === 'up' ? reached() : failed()))
  }
  for (const afterMs of SYN_AFTER_MS) later(afterMs, syn)
}
