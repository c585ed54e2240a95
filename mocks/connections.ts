/**
 * Kept connections, as far as they matter: a request in a black hole is answered at other instants on a
 * kept connection than on a new one, and a path can forget a kept one. A dial that gets through costs nothing.
 */

/** A connection that was kept. */
export interface Kept {
  /** When it was dialled. */
  readonly connectedAt: number
}

/** The idle connections of a browser, by host. */
export interface Connections {
  /** An idle connection to this host, to be used again; null: a new one is dialled. */
  take(host: string): Kept | null
  /** The answer is complete; the connection is idle. */
  giveBack(host: string, kept: Kept): void
  /** Closes the idle ones of the hosts that match. */
  close(which: (host: string) => boolean): void
}

/** An idle connection is closed by the server after this long (Fastify's default, as the reference server's). */
const KEEP_ALIVE_MS = 72_000

/** Makes an empty pool. */
export function createConnections(now: () => number): Connections {
  const idle = new Map<string, { readonly kept: Kept; readonly since: number }[]>()
  return {
    take(host) {
      const last = idle.get(host)?.pop()
      return last && now() - last.since < KEEP_ALIVE_MS ? last.kept : null
    },
    giveBack(host, kept) {
      const ofHost = idle.get(host) ?? []
      ofHost.push({ kept, since: now() })
      idle.set(host, ofHost)
    },
    close(which) {
      for (const host of [...idle.keys()]) if (which(host)) idle.delete(host)
    },
  }
}
