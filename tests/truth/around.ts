/** Something that happens around each request and each probe on the simulator. */
import type { Network } from '../../mocks/network.js'
import type { World } from './workload.js'

/** It sends what it is given, sooner or later. */
type Around = <T>(go: () => Promise<T>, signal: AbortSignal | undefined) => Promise<T>

/** The ways out of a network, with that around them. */
export function around({ fetch, axiosAdapter }: Network, meet: Around): Pick<World, 'fetch' | 'adapter'> {
  return {
    fetch: (input, init) => meet(() => fetch(input, init), init?.signal ?? undefined),
    adapter: (config) => meet(() => axiosAdapter(config), config.signal as AbortSignal | undefined),
  }
}
