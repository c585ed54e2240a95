/** Step 3 at the back end: a log with cursors, and a socket that goes on where its client was. */

interface ClientFrame {
  readonly type: string
  readonly topic?: string
  readonly cursor?: string
  readonly id?: string
  readonly data?: unknown
}

interface Event {
  readonly offset: number
  readonly topic: string
  readonly data: unknown
}

/** @param epoch another one whenever the log begins anew; a log in a database keeps its own for ever */
export function createLog(epoch: string, kept = 1_000) {
  const events: Event[] = []
  const readers = new Set<(event: Event) => void>()
  /** Of each topic the last event that is no longer kept. */
  const dropped = new Map<string, number>()
  /** Each message of a client is one event, however often it comes. */
  const sent = new Map<string, number>()
  let end = 0

  function publish(topic: string, data: unknown): number {
    end += 1
    const event = { offset: end, topic, data }
    events.push(event)
    if (events.length > kept) {
      const gone = events.shift()!
      dropped.set(gone.topic, gone.offset)
    }
    readers.forEach((read) => read(event))
    return end
  }

  /** One socket: `say` sends it a frame. Returns what hears its frames, and what is called when it ends. */
  function converse(boot: string, say: (frame: object) => void) {
    const topics = new Set<string>()
    const read = (event: Event) => topics.has(event.topic) && say({ type: 'EVENT', ...event })
    readers.add(read)
    say({ type: 'HELLO', boot, epoch, offset: end, heartbeatMs: 5_000, session: 'known' })

    function subscribe(topic: string, cursor = `${epoch}:${end}`) {
      topics.add(topic)
      const [log, at] = cursor.split(':')
      const offset = Number(at)
      if (log !== epoch || !(offset <= end)) return say({ type: 'RESET', topic, epoch, offset: end })
      const gone = dropped.get(topic) ?? 0
      if (gone > offset) say({ type: 'GAP', topic, from: offset + 1, to: gone })
      else say({ type: 'RESUMED', topic, offset })
      events.filter((event) => event.topic === topic && event.offset > offset).forEach(read)
    }

    function hear({ type, topic, cursor, id, data }: ClientFrame) {
      if (type === 'PING') say({ type: 'PONG' })
      if (type === 'SUBSCRIBE') subscribe(topic!, cursor)
      if (type === 'UNSUBSCRIBE') topics.delete(topic!)
      if (type === 'SEND') {
        const offset = sent.get(id!) ?? publish(topic!, data)
        sent.set(id!, offset)
        say({ type: 'ACK', id, offset })
      }
    }
    return { hear, end: () => readers.delete(read) }
  }
  return { publish, converse }
}
