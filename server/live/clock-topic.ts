/** The topic `clock`: a tick each second, in the log like any other event. */
import type { Time } from '../time.ts'
import type { Hub } from './hub.ts'

const TICK_MS = 1000
/** It goes on for so many ticks after the last listener has left: a poll is away between two polls. */
const LINGER_TICKS = 5

/**
 * Ticks while somebody listens; what was ticked is in the log, so that resuming stays without a gap. Returns
 * what stops it. A tick that cannot be written is told and left out.
 */
export function tickWhileHeard(hub: Hub, time: Time, onFailure: (error: unknown) => void): () => void {
  let state: { readonly name: 'still' } | { readonly name: 'ticking'; readonly stop: () => void } = {
    name: 'still',
  }
  /** Ticks since the last listener left. */
  let alone = 0

  function stop() {
    if (state.name === 'ticking') state.stop()
    state = { name: 'still' }
  }
  function tick() {
    alone = hub.listening('clock') > 0 ? 0 : alone + 1
    if (alone > LINGER_TICKS) return stop()
    try {
      hub.log.append('clock', { at: time.now() })
    } catch (error) {
      onFailure(error)
    }
  }
  hub.onListener('clock', () => {
    // Whoever comes is lingered for in full, also one who is gone before the next tick.
    alone = 0
    if (state.name === 'still') state = { name: 'ticking', stop: time.every(TICK_MS, tick) }
  })
  return stop
}
