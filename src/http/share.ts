/**
 * Identical reads that were held together are sent once, and everybody gets the answer. Who leads is cancelled or at
 * the end of his own patience: the next one leads.
 */
import type { Call } from './call.js'
import { markOf, type Answer, type Config } from './config.js'
import type { Waits } from './wait.js'

/** Headers of the single attempt: they do not say what is asked for. */
export const OF_THE_ATTEMPT: ReadonlySet<string> = new Set([
  'x-request-id',
  'x-request-deadline-ms',
  'traceparent',
])

/** What the platform knows of its own requests and answers. */
export interface Sharing {
  /** What is asked for, as one text: the same text, the same answer. Null: not to be shared (a stream). */
  identityOf(config: Config): string | null
  /** The answer or the rejection as one for another request; undefined: it cannot be given twice. */
  copyOf<Given>(given: Given, config: Config): Given | undefined
  /** This request asks for all from its next attempt on: its caller's signal must not end what others read. */
  begin?(config: Config): void
  /** A copy that nobody wants. */
  drop?(given: unknown): void
}

/** How a shared request ended, before anybody has touched the answer. */
export type Shared = { readonly response: Answer } | { readonly error: unknown }

/** One who asks for all. */
export interface Group {
  readonly identity: string
  /** Undefined: not yet, or there is nothing that the others could take. */
  ended?: Shared | undefined
  /** How many are still to take it. */
  left: number
}

/** The shared requests of one client. */
export interface Shares {
  /** The group that this call can wait for; null: nobody asks for the same. */
  find(call: Call): Group | null
  /** This call asks for all who want the same from now on; null: it cannot. */
  lead(call: Call): Group | null
  /** It has ended; without `ended` the others go on by themselves. `config` is that of the leader. */
  end(group: Group, config: Config, ended?: Shared): void
  /** One's own of what a group has got; undefined: one has to ask oneself. */
  take(group: Group, config: Config): Shared | undefined
}

/** Makes the shares of one client. */
export function createShares(sharing: Sharing, waits: Waits): Shares {
  const groups = new Map<string, Group>()

  /** Who has wishes of his own (patience, repetitions, priority) shares with those who wish the same. */
  function identityOf({ config }: Call): string | null {
    const identity = sharing.identityOf(config)
    const { signal: _own, ...wishes } = markOf(config) ?? {}
    return identity === null ? null : `${JSON.stringify(wishes)} ${identity}`
  }

  return {
    find(call) {
      if (groups.size === 0) return null
      const identity = identityOf(call)
      return identity === null ? null : (groups.get(identity) ?? null)
    },
    lead(call) {
      const identity = identityOf(call)
      if (identity === null) return null
      sharing.begin?.(call.config)
      const group: Group = { identity, left: 0 }
      groups.set(identity, group)
      return group
    },
    end(group, config, ended) {
      if (groups.get(group.identity) === group) groups.delete(group.identity)
      const isOfGroup = (call: Call) => call.group === group
      group.left = waits.count('share', isOfGroup)
      if (group.left === 0) return
      // A copy of one's own: the leader's is transformed in place as soon as it arrives.
      if (ended) group.ended = copied(ended, config)
      waits.end('go', 'share', isOfGroup)
    },
    take(group, config) {
      const { ended } = group
      if (!ended) return undefined
      const own = copied(ended, config)
      group.left -= 1
      if (group.left === 0) sharing.drop?.('response' in ended ? ended.response : ended.error)
      return own
    },
  }

  function copied(ended: Shared, config: Config): Shared | undefined {
    if ('error' in ended) {
      const error = sharing.copyOf(ended.error, config)
      return error === undefined ? undefined : { error }
    }
    const response = sharing.copyOf(ended.response, config)
    return response === undefined ? undefined : { response }
  }
}
