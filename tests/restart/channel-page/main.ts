/** A page that follows `chat` over a channel that it shares with the other tabs. `?api=` names the service. */
import { browserSignals, createConnection, probe, systemClock } from '../../../src/index.js'
import { createChannel, sharedTabs } from '../../../src/live/index.js'

const api = new URLSearchParams(location.search).get('api') ?? location.origin
const connection = createConnection({ probe: probe(`${api}/health`), signals: [browserSignals()] })
const channel = createChannel({ connection, url: `${api}/`, tabs: sharedTabs({ scope: 'test' }) })

/** Offset, and when it came (epoch ms). */
const events: [number, number][] = []
const told: string[] = []
const sent: string[] = []

channel.topic('chat', {
  onEvent: ({ offset }) => void events.push([offset, systemClock.now()]),
  onGap: ({ from, to }) => void told.push(`gap ${from}-${to}`),
  onReset: () => void told.push('reset'),
})
connection.start()
channel.open()

const tab = {
  report: () => ({ state: channel.state.name, events, told, sent }),
  /** Says something; what became of it is `sent[index]`. */
  send(text: string): void {
    const index = sent.push('waits') - 1
    channel.send('chat', { text }).then(
      ({ offset }) => (sent[index] = `ok ${offset}`),
      (error: Error) => (sent[index] = error.message),
    )
  },
}

declare global {
  interface Window {
    /** What a test asks the page. */
    tab: typeof tab
  }
}
window.tab = tab
