/** Who waits for whom: what each action looks like beside the others, and which ones may be sent next. Pure. */
import { isNeverSent, type Action } from './action.js'

/** What the queue knows beyond the actions themselves. */
export interface LineRules {
  /** Epoch ms. */
  readonly now: number
  /** How long after its first sending an action may be sent again with its key. */
  readonly keyLifeMs: number
  /** Whether the server honours the keys of this handler. */
  honoursKeys(handler: string): boolean
  /** What the successors of a failed action of this lane do. */
  onFailure(lane: string): 'skip' | 'block'
}

/** The actions beside each other. */
export interface LineUp {
  /** What waits for a person, or behind something that does, as it is to be shown. */
  readonly stuck: ReadonlyMap<string, Action>
  /** The next action of each lane that nothing is being sent of and whose turn it is. */
  readonly heads: readonly Action[]
  /** When this picture changes by itself: an action expires, or is too old to be sent again; Infinity: never. */
  readonly changesAt: number
}

/** Beyond the life of its key a second sending would be a second write (docs/spec/reliability.md, I09). */
export function isTooOld(action: Action, rules: Pick<LineRules, 'now' | 'keyLifeMs'>): boolean {
  return action.firstSentAt !== null && rules.now >= action.firstSentAt + rules.keyLifeMs
}

/** Never sent, and its time is over. */
export function isExpired(action: Action, now: number): boolean {
  return action.expiresAt !== null && isNeverSent(action) && now >= action.expiresAt
}

/**
 * Lines them up. `actions` are in order of acceptance, as stored.
 *
 * What waits for a person is *stuck*, and so is whatever names it in `after`, and whatever stands behind it
 * in a lane that waits: always behind an unconfirmed one, and behind a failed one by the lane's policy.
 */
export function lineUp(actions: readonly Action[], rules: LineRules): LineUp {
  let stuck: ReadonlyMap<string, Action> = new Map()
  for (;;) {
    const found = findStuck(actions, rules, stuck)
    // Again until nothing new turns up: a retried action stands behind those that follow it.
    if (found.size === stuck.size) break
    stuck = found
  }
  return { stuck, heads: findHeads(actions, stuck), changesAt: findChange(actions, rules) }
}

/** The actions as people should see them: `blocked` and `unconfirmed` worked out. */
export function present(actions: readonly Action[], { stuck }: LineUp): readonly Action[] {
  return actions.map((action) => stuck.get(action.id) ?? action)
}

/** What cannot go on, as it is to be shown. `known`: what an earlier round found. */
function findStuck(actions: readonly Action[], rules: LineRules, known: ReadonlyMap<string, Action>) {
  const stuck = new Map(known)
  const closed = new Map<string, string>()
  for (const action of actions) {
    const { id, lane, state } = action
    const on = closed.get(lane) ?? action.after.find((other) => stuck.has(other))
    if (needsPerson(action, rules)) {
      stuck.set(id, { ...action, state: { name: 'unconfirmed', next: 'person' } })
      closed.set(lane, id)
    } else if (state.name === 'failed' || state.name === 'conflict') {
      stuck.set(id, action)
      if (rules.onFailure(lane) === 'block') closed.set(lane, id)
    } else if (on !== undefined && state.name !== 'sending') {
      stuck.set(id, { ...action, state: { name: 'blocked', on } })
      if (rules.onFailure(lane) === 'block') closed.set(lane, on)
    }
  }
  return stuck
}

/** Keys are not honoured, or tried out, or too old: sending it again is a person's decision. */
export function needsPerson(action: Action, rules: LineRules): boolean {
  const { state } = action
  if (state.name !== 'queued' && state.name !== 'unconfirmed') return false
  if (isTooOld(action, rules)) return true
  return state.name === 'unconfirmed' && (state.next === 'person' || !rules.honoursKeys(action.handler))
}

function findHeads(actions: readonly Action[], stuck: ReadonlyMap<string, Action>): Action[] {
  const places = placesOf(actions)
  const taken = new Set<string>()
  for (const { state, lane } of actions) if (state.name === 'sending') taken.add(lane)
  const passed = new Set<string>()
  const heads: Action[] = []
  for (const action of actions) {
    if (taken.has(action.lane) || stuck.has(action.id)) continue
    // It follows one that was tried again and so stands further back: its lane goes on without it.
    if (action.after.some((id) => passed.has(id) || (places.get(id) ?? 0) > action.position)) {
      passed.add(action.id)
      continue
    }
    taken.add(action.lane)
    if (!action.after.some((id) => places.has(id))) heads.push(action)
  }
  return heads
}

/** Where each action stands; not worked out while nobody follows anybody. */
function placesOf(actions: readonly Action[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>()
  if (actions.some(({ after }) => after.length > 0)) {
    for (const { id, position } of actions) places.set(id, position)
  }
  return places
}

function findChange(actions: readonly Action[], rules: LineRules): number {
  let next = Infinity
  for (const action of actions) {
    if (action.state.name !== 'queued' && action.state.name !== 'unconfirmed') continue
    if (action.firstSentAt === null) next = Math.min(next, action.expiresAt ?? Infinity)
    else if (!isTooOld(action, rules)) next = Math.min(next, action.firstSentAt + rules.keyLifeMs)
  }
  return next
}
