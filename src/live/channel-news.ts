/** What a channel tells about itself: its state to whoever asks, and facts to the status. */
import type { FactSource, Facts } from '../core/facts.js'
import type { Stop } from '../core/state.js'
import { isSameState, type ChannelState } from './channel-state.js'
import { isolated } from './topics.js'

/** Its news. */
export interface ChannelNews extends FactSource {
  readonly state: ChannelState
  readonly session: Facts['session']
  onChange(listener: (state: ChannelState) => void): Stop
  setState(state: ChannelState): void
  /** Whether that is new. */
  setSession(session: Facts['session']): boolean
}

/** Closed, and nothing is lost. */
export function createChannelNews(): ChannelNews {
  const facts = new Set<(facts: Partial<Facts>) => void>()
  const states = new Set<(state: ChannelState) => void>()
  let state: ChannelState = { name: 'closed' }
  let session: Facts['session'] = 'kept'

  return {
    get state() {
      return state
    },
    get session() {
      return session
    },
    subscribe(listener) {
      facts.add(listener)
      listener({ session })
      return () => void facts.delete(listener)
    },
    onChange(listener) {
      states.add(listener)
      return () => void states.delete(listener)
    },
    setState(next) {
      if (isSameState(next, state)) return
      state = next
      for (const listener of [...states]) isolated(() => listener(next))
    },
    setSession(next) {
      if (next === session) return false
      session = next
      for (const listener of [...facts]) isolated(() => listener({ session: next }))
      return true
    },
  }
}
