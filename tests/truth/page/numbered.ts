/** What leaves the page is counted, as at the simulator's edge: its luck goes by its number. */
import { NUMBER_HEADER } from '../../support/proxy/luck.js'
import { namesOf, type World } from '../workload.js'

/** The ports of a page by which requests leave it. */
type Ports = Pick<World, 'fetch' | 'adapter'>

/** The same ports; whatever leaves by them says its number. */
export function numbered({ fetch, adapter }: Ports): Ports {
  let number = 0
  const next = () => String(++number)
  const send: World['adapter'] = (config) => {
    config.headers.set(NUMBER_HEADER, next())
    return adapter(config)
  }
  return {
    adapter: Object.assign(send, namesOf(adapter)),
    fetch(input, init) {
      const headers = new Headers(init?.headers)
      headers.set(NUMBER_HEADER, next())
      return fetch(input, { ...init, headers })
    },
  }
}
