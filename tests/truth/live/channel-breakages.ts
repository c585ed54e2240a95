/** Simulators that are wrong on purpose, one for each transport, to see that the table of channels notices. */
import { closeEvent } from '../../../mocks/socket/events.js'
import { sleep } from '../../../src/core/clock.js'
import type { ChannelBreakage } from './channel-simulated.js'
import type { TransportName } from './diary.js'

/** A breakage, and where it must be noticed. */
export interface NoticedChannelBreakage extends ChannelBreakage {
  readonly on: string
  readonly transport: TransportName
}

/** Each is one line of the simulator away. */
export const channelBreakages: readonly NoticedChannelBreakage[] = [
  {
    name: 'a server that goes says on sockets nothing of its return',
    ...{ on: 'server-restarts', transport: 'ws' },
    world: ({ WebSocket }) => ({
      WebSocket: class extends WebSocket {
        override dispatchEvent(event: Event): boolean {
          if (event instanceof MessageEvent && String(event.data).includes('"DRAIN"')) return true
          if (!(event instanceof CloseEvent) || event.code !== 1012) return super.dispatchEvent(event)
          return super.dispatchEvent(closeEvent({ code: 1006, reason: '', wasClean: false }))
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
    ...{ on: 'cut-for-a-blip', transport: 'poll' },
    world: (network) => ({
      async fetch(input, init) {
        const answer = await network.fetch(input, init)
        if (String(input).includes('/poll')) await sleep(network.clock, 400)
        return answer
      },
    }),
  },
]
