/** A browser with two tabs over one store and one link, and the server behind it. */
import { manualClock } from '../../../mocks/manual-clock.js'
import { HoldfastError } from '../../../src/core/errors.js'
import {
  coalescing,
  createQueue,
  memoryStore,
  type Action,
  type Ended,
  type LockPort,
  type QueueStore,
} from '../../../src/queue/index.js'
import { fakeConnection } from '../rig.js'
import { sharedBus, sharedLock } from '../tabs.js'
import { createServer, type User, type Written } from './server.js'

/** One page. */
export type Tab = ReturnType<typeof createWorld>['tabs'][number] & {}

export function createWorld() {
  const clock = manualClock()
  const memory = memoryStore()
  const server = createServer()
  const joinBus = sharedBus()
  const locks = new Map<string, LockPort>()
  const tabs: (ReturnType<typeof openTab> | null)[] = [null, null]
  let pages = 0
  let isUp = true
  let user: User = 'ann'
  /** What the store refuses: nothing, what must be on the disk, or everything. */
  let refuses: 'nothing' | 'strict' | 'all' = 'nothing'

  const lock: LockPort = {
    hold(name, onChange) {
      const shared = locks.get(name) ?? sharedLock().lock
      locks.set(name, shared)
      return shared.hold(name, onChange)
    },
  }

  /** The store as one page has it: when the page has died nothing of it arrives any more. */
  const handle = () => {
    const page = { isDead: false }
    const guard = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      if (page.isDead) throw new Error('this page is no more')
      return work()
    }
    const store: QueueStore = {
      name: 'shared',
      open: async () => ({ persisted: true }),
      load: (scope, take) => guard(() => memory.load(scope, take)),
      read: (scope, positions) => guard(() => memory.read(scope, positions)),
      write: (about, work) =>
        guard(() => {
          const isRefused = refuses === 'all' || (refuses === 'strict' && about.durability === 'strict')
          if (isRefused) throw new HoldfastError('storage-full')
          return memory.write(about, work)
        }),
      close() {},
    }
    return { page, store }
  }

  const ends: { readonly n: number; readonly ended: Ended; readonly effects: number }[] = []
  const note = (n: number, ended: Ended) => void ends.push({ n, ended, effects: server.effects.get(n) ?? 0 })

  const openTab = (scope: User) => {
    const { page, store } = handle()
    const connection = fakeConnection(clock, `page ${++pages}`)
    if (!isUp) connection.down()
    const queue = createQueue({
      connection,
      store,
      scope,
      lock,
      bus: joinBus(),
      features: [coalescing()],
      handlers: { order: { honoursKeys: true, send: server.receive(true) }, mail: server.receive(false) },
    })
    queue.onSettled(({ action, ended }) => note(written(action).n, ended))
    queue.start()
    return { queue, connection, die: () => void (page.isDead = true) }
  }

  return {
    clock,
    server,
    tabs,
    /** What was told of each write, and how often it was applied by then. */
    ends,
    note,
    user: () => user,
    async open(which: number) {
      tabs[which] ??= openTab(user)
      await clock.settle()
    },
    /** Closed as a page is; `crash`: nothing that it does on its way out arrives. */
    async close(which: number, crash: boolean) {
      if (crash) tabs[which]?.die()
      tabs[which]?.queue.stop()
      tabs[which] = null
      await clock.settle()
    },
    signIn(who: User) {
      user = who
      server.signIn(who)
    },
    setLink(up: boolean) {
      isUp = up
      for (const tab of tabs) {
        if (up) tab?.connection.up()
        else tab?.connection.down()
      }
    },
    refuse: (what: typeof refuses) => void (refuses = what),
    /** What the store itself has, of everybody. */
    async stored(): Promise<readonly Action[]> {
      const rows: unknown[] = []
      for (const scope of ['ann', 'bob']) await memory.load(scope, (page) => void rows.push(...page))
      return rows as Action[]
    },
  }
}

/** The world as commands see it. */
export type World = ReturnType<typeof createWorld>

export const written = ({ payload }: Action): Written => payload as Written
