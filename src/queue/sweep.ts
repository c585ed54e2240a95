/** Goes through everything that is kept, page by page, so that the first action can be sent before the last is read. */
import type { Action } from './action.js'
import type { Found, Reading } from './reading.js'
import type { Writer } from './writer.js'

/** The first page is small: it is all that the first action waits for (docs/spec/performance.md, P11). */
const FIRST_PAGE = 32
/** Each is twice as large as the one before, up to this: nothing waits long for one (own). */
const LARGEST_PAGE = 1_024

/** What a sweep needs. */
export interface SweepPorts {
  readonly reading: Pick<Reading, 'page'>
  readonly alone: Writer['alone']
  /** A page has been read; the mirror has it. */
  onPage(found: Found): void
}

/** Called with the rows of each page before the next one is read. */
export type Mark = (rows: readonly Action[]) => Promise<void> | void

/** One sweep under way. Both reject if the store does not let itself be read. */
export interface Sweeping {
  /** The first page has been read and marked. */
  readonly first: Promise<void>
  /** All of them have. */
  readonly whole: Promise<void>
}

/** Who sweeps, and how far it is. */
export interface Sweep {
  /** Everything up to this place is known; Infinity: everything is, -1: nothing yet. */
  readonly upTo: number
  /** Begins at the beginning; a sweep under way ends with this one. */
  start(mark?: Mark): Sweeping
  /** Whatever is under way ends; nothing is known any more. */
  stop(): void
}

/** Nothing is known yet. */
export function createSweep({ reading, alone, onPage }: SweepPorts): Sweep {
  let current: { whole: Promise<void> } | null = null
  let upTo = -1

  const start = (mark?: Mark): Sweeping => {
    const own: { whole: Promise<void> } = { whole: Promise.resolve() }
    current = own
    upTo = -1
    let tellFirst = () => {}
    const first = new Promise<void>((resolve) => (tellFirst = resolve))

    const run = async (): Promise<void> => {
      for (
        let after: number | null = -1, most = FIRST_PAGE;
        after !== null;
        most = Math.min(2 * most, LARGEST_PAGE)
      ) {
        const from: number = after
        const page = await alone(async () => (current === own ? reading.page(from, most) : null))
        if (current !== own || !page) return current?.whole
        upTo = page.last ?? Infinity
        onPage(page)
        await mark?.(page.rows)
        if (current !== own) return current?.whole
        tellFirst()
        after = page.last
      }
    }
    own.whole = run()
    const begun = Promise.race([first, own.whole])
    // Not everybody waits for it: whoever waits for the whole hears of a failure there.
    begun.catch(() => {})
    return { first: begun, whole: own.whole }
  }

  return {
    get upTo() {
      return upTo
    },
    start,
    stop() {
      current = null
      upTo = -1
    },
  }
}
