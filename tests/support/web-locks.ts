/** Web Locks as far as they are used: of each name one holds, the others wait in line; a steal is granted at once. */
import type { LeaderLocks } from '../../src/tabs/leader.js'

interface Wish {
  readonly name: string
  readonly page: object
  readonly hold: () => Promise<void>
  readonly end: (error?: Error) => void
  isGranted: boolean
}

export function createWebLocks() {
  let line: Wish[] = []
  let isRefused = false
  const holder = (name: string): Wish | undefined => line.find((wish) => wish.name === name)

  /** Never within the call that asks for it. */
  async function begin(wish: Wish): Promise<void> {
    await Promise.resolve()
    if (!line.includes(wish)) return
    wish.isGranted = true
    await wish.hold()
    if (line.includes(wish)) leave(wish).end()
  }
  function leave(wish: Wish): Wish {
    const wasHolder = holder(wish.name) === wish
    line = line.filter((one) => one !== wish)
    const next = holder(wish.name)
    if (wasHolder && next) void begin(next)
    return wish
  }

  return {
    /** No page is given a lock any more, or each again. */
    refuse: (refuses: boolean) => void (isRefused = refuses),
    /** Locks that are held or waited for. */
    count: () => line.length,
    /** One page's side; `run`: as soon as the page runs. */
    ofPage(run: (what: () => void) => void = (what) => what()) {
      const page = {}
      const own = () => line.filter((wish) => wish.page === page)
      const locks: LeaderLocks = {
        request: (name, options, hold) =>
          new Promise((resolve, reject) => {
            if (isRefused) return reject(new Error('SecurityError'))
            const wish: Wish = {
              name,
              page,
              hold: () => new Promise((done) => run(() => void hold().then(done))),
              end: (error) => run(() => (error ? reject(error) : resolve(undefined))),
              isGranted: false,
            }
            if ('steal' in options) {
              const robbed = holder(name)
              line = [wish, ...line.filter((one) => one !== robbed)]
              robbed?.end(new Error('AbortError'))
              return void begin(wish)
            }
            line = [...line, wish]
            if (holder(name) === wish) void begin(wish)
            options.signal.addEventListener('abort', () => {
              if (!wish.isGranted && line.includes(wish)) leave(wish).end(new Error('AbortError'))
            })
          }),
      }
      return {
        locks,
        /** Of this page. */
        count: () => own().length,
        /** Its process is gone: the browser gives them to the next. */
        gone: () => own().forEach(leave),
      }
    },
  }
}
