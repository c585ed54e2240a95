/**
 * The handshakes of a browser's sockets, by host: one at a time. Measured in Chromium 156: of four sockets to a server
 * that does not answer, the first dials, and the others wait until it has opened or failed.
 */
import type { Stop } from '../../src/core/state.js'

/** The rows of a network's sockets. */
export interface Handshakes {
  /** Runs `dial` when no earlier handshake with this host is under way, in this very call if there is none. */
  takeTurn(host: string, dial: () => void): Stop
}

/** Makes them: nobody waits. The stop of a turn says that it is over, or waits no longer; twice does no harm. */
export function createHandshakes(): Handshakes {
  const rows = new Map<string, (() => void)[]>()
  return {
    takeTurn(host, dial) {
      const row = rows.get(host) ?? []
      rows.set(host, row)
      // An object of its own.
      const turn = () => dial()
      row.push(turn)
      if (row[0] === turn) dial()
      return () => {
        const at = row.indexOf(turn)
        if (at < 0) return
        row.splice(at, 1)
        if (at === 0) row[0]?.()
      }
    },
  }
}
