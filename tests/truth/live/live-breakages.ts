/** Simulators that are wrong on purpose, one for each transport at least, to see that the table notices. */
import type { Network } from '../../../mocks/network.js'
import { closeEvent } from '../../../mocks/socket/events.js'
import { sleep } from '../../../src/core/clock.js'
import type { TransportName } from './diary.js'
import type { LiveBreakage } from './live-simulated.js'

/** A breakage, and where it must be noticed. */
export interface NoticedLiveBreakage extends LiveBreakage {
  readonly on: string
  readonly transport: TransportName
}

/** Each is one line of the simulator away. */
export const liveBreakages: readonly NoticedLiveBreakage[] = [
  {
    name: 'a socket that was cut is closed clean',
    ...{ on: 'server-killed', transport: 'ws' },
    world: ({ WebSocket }) => ({
      WebSocket: class extends WebSocket {
        override dispatchEvent(event: Event): boolean {
          if (!(event instanceof CloseEvent) || event.code !== 1006) return super.dispatchEvent(event)
          return super.dispatchEvent(closeEvent({ code: 1006, reason: '', wasClean: true }))
        }
      },
    }),
  },
  {
    name: 'a server that drains says nothing of it on sockets',
    ...{ on: 'server-restarts', transport: 'ws' },
    world: ({ WebSocket }) => ({
      WebSocket: class extends WebSocket {
        override dispatchEvent(event: Event): boolean {
          const isDrain = event instanceof MessageEvent && String(event.data).includes('"DRAIN"')
          return isDrain || super.dispatchEvent(event)
        }
      },
    }),
  },
  {
    name: 'a stream is asked for without its cursor',
    ...{ on: 'half-open', transport: 'sse' },
    world: (network) => ({
      fetch: (input, init) => {
        const headers = new Headers(init?.headers)
        headers.delete('Last-Event-ID')
        return network.fetch(input, { ...init, headers })
      },
    }),
  },
  {
    name: 'a poll is answered 400 ms late',
    ...{ on: 'blip', transport: 'poll' },
    world: (network: Network) => ({
      async fetch(input, init) {
        const answer = await network.fetch(input, init)
        if (String(input).includes('/poll')) await sleep(network.clock, 400)
        return answer
      },
    }),
  },
]
