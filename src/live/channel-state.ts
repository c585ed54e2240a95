/** How a channel is, in words for people. Pure. */
import type { ConnectionState } from '../core/state.js'
import type { KeeperState } from './keeper-state.js'
import type { Transport } from './line.js'

/** How a channel is. */
export type ChannelState =
  /** Not opened, or closed by hand: final until `open()`. */
  | { readonly name: 'closed' }
  /** A line is being opened. */
  | { readonly name: 'connecting' }
  /** Events come, messages go. */
  | { readonly name: 'live'; readonly transport: Transport }
  /** The service cannot be reached, or the last attempt failed. */
  | {
      readonly name: 'waiting'
      /** When the next attempt is due (epoch ms); null: when something else happens first. */
      readonly nextAttemptAt: number | null
    }
  /** Sign-in is needed, or a fresh token. */
  | { readonly name: 'unauthorized' }
  /** Never again by itself: what it says is refused. `retryNow()` or `open()` try again. */
  | { readonly name: 'failed'; readonly code: number; readonly reason: string }

/** The keeper's state and the connection's, as one. */
export function channelStateOf(keeper: KeeperState, { link }: ConnectionState): ChannelState {
  switch (keeper.name) {
    case 'closed':
      return { name: 'closed' }
    case 'dialling':
    case 'greeting':
      return { name: 'connecting' }
    case 'open':
      return { name: 'live', transport: keeper.transport }
    case 'waiting-link':
      return { name: 'waiting', nextAttemptAt: link.name === 'waiting' ? link.nextAttemptAt : null }
    case 'backoff':
      return { name: 'waiting', nextAttemptAt: keeper.nextAttemptAt }
    case 'auth':
      return { name: 'unauthorized' }
    case 'fatal':
      return { name: 'failed', code: keeper.end.code, reason: keeper.end.reason }
  }
}

/** Whether people would see a difference. */
export function isSameState(one: ChannelState, other: ChannelState): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
