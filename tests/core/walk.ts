/** A synchronous stand-in for the interpreter: the pure machine, one timer slot, one probe, a clock of its own. */
import { BLANK } from '../../src/core/memory.js'
import { createPolicy, type Policy, type PolicyOptions } from '../../src/core/policy.js'
import { steady } from '../../src/core/schedule.js'
import type {
  ConnectionEvent,
  ConnectionState,
  Effect,
  LinkState,
  Memory,
  Stamp,
} from '../../src/core/state.js'
import { transition } from '../../src/core/transition.js'

export const T0 = 1_000_000

export const memory = (over: Partial<Memory> = {}): Memory => ({ ...BLANK, ...over })

export const stateOf = (link: LinkState, over: Partial<ConnectionState> = {}): ConnectionState => ({
  link,
  auth: 'unknown',
  intent: 'online',
  resync: 'none',
  ...over,
})

export interface Walk {
  readonly state: ConnectionState
  readonly now: number
  readonly timerAt: number | null
  readonly probes: number
  readonly begun: readonly number[]
  wanted: boolean
  send(event: ConnectionEvent): readonly Effect[]
  /** Lets time pass; a timer that falls due is sent. */
  advance(ms: number): void
}

/** Throws as soon as an effect breaks a promise of the machine. */
export function createWalk(options: PolicyOptions = {}, roll: () => number = () => 0.5): Walk {
  const policy: Policy = createPolicy(options, steady)
  let state = stateOf({ name: 'idle', memory: BLANK })
  let now = T0
  let timerAt: number | null = null
  let probes = 0
  let chance = roll()
  const begun: number[] = []

  const walk: Walk = {
    get state() {
      return state
    },
    get now() {
      return now
    },
    get timerAt() {
      return timerAt
    },
    get probes() {
      return probes
    },
    begun,
    wanted: true,
    send(event) {
      if (event.type.startsWith('PROBE_') || event.type === 'NOTICE') probes = Math.max(0, probes - 1)
      const stamp: Stamp = { now, roll: chance, wanted: walk.wanted, steps: false, silentMs: 10_000 }
      const [after, effects] = transition(state, event, policy, stamp)
      state = after
      for (const effect of effects) {
        if (effect.type === 'abort') probes = 0
        if (effect.type === 'probe') {
          if (++probes > 1) throw new Error(`two probes after ${event.type}`)
          chance = roll()
          begun.push(now - T0)
        }
        if (effect.type === 'timer') {
          if (Number.isNaN(effect.at)) throw new Error('a timer at NaN')
          timerAt = effect.at
        }
        if (effect.type === 'no-timer') timerAt = null
      }
      return effects
    },
    advance(ms) {
      const end = now + ms
      while (timerAt !== null && timerAt <= end) {
        now = Math.max(now, timerAt)
        timerAt = null
        walk.send({ type: 'TIMER' })
      }
      now = end
    },
  }
  return walk
}
