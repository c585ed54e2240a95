/** What tabs have in common in a browser, without one: a lock that is had by one after the other, and a bus. */
import type { Clock } from '../../../src/index.js'
import type { TabsPort } from '../../../src/live/index.js'

interface Hearer {
  readonly name: string
  hear(message: unknown): void
}

/** Of as many as want to, who are all in one process. Nobody is told within a call. */
export function tabsInOne(clock: Clock): TabsPort {
  /** Of each name the first one has the lock. */
  const row: { readonly name: string; onChange(leads: boolean): void }[] = []
  const hearers = new Set<Hearer>()
  const soon = (run: () => void): void => void clock.setTimeout(run, 0)
  const firstOf = (asked: string) => row.find(({ name }) => name === asked)
  const tell = (name: string): void => {
    const first = firstOf(name)
    if (first) soon(() => row.includes(first) && first.onChange(true))
  }
  return {
    lead(name, onChange) {
      const own = { name, onChange }
      row.push(own)
      if (firstOf(name) === own) tell(name)
      return {
        seize() {
          throw new Error('In a row of the table nobody stalls')
        },
        stop() {
          const led = firstOf(name) === own
          const at = row.indexOf(own)
          if (at >= 0) row.splice(at, 1)
          if (led) tell(name)
        },
      }
    },
    join(name, hear) {
      const own = { name, hear }
      hearers.add(own)
      return {
        post(message) {
          const copy: unknown = structuredClone(message)
          for (const other of hearers) {
            if (other !== own && other.name === name) soon(() => hearers.has(other) && other.hear(copy))
          }
        },
        stop: () => void hearers.delete(own),
      }
    },
  }
}
