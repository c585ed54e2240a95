/** Tabs over one store: the lock, the channel and the store that they share. */
import { manualClock } from '../../mocks/manual-clock.js'
import {
  memoryStore,
  type LockPort,
  type QueueBus,
  type QueueNews,
  type QueueStore,
} from '../../src/queue/index.js'
import { rig } from './rig.js'

/** A lock as tabs share it: one holds, the others wait in line. */
export function sharedLock() {
  const line: ((held: boolean) => void)[] = []
  const lock: LockPort = {
    hold(_name, onChange) {
      line.push(onChange)
      if (line.length === 1) onChange(true)
      return () => {
        const at = line.indexOf(onChange)
        if (at < 0) return
        line.splice(at, 1)
        onChange(false)
        if (at === 0) line[0]?.(true)
      }
    },
  }
  return {
    lock,
    /** Gives it to the second one without telling the first: a tab that sleeps. */
    steal: () => line[1]?.(true),
  }
}

/** A channel as tabs share it: everybody hears but the one who speaks. */
export function sharedBus(): () => QueueBus {
  const all = new Map<object, (news: QueueNews) => void>()
  return () => {
    const self = {}
    return {
      post: (news) => {
        for (const [who, hear] of all) if (who !== self) hear(structuredClone(news))
      },
      listen(listener) {
        all.set(self, listener)
        return () => void all.delete(self)
      },
    }
  }
}

/** A store that counts as shared, and as outliving the page; `clear` empties it as a browser does. */
export function sharedStore(): QueueStore & { clear(): void } {
  let memory = memoryStore()
  return {
    name: 'shared',
    open: async () => ({ persisted: true }),
    load: (scope, take) => memory.load(scope, take),
    read: (scope, positions) => memory.read(scope, positions),
    write: (about, work) => memory.write(about, work),
    close() {},
    clear: () => void (memory = memoryStore()),
  }
}

/** Two tabs over one store that counts as shared. */
export async function twoTabs(lock: LockPort | null) {
  const clock = manualClock()
  const store = sharedStore()
  const bus = sharedBus()
  const a = await rig({ clock, store, lock, bus: bus(), seed: 'a' })
  const b = await rig({ clock, store, lock, bus: bus(), seed: 'b' })
  return { clock, store, a, b }
}
