/** The handshake of a socket, where it reaches the far end: who answers it, and with what. */
import type { RequestEnd } from '../log.js'
import type { Path, Struck } from '../path.js'
import type { Service } from '../service.js'

/** What becomes of a handshake. */
export type Reception =
  | { readonly name: 'accepted' }
  /** A page is told nothing of this but that it failed. */
  | { readonly name: 'refused'; readonly end: RequestEnd; readonly status?: number }

/** What a reception asks of its line. */
export interface ReceptionPorts {
  readonly path: Path
  readonly service: Service
  readonly url: URL
  /** The handshake on its way there, and its answer. */
  readonly there: Struck
  readonly back: Struck
  /** Has the server's handlers take it; false: none does. */
  readonly accept: () => Promise<boolean>
}

const answered = (status: number): Reception => ({ name: 'refused', end: 'answered', status })

/** Receives a handshake that has arrived. */
export async function receive({
  path,
  service,
  url,
  there,
  back,
  accept,
}: ReceptionPorts): Promise<Reception> {
  const foreign = path.struck(back, 'portal')
  if (foreign) return answered(foreign.redirect ? 302 : 200)
  const isOurs = service.owns(url)
  const isDown = isOurs && !service.listens()
  if (isDown) there.fault = 'restart'
  if (isDown || path.struck(there, 'refuse')) return { name: 'refused', end: 'refused' }
  const bad = path.struck(back, 'status')
  if (bad) return answered(bad.code)
  if (await accept()) return { name: 'accepted' }
  return isOurs ? answered(404) : { name: 'refused', end: 'unknown-host' }
}
