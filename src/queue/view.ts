/** What a queue shows: its actions beside each other, its facts, and each that came to rest, once. */
import type { Facts, QueueFacts, Stop } from '../core/state.js'
import type { Action, Ended } from './action.js'
import { BLANK_STORAGE, countFacts, sameFacts, type FactMemory } from './facts.js'
import { lineUp, present, type LineRules, type LineUp } from './line-up.js'
import { createListeners } from '../core/listeners.js'
import { createWaiters, endedAs, type Settled, type Waiters } from './waiters.js'
import type { Changes } from './writer.js'

/** The showing half of a queue. */
export interface View {
  readonly waiters: Waiters
  readonly facts: QueueFacts
  readonly actions: readonly Action[]
  lineUp(): LineUp
  /** Whether something still has to be sent by itself, as last told. */
  isBusy(): boolean
  subscribe(listener: (facts: Partial<Facts>) => void): Stop
  onChange(listener: (actions: readonly Action[]) => void): Stop
  onSettled(listener: (settled: Settled) => void): Stop
  /** Something may look different from now on. */
  invalidate(): void
  /** What is not counted from the actions. */
  remember(memory: Partial<FactMemory>): void
  /** What a transaction has changed, here or in another tab. */
  note(changes: Changes): void
  /** Everything at rest now has been so before: it is no news. */
  takeForGranted(): void
  /** Tells what has changed since the last time. */
  tell(): void
}

/** Shows the rows; `rows` is the mirror's own list and always current. */
export function createView(rows: readonly Action[], rules: () => LineRules): View {
  const factListeners = createListeners<[Partial<Facts>]>()
  const changeListeners = createListeners<[readonly Action[]]>()
  const settledListeners = createListeners<[Settled]>()
  const waiters = createWaiters()
  const errors = new Map<string, unknown>()
  let resting = new Set<string>()
  let memory: FactMemory = { ...BLANK_STORAGE, sent: 0, lastWriteAt: null, pausedUntil: null }
  let picture: LineUp | null = null
  /** What was stuck when it was last counted, and what of that was so before this run began. */
  let stuck: LineUp['stuck'] = new Map()
  let older: ReadonlySet<string> = new Set()
  let shown: readonly Action[] | null = null

  const line = () => (picture ??= lineUp(rows, rules()))
  let facts = countFacts(rows, line(), memory, 0)

  const settle = (action: Action, ended: Ended) => {
    waiters.settle(action.id, ended)
    settledListeners.tell({ action, ended })
  }

  /** Who came to rest since the last time; who left it may do so again. */
  const findResting = (): readonly Settled[] => {
    const settled: Settled[] = []
    const now = new Set<string>()
    for (const action of line().stuck.values()) {
      const ended = endedAs(action, errors.get(action.id))
      if (!ended) continue
      now.add(action.id)
      if (!resting.has(action.id)) settled.push({ action, ended })
    }
    resting = now
    errors.clear()
    return settled
  }

  /** A run begins when something waits after nothing did: only then `sent` of `total` starts anew. */
  const count = () => {
    const now = line()
    const begins = rows.length > now.stuck.size && !isBusy(facts)
    if (begins) memory = { ...memory, sent: 0 }
    const rest = begins ? stuck.keys() : older
    older = new Set([...rest].filter((id) => now.stuck.has(id)))
    stuck = now.stuck
    return countFacts(rows, now, memory, older.size)
  }

  return {
    waiters,
    get facts() {
      return facts
    },
    get actions() {
      return (shown ??= present(rows, line()))
    },
    lineUp: line,
    isBusy: () => isBusy(facts),
    subscribe(listener) {
      const stop = factListeners.add(listener)
      listener({ queue: facts })
      return stop
    },
    onChange: changeListeners.add,
    onSettled: settledListeners.add,
    invalidate() {
      picture = shown = null
    },
    remember(known) {
      memory = { ...memory, ...known }
    },
    note({ put, ended }) {
      for (const { action, error } of put) {
        if (error !== undefined) errors.set(action.id, error)
        if (action.createdAt > (memory.lastWriteAt ?? 0))
          memory = { ...memory, lastWriteAt: action.createdAt }
      }
      for (const { action, as } of ended) {
        if (as.outcome === 'moved') {
          waiters.move(action.id, as.to)
          continue
        }
        if (as.outcome === 'confirmed') memory = { ...memory, sent: memory.sent + 1 }
        settle(action, as)
      }
    },
    takeForGranted() {
      picture = shown = null
      findResting()
      const found = [...line().stuck.keys()].filter((id) => !stuck.has(id))
      older = new Set([...older, ...found])
      stuck = line().stuck
    },
    tell() {
      for (const { action, ended } of findResting()) settle(action, ended)
      const next = count()
      changeListeners.tell((shown ??= present(rows, line())))
      if (sameFacts(facts, next)) return
      facts = next
      factListeners.tell({ queue: facts })
    },
  }
}

function isBusy({ waiting, sending }: QueueFacts): boolean {
  return waiting + sending > 0
}
