/**
 * After a gap, a reset or a lost session the application's state is brought up to date once, and what is new is told
 * only then (I29). What is to be done for that is the application's; when, is said here.
 */
import type { Stop } from '../core/clock.js'
import { createRecovery } from '../core/recovery.js'
import type { Connection } from '../core/state.js'

/** Why it is done. */
export type ResyncCause =
  | { readonly type: 'session' }
  | { readonly type: 'gap'; readonly topic: string; readonly from: number; readonly to: number }
  | { readonly type: 'reset'; readonly topic: string }

/** One thing to be done; it ends early when the signal aborts, and is begun again then if there is still cause. */
export type ResyncStep = (causes: readonly ResyncCause[], signal: AbortSignal) => void | Promise<void>

/** When. */
export interface Resync {
  /** Whether events have to wait. */
  readonly isClosed: boolean
  /** Whether all of its own is done: only others may still be at it. */
  readonly isDone: boolean
  add(step: ResyncStep): Stop
  owe(cause: ResyncCause): void
  /** Begins if there is cause, and everything that there may be cause for was heard. */
  look(): void
  /** Puts it off: what is owed stays owed. */
  stop(): void
}

/** Where it is done. */
export interface ResyncPorts {
  readonly connection: Connection
  /** Whether all topics are answered: one cause seldom comes alone. */
  readonly isRestored: () => boolean
  /** Its own is done. Others may still be at it, who wait for that. */
  readonly onDone: () => void
  /** Events may go on. */
  readonly release: () => void
}

/** Nothing is owed. */
export function createResync({ connection, isRestored, onDone, release }: ResyncPorts): Resync {
  const { clock } = connection
  let state: 'clear' | 'owed' | 'running' | 'done' = 'clear'
  let causes: ResyncCause[] = []
  let soon: Stop | null = null
  let hasFailed = false
  /** While it owes, it hears of the connection: what is done there after a loss comes first, too. */
  let unsubscribe: Stop | null = null

  const recovery = createRecovery(clock, (how) => {
    if (state !== 'running') return
    state = 'done'
    causes = []
    // Said in the connection's words, so that people are told in one place; not in the middle of its own steps.
    const { resync } = connection.state
    if (how === 'failed' && resync === 'none') connection.send({ type: 'RESYNC', resync: 'failed' })
    else if (how === 'none' && hasFailed && resync === 'failed')
      connection.send({ type: 'RESYNC', resync: 'none' })
    hasFailed = how === 'failed'
    onDone()
    finish()
  })

  function finish(): void {
    if (state !== 'done' || connection.state.resync === 'running') return
    state = 'clear'
    unsubscribe?.()
    unsubscribe = null
    release()
  }

  function look(): void {
    if (state === 'owed' && isRestored()) {
      state = 'running'
      unsubscribe ??= connection.subscribe(finish)
      recovery.run()
    }
  }

  return {
    get isClosed() {
      return state !== 'clear'
    },
    get isDone() {
      return state === 'clear' || state === 'done'
    },
    add: (step) => recovery.add(async (signal) => step([...causes], signal)),
    owe(cause) {
      if (state === 'running') recovery.abort()
      state = 'owed'
      causes = withCause(causes, cause)
      // What came in the same turn belongs to it.
      soon ??= clock.setTimeout(() => {
        soon = null
        look()
      }, 0)
    },
    look,
    stop() {
      recovery.abort()
      if (state === 'running') state = 'owed'
      if (state === 'done') state = 'clear'
      unsubscribe?.()
      unsubscribe = null
      soon?.()
      soon = null
    },
  }
}

/** A server that tells of one gap after the other makes the list no longer: of a topic there is one, or a reset and one. */
function withCause(causes: readonly ResyncCause[], cause: ResyncCause): ResyncCause[] {
  if (cause.type === 'session') return [...causes.filter(({ type }) => type !== 'session'), cause]
  const { topic } = cause
  const isOther = (one: ResyncCause): boolean => one.type === 'session' || one.topic !== topic
  // Offsets from before a reset are those of another log.
  if (cause.type === 'reset') return [...causes.filter(isOther), cause]
  const gap = causes.find((one) => one.type === 'gap' && one.topic === topic)
  if (gap?.type !== 'gap') return [...causes, cause]
  const whole = { ...cause, from: Math.min(gap.from, cause.from), to: Math.max(gap.to, cause.to) }
  return causes.map((one) => (one === gap ? whole : one))
}
