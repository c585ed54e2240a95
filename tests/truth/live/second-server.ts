/** A second server on the simulator: a network of its own, which nothing happens to. */
import { createLiveApi, type LiveNetwork } from '../../../mocks/live-api.js'
import type { ManualClock } from '../../../mocks/manual-clock.js'
import { createNetwork, type Network } from '../../../mocks/network.js'
import type { PlayWorld } from './player.js'

/** Where it is. */
export const SPARE = 'spare.example'

/** Makes one. */
export function createSecond(clock: ManualClock, latencyMs: number, heartbeatMs: number) {
  const api = createLiveApi({
    ...{ base: `http://${SPARE}`, heartbeatMs },
    network: () => ({
      ...{ clock, until: network.until },
      // Its events are no more those of the first one than its database is.
      service: Object.create(network.service, { epoch: { value: 'spare' } }) as LiveNetwork['service'],
    }),
  })
  const network: Network = createNetwork({ clock, hosts: [SPARE], handlers: api.handlers, latencyMs })
  return { api, network }
}

/** The ways out to both. */
export function byHost(home: Network, second: Network): Pick<PlayWorld, 'fetch' | 'WebSocket'> {
  const networkOf = (url: string | URL | Request): Network =>
    new URL(url instanceof Request ? url.url : url).host === SPARE ? second : home
  return {
    fetch: (input, init) => networkOf(input).fetch(input, init),
    // A function that is called with `new` and returns an object gives that object.
    WebSocket: function (url: string | URL, protocols?: string | string[]) {
      return new (networkOf(url).WebSocket)(url, protocols)
    } as unknown as typeof globalThis.WebSocket,
  }
}
