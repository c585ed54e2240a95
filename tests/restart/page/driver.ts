/** A busy person at the order desk: durable writes, plain writes and reads at a steady rate; and their account. */
import type { Phase } from '../../../src/status/view.js'
import type { Desk } from '../../../stories/order-desk/desk.js'
import type { Journal, Numbers } from './journal.js'

/** How much is written. */
export interface Writing {
  /** Durable writes a second, evenly spaced. */
  readonly perSecond: number
  /** Stop when so many have been attempted, over reloads. */
  readonly count: number
}

/** The account, as plain data. */
export interface DriverReport extends Numbers {
  /** Promises given by the kit to this load of the page that have not settled. */
  readonly pending: readonly string[]
  /** How the actions accepted by this load ended, counted. */
  readonly ended: Readonly<Record<string, number>>
  /** Rejections that reached the application, with what was asked. */
  readonly failures: readonly string[]
  /** Actions in the store. */
  readonly kept: number
  readonly link: string
  /** Phases that were told, in order. */
  readonly phases: readonly Phase[]
  /** The same with when they began to be told (epoch ms). */
  readonly told: readonly { readonly phase: Phase; readonly at: number }[]
}

/** Plain requests go out this often, in ms. */
const PLAIN_EVERY_MS = 500

/** Makes a driver that rests until it is told to write. */
export function createDriver({ api, queue, status, connection }: Desk, journal: Journal) {
  const pending = new Map<number, string>()
  const ended: Record<string, number> = {}
  const failures: string[] = []
  const told = [{ phase: status.view.phase, at: Date.now() }]
  let promises = 0

  status.subscribe((view) => {
    if (view.phase !== told.at(-1)?.phase) told.push({ phase: view.phase, at: Date.now() })
  })

  /** Keeps account of one promise. A rejection is an application's business, and here the test's. */
  async function follow<T>(what: string, promise: Promise<T>): Promise<T | undefined> {
    promises += 1
    const number = promises
    pending.set(number, what)
    try {
      return await promise
    } catch (error) {
      failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
      return undefined
    } finally {
      pending.delete(number)
    }
  }

  async function write(seq: number): Promise<void> {
    journal.note('attempted', seq)
    const enqueued = queue.enqueue({
      handler: 'order',
      payload: { item: 'durable', qty: 1, seq },
      label: `Order ${seq}`,
    })
    const accepted = await follow(
      `accepting ${seq}`,
      enqueued.then((action) => {
        journal.note('accepted', seq)
        return action
      }),
    )
    if (!accepted) return
    const end = await follow(`action ${seq}`, accepted.settled)
    if (end) ended[end.outcome] = (ended[end.outcome] ?? 0) + 1
  }

  /** One that waits for its answer, as most of an application's requests do. */
  async function writePlainly(seq: number): Promise<void> {
    journal.note('asked', seq)
    const order = { item: 'plain', qty: 1, seq }
    const answer = await follow(`plain write ${seq}`, api.post('/orders', order))
    if (answer) journal.note('answered', seq)
  }

  return {
    /** Starts to write, from the next number on; resolves when the last one has been handed over. */
    startWriting({ perSecond, count }: Writing): Promise<void> {
      const asking = setInterval(() => {
        void follow('read', api.get('/orders'))
        void writePlainly(journal.next('asked'))
      }, PLAIN_EVERY_MS)
      return new Promise((resolve) => {
        const writing = setInterval(() => {
          if (journal.numbers.attempted.length < count) return void write(journal.next('attempted'))
          clearInterval(writing)
          clearInterval(asking)
          resolve()
        }, 1000 / perSecond)
      })
    },
    report(): DriverReport {
      return {
        ...journal.numbers,
        pending: [...pending.values()],
        ended,
        failures,
        kept: queue.actions.length,
        link: connection.state.link.name,
        phases: told.map(({ phase }) => phase),
        told,
      }
    },
  }
}
