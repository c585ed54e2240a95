/** Headers of an attempt that are sent only if they are asked for: each forces a preflight (R10, R11). */
import { createKey, hex } from '../core/key.js'
import type { Connection } from '../core/state.js'
import type { Config } from './config.js'
import { header } from '../core/headers.js'
import type { Settings } from './options.js'

/** Puts them on an attempt that has to be over at `endsAt` (Infinity: whenever). */
export type Stamp = (config: Config, endsAt: number) => void

/** Makes the stamp; null: nothing is asked for. */
export function createStamp({ clock, random }: Connection, { sendHeaders }: Settings): Stamp | null {
  if (sendHeaders.length === 0) return null
  /** The traces that are ours; a caller's own keeps the parent that he gave. */
  const traces = new WeakMap<Config, string>()

  return (config, endsAt) => {
    const { headers } = config
    for (const name of sendHeaders) {
      const given = header(headers, name.toLowerCase())
      switch (name) {
        case 'X-Request-ID':
          if (given === undefined) headers.set(name, createKey(clock, random))
          break
        case 'X-Request-Deadline-Ms':
          // Of an attempt before, it would be too long.
          if (endsAt < Infinity) headers.set(name, String(Math.max(1, Math.floor(endsAt - clock.now()))))
          break
        case 'traceparent': {
          const trace = traces.get(config) ?? (given === undefined ? hex(random.bytes(16)) : undefined)
          if (trace === undefined) break
          traces.set(config, trace)
          headers.set(name, `00-${trace}-${hex(random.bytes(8))}-01`)
        }
      }
    }
  }
}
