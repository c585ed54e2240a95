/** One event after the other: what is sent while one is taken waits its turn. */

/** The one door of a machine. */
export interface Inbox<Event> {
  /** Something is being taken. */
  readonly isBusy: boolean
  send(event: Event): void
  /** Whether such an event waits. */
  holds(isMeant: (event: Event) => boolean): boolean
}

/** Makes it; `settle` is called when everything has been taken, also where taking has thrown. */
export function createInbox<Event>(take: (event: Event) => void, settle: () => void): Inbox<Event> {
  const waiting: Event[] = []
  let isBusy = false
  return {
    get isBusy() {
      return isBusy
    },
    send(event) {
      waiting.push(event)
      if (isBusy) return
      isBusy = true
      try {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) take(next)
      } finally {
        isBusy = false
        settle()
      }
    },
    holds: (isMeant) => waiting.some(isMeant),
  }
}
