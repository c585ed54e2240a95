/** One event after the other: what is sent while one is taken waits until everybody has heard of that. */

/** Makes the one door of a machine; `take` is called with each event. */
export function createInbox<Event>(take: (event: Event) => void): (event: Event) => void {
  const waiting: Event[] = []
  let isBusy = false
  return (event) => {
    waiting.push(event)
    if (isBusy) return
    isBusy = true
    try {
      while (waiting.length > 0) take(waiting.shift()!)
    } finally {
      isBusy = false
    }
  }
}
