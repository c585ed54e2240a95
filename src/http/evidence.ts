/** What an answer says about the link goes to the verdict. */
import { known } from '../core/known.js'
import type { Connection } from '../core/state.js'
import type { Classified } from './classify.js'
import type { Answer } from './config.js'
import { header } from '../core/headers.js'

/** Good answers while the link is up are told at most once in this time: they are only signs of life. */
const TELL_GAP_MS = 1_000

/** Tells of an outcome, and when its request began. */
export type Evidence = (
  outcome: Classified,
  request: { readonly startedAt: number },
  now: number,
  response?: Answer,
) => void

/** Makes the witness of one client; it is silent once the kit was taken off. */
export function createEvidence(connection: Connection, isOpen: () => boolean): Evidence {
  let toldAt = 0
  return ({ suspicion, isOurs }, request, now, response) => {
    if (!isOpen()) return
    if (suspicion) return connection.send({ type: 'SUSPICION', cause: suspicion })
    if (!isOurs || (connection.state.link.name === 'online' && now - toldAt < TELL_GAP_MS)) return
    toldAt = now
    const { startedAt } = request
    const boot = header(response?.headers, 'holdfast-boot')
    connection.send(known({ type: 'GOOD_ANSWER', startedAt, boot }))
  }
}
