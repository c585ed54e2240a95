/** What is queued in every measurement, and a service that answers at once: what is measured is the storage. */

/** One write of a person. */
export interface Item {
  readonly seq: number
  readonly item: string
  readonly note: string
}

/** As large as an order is. */
export const itemOf = (seq: number): Item => ({ seq, item: `Order ${seq}`, note: 'x'.repeat(120) })

/** Takes items, and says what it was sent. */
export interface Service {
  take(item: Item): Promise<void>
  /** Resolves when so many have been applied. */
  whenApplied(count: number): Promise<void>
  /** Throws unless each of them was sent at least once, and applied once, in order. */
  check(count: number): void
}

/** What came twice it applies once, as the reference server does. */
export function createService(): Service {
  const applied: number[] = []
  const known = new Set<number>()
  let wanted = Infinity
  let isReached = () => {}
  return {
    async take({ seq }) {
      if (known.has(seq)) return
      known.add(seq)
      applied.push(seq)
      if (applied.length >= wanted) isReached()
    },
    whenApplied: (count) =>
      new Promise((resolve) => {
        ;[wanted, isReached] = [count, resolve]
        if (applied.length >= count) resolve()
      }),
    check(count) {
      const stray = applied.findIndex((seq, index) => seq !== index + 1)
      if (stray >= 0) throw new Error(`item ${applied[stray]} was applied as number ${stray + 1}`)
      if (applied.length !== count) throw new Error(`${applied.length} of ${count} were applied`)
    },
  }
}
