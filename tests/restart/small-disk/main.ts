/** A page whose queue is to run out of room: `?api=` names the service that its orders go to. */
import { browserSignals, createConnection, isHoldfastError, probe } from '../../../src/index.js'
import { attachFetch } from '../../../src/http/fetch.js'
import { createQueue, indexedDbStore } from '../../../src/queue/index.js'

const api = new URLSearchParams(location.search).get('api') ?? location.origin
const connection = createConnection({
  probe: probe(`${api}/health`),
  signals: [browserSignals()],
  origins: [api],
})
const attached = attachFetch(fetch, { connection })
const queue = createQueue({
  connection,
  store: indexedDbStore({ name: 'small' }),
  scope: 'ann',
  handlers: {
    order: {
      honoursKeys: true,
      async send({ payload, key, signal }) {
        const { seq } = payload as { seq: number }
        await attached.fetch(`${api}/order/${seq}`, { method: 'POST', holdfast: { key, signal } })
      },
    },
  },
})
connection.start()
queue.start()

/** What is the same all over would take no room: it is compressed. */
const noise = (length: number) =>
  Array.from({ length: length / 8 }, () => Math.random().toString(36).slice(2, 10).padEnd(8)).join('')

const disk = {
  /** Hands over an order with a text of this length; says `kept`, or why not. */
  async order(seq: number, length: number): Promise<string> {
    const payload = { seq, text: noise(length) }
    try {
      await queue.enqueue({ handler: 'order', payload, label: `${seq}`, lane: `lane ${seq % 4}` })
      return 'kept'
    } catch (error) {
      return isHoldfastError(error) ? error.code : String(error)
    }
  },
  async discard(seq: number): Promise<void> {
    await queue.discard(queue.actions.find(({ label }) => label === `${seq}`)!.id)
  },
  /** What people see in the list, and what else they are told. */
  report: () => ({
    shown: queue.actions.map(({ label }) => Number(label)),
    facts: queue.facts,
    link: connection.state.link.name,
  }),
}

declare global {
  interface Window {
    /** What a test drives the page by. */
    disk: typeof disk
  }
}
window.disk = disk
