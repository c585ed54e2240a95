/** Frames about topics on their way to those who listen: at once, or held while the state is brought up to date. */
import type { TopicTold } from './cursor.js'
import type { TopicFrame } from './frames.js'
import type { Resync } from './resync.js'
import type { LineView } from './line-view.js'

/** What was held. */
interface Held {
  readonly view: LineView
  readonly frame: TopicFrame
  readonly length: number
}

/** The way. */
export interface Delivery {
  take(view: LineView, frame: TopicFrame, length: number): void
  /** Lets go what was held. */
  release(): void
  /** Forgets what was held: no cursor has moved for it, so that it is told again. */
  clear(): void
}

/** Where it leads to. */
export interface DeliveryPorts {
  readonly resync: () => Pick<Resync, 'isClosed'>
  readonly tell: (frame: TopicFrame, told: TopicTold) => void
  /** More came than is held: it has to be asked for again. */
  readonly onOverflow: () => void
}

/** The most that is held; the server keeps the rest. */
const MOST_HELD = 1000
/** In characters. */
const MOST_HELD_LENGTH = 2 ** 20

/** Nothing is held. */
export function createDelivery({ resync, tell, onOverflow }: DeliveryPorts): Delivery {
  let held: Held[] = []
  let length = 0
  let hasOverflowed = false

  const apply = ({ view, frame }: Omit<Held, 'length'>): void => {
    const told = view.apply(frame)
    if (told) tell(frame, told)
  }
  const clear = (): void => {
    held = []
    length = 0
    hasOverflowed = false
  }

  return {
    take(view, frame, frameLength) {
      if (!resync().isClosed) return apply({ view, frame })
      if (hasOverflowed) return
      // Word of a gap or a reset does not wait, but it overtakes nothing of its own topic.
      if (frame.type !== 'EVENT' && !held.some((one) => one.frame.topic === frame.topic))
        return apply({ view, frame })
      held.push({ view, frame, length: frameLength })
      length += frameLength
      if (held.length <= MOST_HELD && length <= MOST_HELD_LENGTH) return
      clear()
      hasOverflowed = true
    },
    release() {
      if (hasOverflowed) {
        clear()
        return onOverflow()
      }
      // Whoever hears of it may begin or end anything.
      while (!resync().isClosed) {
        const next = held.shift()
        if (!next) return
        length -= next.length
        apply(next)
      }
    },
    clear,
  }
}
