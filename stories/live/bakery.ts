/** The bakery behind the counter: the live channel's server, and the network that leads there. */
import { createNetwork, type Network } from '../../mocks/index.js'
import { createLiveApi, type LiveApi } from '../../mocks/live-api.js'
import type { Clock } from '../../src/index.js'

/** Where it is. */
export const BASE = 'https://bakery.example'

/** The round trip while all is well (ms). */
export const LATENCY_MS = 40

/** How it is made. */
export interface BakeryOptions {
  /** Default: the system's. */
  readonly clock?: Clock
  /** The luck of the network. Default: 1. */
  readonly seed?: number
  /** How many events its log keeps. Default: 10,000. */
  readonly ring?: number
}

/** The server and the way to it. */
export interface Bakery {
  readonly network: Network
  readonly api: LiveApi
  /** Somebody in the bakery says something. */
  says(text: string): void
}

/** Opens it, with an empty log. */
export function createBakery({ clock, seed = 1, ring = 10_000 }: BakeryOptions = {}): Bakery {
  const api = createLiveApi({ network: () => network, base: BASE, ring })
  const network: Network = createNetwork({
    handlers: api.handlers,
    hosts: ['bakery.example'],
    latencyMs: LATENCY_MS,
    seed,
    ...(clock && { clock }),
  })
  return { network, api, says: (text) => void api.publish('chat', { from: 'Bakery', text }) }
}
