/** What tabs tell each other about a shared queue: which rows to read again, and how others ended. */
import type { Stop } from '../core/state.js'
import type { Ended } from './action.js'

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

function isNews(data: unknown): data is QueueNews {
  if (typeof data !== 'object' || data === null) return false
  const { scope, changed, ended } = data as Partial<QueueNews>
  return (
    typeof scope === 'string' &&
    Array.isArray(changed) &&
    changed.every((position) => Number.isSafeInteger(position)) &&
    Array.isArray(ended) &&
    ended.every((one) => Number.isSafeInteger(one?.position) && typeof one.id === 'string')
  )
}
