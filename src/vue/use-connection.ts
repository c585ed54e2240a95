import type { ShallowRef } from 'vue'
import { badOption } from '../core/errors.js'
import type { Connection, ConnectionState, Intent } from '../core/state.js'
import { useHoldfast, type ContextOption } from './context.js'
import { follow } from './follow.js'

/** What `useConnection` returns. */
export interface UseConnectionReturn {
  /** The connection itself, for everything that is not here. */
  readonly connection: Connection
  /** Link, auth and intent; follows each change. */
  readonly state: Readonly<ShallowRef<ConnectionState>>
  /** A person asked for an attempt. */
  retryNow(): void
  /** Working offline by choice, or not. */
  setIntent(intent: Intent): void
  /** Sign-in is done. */
  signedIn(): void
  /** The person leaves: what of theirs waits for the link is rejected, not sent as the next one. */
  signedOut(): void
}

/**
 * The verdict about one service.
 *
 * @param name its key in `connections`. Default: the first. An unknown one throws `bad-option`.
 */
export function useConnection(name?: string, options?: ContextOption): UseConnectionReturn {
  const { connections } = useHoldfast(options)
  const names = Object.keys(connections)
  const connection = connections[name ?? names[0]!]
  if (!connection) throw badOption('useConnection', name, names.join(', '))
  // They need no `this`: a connection is made of closures.
  const { subscribe, retryNow, setIntent, signedIn, signedOut } = connection
  return {
    connection,
    state: follow(() => connection.state, subscribe),
    retryNow,
    setIntent,
    signedIn,
    signedOut,
  }
}
