/**
 * Identical reads that were held together are sent once, and everybody gets the answer. Who leads is cancelled or at
 * the end of his own patience: the next one leads.
 */
import type { Call } from './call.js'
import type { Answer, Config } from './config.js'
import type { Waits } from './wait.js'

/** What the platform knows of its own requests and answers. */
export interface Sharing {
  /** What is asked for, as one text: the same text, the same answer. Null: not to be shared (a stream). */
  identityOf(config: Config): string | null
  /** The answer or the rejection as one for another request; undefined: it cannot be given twice. */
  copyOf<Given>(given: Given, config: Config): Given | undefined
}

/** How a shared request ended, before anybody has touched the answer. */
export type Shared = { readonly response: Answer } | { readonly error: unknown }

/** One who asks for all. */
export interface Group {
  readonly identity: string
  /** Undefined: not yet, or there is nothing that the others could take. */
  ended?: Shared | undefined
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

/** No request is shared. */
const NOBODY: Shares = { find: () => null, lead: () => null, end: () => {}, take: () => undefined }

/** Makes the shares of one client. */
export function createShares(sharing: Sharing | undefined, waits: Waits): Shares {
  if (!sharing) return NOBODY
  const groups = new Map<string, Group>()

  return {
    find(call) {
      if (groups.size === 0) return null
      const identity = sharing.identityOf(call.config)
      return identity === null ? null : (groups.get(identity) ?? null)
    },
    lead(call) {
      const identity = sharing.identityOf(call.config)
      if (identity === null) return null
      const group: Group = { identity }
      groups.set(identity, group)
      return group
    },
    end(group, config, ended) {
      if (groups.get(group.identity) === group) groups.delete(group.identity)
      if (waits.count('share') === 0) return
      // A copy of one's own: the leader's is transformed in place as soon as it arrives.
      if (ended) group.ended = copied(ended, config)
      waits.end('go', 'share', (call) => call.group === group)
    },
    take: ({ ended }, config) => ended && copied(ended, config),
  }

  function copied(ended: Shared, config: Config): Shared | undefined {
    if ('error' in ended) {
      const error = sharing?.copyOf(ended.error, config)
      return error === undefined ? undefined : { error }
    }
    const response = sharing?.copyOf(ended.response, config)
    return response === undefined ? undefined : { response }
  }
}
