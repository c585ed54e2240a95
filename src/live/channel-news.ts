/** What a channel tells about itself: its state to whoever asks, and facts to the status. */
import type { FactSource, Facts } from '../core/facts.js'
import type { Stop } from '../core/state.js'
import { isSameState, type ChannelState } from './channel-state.js'
import { isolated } from './isolated.js'

/** Its news. */
export interface ChannelNews extends FactSource {
  readonly state: ChannelState
  readonly session: Facts['session']
  onChange(listener: (state: ChannelState) => void): Stop
  setState(state: ChannelState): void
  /** Whether that is new. */
  setSession(session: Facts['session']): boolean
}

/** Whoever hears of one kind of news; the same function may hear it twice. */
function createAudience<News>() {
  const all = new Set<{ readonly hear: (news: News) => void }>()
  return {
    add(hear: (news: News) => void): Stop {
      const own = { hear }
      all.add(own)
      return () => void all.delete(own)
    },
    tell(news: News): void {
      // One of them may end another one.
      for (const own of [...all]) if (all.has(own)) isolated(() => own.hear(news))
    },
  }
}

/** Closed, and nothing is lost. */
export function createChannelNews(): ChannelNews {
  const facts = createAudience<Partial<Facts>>()
  const states = createAudience<ChannelState>()
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
      const stop = facts.add(listener)
      listener({ session })
      return stop
    },
    onChange: states.add,
    setState(next) {
      if (isSameState(next, state)) return
      state = next
      states.tell(next)
    },
    setSession(next) {
      if (next === session) return false
      session = next
      facts.tell({ session: next })
      return true
    },
  }
}
