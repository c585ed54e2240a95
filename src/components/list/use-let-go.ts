import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { Clock } from '../../core/clock.js'
import type { Stop } from '../../core/state.js'
import type { Action, QueuePort } from '../../vue/queue-port.js'
import { putEntry } from './entries.js'
import { needsPerson } from './tally.js'

/** A change that was let go can be taken back for so long (ms); docs/spec/ux.md, ux-43: at least 5 s. */
const UNDO_MS = 8_000
/** Who points at it or has the focus in it gets so much more, again and again (ms; WCAG 2.2.1). */
const MORE_MS = 2_000

/** A change that was let go, as long as it still is in the queue. */
export interface LetGo {
  readonly action: Action
  /** It is being discarded: there is no way back any more. */
  readonly isFinal: boolean
}

/** What `useLetGo` needs. */
export interface LetGoOptions {
  /** Discards in the end. */
  readonly queue: Pick<QueuePort, 'discard'>
  /** Counts the time that there is to think. */
  readonly clock: Clock
  /** What is kept. */
  readonly actions: Readonly<Ref<readonly Action[]>>
  /** Somebody points at its row, or has the focus in it. */
  readonly isEngaged: (id: string) => boolean
  /** The queue could not discard it: it is there again. */
  readonly onRefused: (error: unknown) => void
}

/** What `useLetGo` returns. */
export interface LettingGo {
  readonly gone: Readonly<ShallowRef<ReadonlyMap<string, LetGo>>>
  /** Only for what stays as it is until a person decides: the queue would send anything else meanwhile. */
  letGo(action: Action): void
  undo(id: string): void
  /** Discards all of them now: before something is done with all that failed, for example. */
  finish(): Promise<void>
}

/**
 * Discards with a way back. The queue is asked to discard only when there is none any more, so that undoing loses
 * neither place nor key; a page that ends meanwhile has discarded nothing, a list that is left discards at once.
 */
export function useLetGo({ queue, clock, actions, isEngaged, onRefused }: LetGoOptions): LettingGo {
  const gone = shallowRef<ReadonlyMap<string, LetGo>>(new Map())
  const cancels = new Map<string, Stop>()

  function forgetTimer(id: string): void {
    cancels.get(id)?.()
    cancels.delete(id)
  }
  function undo(id: string): void {
    forgetTimer(id)
    putEntry(gone, id)
  }
  function wait(id: string, ms: number): void {
    cancels.set(
      id,
      clock.setTimeout(() => (isEngaged(id) ? wait(id, MORE_MS) : void discard(id)), ms),
    )
  }
  async function discard(id: string): Promise<void> {
    const entry = gone.value.get(id)
    if (!entry || entry.isFinal) return
    forgetTimer(id)
    putEntry(gone, id, { ...entry, isFinal: true })
    try {
      await queue.discard(id)
    } catch (error) {
      onRefused(error)
    } finally {
      putEntry(gone, id)
    }
  }

  // Gone by another way, or tried again in another tab: then it is none of ours.
  watch(actions, (now) => {
    for (const id of gone.value.keys()) {
      const action = now.find((one) => one.id === id)
      if (!action || !needsPerson(action)) undo(id)
    }
  })
  const finish = async () => {
    await Promise.all([...gone.value.keys()].map(discard))
  }
  onScopeDispose(() => void finish())

  return {
    gone,
    letGo(action) {
      putEntry(gone, action.id, { action, isFinal: false })
      wait(action.id, UNDO_MS)
    },
    undo,
    finish,
  }
}
