/** What is under way: requests and dials that have no line in the log yet. */
import type { Exchange } from './exchange.js'
import type { Transport } from './faults.js'
import type { Line } from './socket/line.js'

/** A request that is not over, or a socket that is being dialled. */
export interface UnderWay {
  /** As in the log. */
  readonly id: number
  readonly who: string
  readonly transport: Transport
  readonly method: string
  readonly url: string
  /** When it left the application (epoch ms). */
  readonly leftAt: number
}

/** All of them, in the order of their numbers; what its caller has left is not among them. */
export function listUnderWay(requests: Iterable<Exchange>, dials: readonly Line[]): readonly UnderWay[] {
  const asked = [...requests].flatMap(({ left, id, who, transport, method, url, leftAt }) =>
    left ? [] : [{ id, who, transport, method, url: url.href, leftAt }],
  )
  const dialled = dials.map(({ id, url, leftAt }) => ({
    ...{ id, who: 'ws', transport: 'ws' as const, method: 'GET' },
    ...{ url: url.href, leftAt },
  }))
  return [...asked, ...dialled].sort((one, other) => one.id - other.id)
}
