/** Publishes 1, 2, 3 and so on to the topic `chat`, each once, whatever happens to the server meanwhile. */
import { Agent } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { ask } from './ask.js'

/** A publisher. */
export interface Publisher {
  /** How many have been acknowledged. */
  readonly published: () => number
  /** Publishes no more; resolves with how many there are when the last one is acknowledged. */
  stop(): Promise<number>
}

/** Between two attempts while the server is down. */
const AGAIN_MS = 50

/** Starts it: so many a second while the server answers. */
export function startPublisher(origin: string, perSecond: number): Publisher {
  const agent = new Agent({ keepAlive: true })
  let state: 'publishing' | 'stopping' = 'publishing'
  let published = 0

  const isSent = (n: number) =>
    ask({ agent, origin }, { path: '/send', post: { id: `event-${n}`, topic: 'chat', data: n } }).then(
      ({ status }) => status === 200,
      () => false,
    )
  async function publish() {
    let dueAt = performance.now()
    while (state === 'publishing') {
      while (!(await isSent(published + 1))) await wait(AGAIN_MS)
      published += 1
      // What an outage has cost is not made up for.
      const now = performance.now()
      dueAt = Math.max(now, dueAt + 1000 / perSecond)
      await wait(dueAt - now)
    }
    agent.destroy()
    return published
  }
  const done = publish()
  return {
    published: () => published,
    stop() {
      state = 'stopping'
      return done
    },
  }
}
