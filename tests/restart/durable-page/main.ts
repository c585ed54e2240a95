/** A page whose messages go through the durable queue. `?api=` names the service. */
import { browserSignals, createConnection, probe } from '../../../src/index.js'
import { durableMessages } from '../../../src/live/durable.js'
import { createChannel } from '../../../src/live/index.js'
import { createQueue, indexedDbStore } from '../../../src/queue/index.js'

const api = new URLSearchParams(location.search).get('api') ?? location.origin
const connection = createConnection({ probe: probe(`${api}/health`), signals: [browserSignals()] })
const messages = durableMessages()
const queue = createQueue({
  connection,
  store: indexedDbStore({ name: 'messages' }),
  scope: 'test',
  handlers: { message: messages.handler },
})
const channel = createChannel({ connection, url: `${api}/`, durable: messages.through(queue) })
const failed: string[] = []

connection.start()
queue.start()
channel.open()

const talk = {
  report: () => ({ state: channel.state.name, waiting: queue.actions.map(({ label }) => label), failed }),
  /** Says numbers, one after the other; resolves when each of them is kept. */
  async say(from: number, to: number): Promise<void> {
    for (let n = from; n <= to; n++)
      await new Promise<void>((onKept, reject) => {
        channel.send('chat', n, { policy: 'durable', label: `Number ${n}`, onKept }).catch((error: Error) => {
          failed.push(error.message)
          reject(error)
        })
      })
  },
}

declare global {
  interface Window {
    /** What a test asks the page. */
    talk: typeof talk
  }
}
window.talk = talk
