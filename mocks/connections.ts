/**
 * Kept connections, as far as they matter: a request in a black hole is answered at other instants on a
 * kept connection than on a new one. A dial that gets through costs nothing here.
 */

/** The idle connections of a browser, by host. */
export interface Connections {
  /** True: an idle connection to this host is used again. False: a new one is dialled. */
  take(host: string): boolean
  /** The answer is complete; the connection is idle. */
  giveBack(host: string): void
  /** Closes the idle ones of the hosts that match. */
  close(which: (host: string) => boolean): void
}

/** An idle connection is closed by the server after this long (Fastify's default, as the reference server's). */
const KEEP_ALIVE_MS = 72_000

/** Makes an empty pool. */
export function createConnections(now: () => number): Connections {
  const idle = new Map<string, number[]>()
  return {
    take(host) {
      const since = idle.get(host)?.pop()
      return since !== undefined && now() - since < KEEP_ALIVE_MS
    },
    giveBack(host) {
      const since = idle.get(host) ?? []
      since.push(now())
      idle.set(host, since)
    },
    close(which) {
      for (const host of [...idle.keys()]) if (which(host)) idle.delete(host)
    },
  }
}
