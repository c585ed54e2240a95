/** Outages as telemetry is told of them (B12). */
import { isDown, type Cause, type Connection, type Stop } from './state.js'

/** What became of requests, counted since the connection was made. Whoever holds requests counts here. */
export interface Tally {
  /** Those that had to wait for the link; each once. */
  held: number
  /** Those that were given back to their callers without an answer while the link was down. */
  lost: number
}

/** One outage that is over. */
export interface OutageReport {
  /** The first suspicion of it (epoch ms). */
  readonly since: number
  /** When the link came up (epoch ms). */
  readonly healedAt: number
  /** As the link saw it last. */
  readonly cause: Cause
  /** Requests that had to wait for the link. */
  readonly held: number
  /** Requests that were given back without an answer before the link came up. */
  readonly lost: number
}

/** Tells of each loss once the link is up again; one that ends by `stop()` or by choice is not told. */
export function followOutages(
  connection: Pick<Connection, 'subscribe' | 'tally'>,
  onOutage: (outage: OutageReport) => void,
): Stop {
  const { tally } = connection
  /** The counts when the first suspicion came; null: all is well. */
  let before: Tally | null = null
  let loss: { since: number; cause: Cause } | null = null
  return connection.subscribe(({ link }) => {
    if (isDown(link)) loss = { since: link.since, cause: link.cause }
    if (link.name === 'suspect' || isDown(link)) {
      before ??= { ...tally }
      return
    }
    const [counts, over] = [before, loss]
    before = loss = null
    if (link.name !== 'online' || !counts || !over) return
    onOutage({
      ...over,
      healedAt: link.since,
      held: tally.held - counts.held,
      lost: tally.lost - counts.lost,
    })
  })
}
