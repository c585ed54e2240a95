/** What tabs tell each other about a shared queue: which rows to read again, and how others ended. */
import type { Stop } from '../core/state.js'
import type { Ended } from './action.js'

/**
 * `free`: nobody sends now. `here`: the one who sends is there, and the store does not take it. `signed-out`: the person has left, and nothing of the
 * scope may be sent or shown.
 */
export type Said = 'free' | 'here' | 'signed-out'

/** News of one scope. It carries no payloads: the store is the only truth. */
export interface QueueNews {
  readonly scope: string
  /** Places whose rows have changed. */
  readonly changed: readonly number[]
  readonly ended: readonly {
    readonly position: number
    readonly id: string
    readonly outcome: Ended['outcome'] | 'moved'
    /** The id that took its place. */
    readonly to?: string
  }[]
  /** What concerns the scope as a whole. */
  readonly said?: Said
}

/** A way to the other tabs. */
export interface QueueBus {
  post(news: QueueNews): void
  listen(listener: (news: QueueNews) => void): Stop
}

/** BroadcastChannel, open while it is listened to; null where there is none. Anybody may write to it: news is checked. */
export function broadcastBus(name: string): QueueBus | null {
  if (typeof BroadcastChannel === 'undefined') return null
  let channel: BroadcastChannel | null = null
  return {
    post: (news) => channel?.postMessage(news),
    listen(listener) {
      const own = (channel = new BroadcastChannel(name))
      own.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (isNews(data)) listener(data)
      }
      return () => own.close()
    },
  }
}

/** More at once is no news of ours: a transaction has at most a thousand jobs. */
const LONGEST_LIST = 100_000
const SAID: readonly Said[] = ['free', 'here', 'signed-out']
const OUTCOMES: Record<QueueNews['ended'][number]['outcome'], true> = {
  confirmed: true,
  failed: true,
  conflict: true,
  unconfirmed: true,
  discarded: true,
  replaced: true,
  stopped: true,
  moved: true,
}

function isNews(data: unknown): data is QueueNews {
  if (typeof data !== 'object' || data === null) return false
  const { scope, changed, ended, said } = data as Partial<QueueNews>
  return (
    typeof scope === 'string' &&
    isList(changed, Number.isSafeInteger) &&
    isList(
      ended,
      (one) =>
        Number.isSafeInteger(one?.position) &&
        typeof one.id === 'string' &&
        Object.hasOwn(OUTCOMES, one.outcome) &&
        typeof (one.to ?? '') === 'string',
    ) &&
    (said === undefined || SAID.includes(said))
  )
}

function isList<T>(list: readonly T[] | undefined, isFit: (one: T) => boolean): boolean {
  return Array.isArray(list) && list.length <= LONGEST_LIST && list.every(isFit)
}
