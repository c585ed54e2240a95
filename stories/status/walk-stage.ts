/** A page on which a way through the table of docs/spec/ux.md, 1.3, is walked: everything real but the link. */
import { manualClock, type ManualClock } from '../../mocks/index.js'
import type { Connection, ConnectionState, Facts, FactSource } from '../../src/core/state.js'
import { BLANK } from '../../src/core/memory.js'
import { createStatus, type Status, type StatusThresholds } from '../../src/index.js'
import type { HoldfastOptions } from '../../src/vue/index.js'
import { fixedHoldfast } from '../support/fixed-status.js'

/** The page's parts, and what moves them. */
export interface WalkStage {
  readonly clock: ManualClock
  readonly status: Status
  readonly parts: HoldfastOptions
  /** What a person has asked for, by the names of the buttons. */
  readonly asked: readonly string[]
  ask(what: string): void
  setConnection(state: ConnectionState): void
  setFacts(facts: Facts): void
}

/** Its clock begins at 0, as that of a script does. */
export function createWalkStage(thresholds: StatusThresholds): WalkStage {
  const clock = manualClock({ startAt: 0 })
  const asked: string[] = []
  const listeners = new Set<Parameters<Connection['subscribe']>[0]>()
  const hearers = new Set<(facts: Partial<Facts>) => void>()
  let facts: Partial<Facts> = {}
  let state: ConnectionState = {
    link: { name: 'idle', memory: BLANK },
    auth: 'unknown',
    intent: 'online',
    resync: 'none',
  }
  const connection: Connection = {
    ...fixedHoldfast({}).connections.api,
    clock,
    get state() {
      return state
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    retryNow: () => void asked.push('retry'),
    setIntent: () => void asked.push('go-online'),
  }
  const source: FactSource = {
    subscribe(listener) {
      hearers.add(listener)
      listener(facts)
      return () => void hearers.delete(listener)
    },
  }
  const status = createStatus({ connections: connection, sources: [source], ...thresholds })
  return {
    clock,
    status,
    asked,
    ask: (what) => void asked.push(what),
    parts: { connections: { api: connection }, status },
    setConnection(next) {
      state = next
      listeners.forEach((listener) => listener(state, { type: 'TIMER' }))
    },
    setFacts(next) {
      facts = next
      hearers.forEach((listener) => listener(facts))
    },
  }
}
