/** A feature is judged only where the whole service is well: the connection knows, at once or a moment later. */
import { isDown, type Connection, type Stop } from '../core/state.js'

/** What the connection says of the service. Without a connection it is well. */
export interface Verdict {
  readonly isDown: () => boolean
  /** Tells whether the service is well, as soon as that is known: a call that fails is a suspicion first (503). */
  whenKnown(tell: (isWell: boolean) => void): void
  /** Nobody is told any more. */
  stop: Stop
}

/** Follows a connection. */
export function followVerdict(connection: Connection | undefined): Verdict {
  const waiting = new Set<Stop>()
  const isWell = () => connection?.state.link.name === 'online'
  return {
    isDown: () => connection !== undefined && isDown(connection.state.link),
    whenKnown(tell) {
      if (!connection) return tell(true)
      if (connection.state.link.name !== 'suspect') return tell(isWell())
      const stop = connection.subscribe(({ link }) => {
        if (link.name === 'suspect') return
        done()
        tell(isWell())
      })
      const done = () => (stop(), waiting.delete(done))
      waiting.add(done)
    },
    stop: () => waiting.forEach((done) => done()),
  }
}
