/**
 * The connection machine: one pure function decides. Read it beside the table in docs/spec/architecture.md,
 * "The connection machine": one row of the table is one entry of `TABLE` in link-table.ts.
 */
import { TABLE } from './link-table.js'
import { kept } from './memory.js'
import type { Policy } from './policy.js'
import { isDown, type ConnectionEvent, type ConnectionState, type Effect, type Stamp } from './state.js'

/** The next state and what the interpreter has to do. The same state (by identity) means that nothing changed. */
export type Step = readonly [ConnectionState, readonly Effect[]]

/** Decides. Pure: everything it knows is in its arguments. */
export function transition(
  state: ConnectionState,
  event: ConnectionEvent,
  policy: Policy,
  stamp: Stamp,
): Step {
  switch (event.type) {
    case 'UNAUTHORIZED':
      if (state.auth === 'refreshing' || state.auth === 'required') return [state, []]
      return [{ ...state, auth: 'refreshing' }, [{ type: 'refresh' }]]
    case 'REFRESHED':
      return state.auth === 'refreshing' ? [{ ...state, auth: 'valid' }, []] : [state, []]
    case 'REFRESH_REFUSED':
      return state.auth === 'refreshing' ? [{ ...state, auth: 'required' }, []] : [state, []]
    case 'REFRESH_LOST':
      // As before: the next 401 asks again.
      return state.auth === 'refreshing' ? [{ ...state, auth: 'unknown' }, []] : [state, []]
    case 'SIGNED_IN':
      if (state.auth === 'valid') return [state, []]
      return recovered({ ...state, auth: 'valid' }, state.auth === 'required' && !isDown(state.link), stamp)
    case 'SIGNED_OUT':
      // Always another state, so that everybody hears of it; a refresh that is out refreshes nobody.
      return [{ ...state, auth: 'unknown' }, []]
    case 'RESYNC':
      return state.resync === event.resync ? [state, []] : [{ ...state, resync: event.resync }, []]
    default:
      return linkStep(state, event, policy, stamp)
  }
}

function linkStep(state: ConnectionState, event: ConnectionEvent, policy: Policy, stamp: Stamp): Step {
  const intent =
    event.type === 'GO_OFFLINE' ? 'offline' : event.type === 'GO_ONLINE' ? 'online' : state.intent
  if (event.type === 'GO_ONLINE' && state.intent === 'online') return [state, []]
  const memory = kept(state.link, event, stamp.now)
  const before = memory === state.link.memory ? state.link : { ...state.link, memory }
  const decide = TABLE[before.name][event.type]
  const blocked = event.type === 'START' && intent === 'offline'
  const [link, effects] = decide && !blocked ? decide(before, event, policy, stamp) : [before, []]
  if (link === state.link && intent === state.intent) return [state, []]
  const next: ConnectionState = { ...state, link, intent }
  if (link.name === 'online' && isDown(before)) return recovered(next, true, stamp, effects)
  if (state.resync !== 'none' && (isDown(link) || link.name === 'idle'))
    return [{ ...next, resync: 'none' }, effects]
  return [next, effects]
}

/** The steps of a recovery begin in the same instant, so that no queue drains before them. */
function recovered(
  next: ConnectionState,
  isLoss: boolean,
  stamp: Stamp,
  effects: readonly Effect[] = [],
): Step {
  if (!isLoss || !stamp.steps) return [next, effects]
  return [{ ...next, resync: 'running' }, [...effects, { type: 'recover' }]]
}
