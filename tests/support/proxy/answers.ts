/** What the gateway answers itself where a fault strikes: the simulator's own answers, on a real wire. */
import type { RequestFault } from '../../../mocks/faults.js'
import { decreed, portal, unauthorized } from '../../../mocks/serve.js'
import { EXPOSED_HEADERS } from '../../../server/cors.js'

/** The head of an answer as it goes onto the wire; names and values of the headers in turn. */
export interface AnswerHead {
  readonly status: number
  readonly text: string
  readonly headers: readonly string[]
}

/** All of one. */
export interface WireAnswer extends AnswerHead {
  readonly body: Buffer | null
}

/** Who asks and who answers. */
export interface Asked {
  /** The page that asks; undefined: no page, or one of the service itself. */
  readonly origin: string | undefined
  /** The service's process; only what bears the service's marks needs it. */
  readonly boot: string | null
  readonly now: number
}

/** The faults that are answers. The first that strikes wins, in this order, as in the simulator. */
const ANSWERING = ['portal', 'refuse', 'status', 'unauthorized'] as const

/** A fault that decides a request without asking the service. */
export type Verdict = Extract<RequestFault, { readonly type: (typeof ANSWERING)[number] }>

/** What is decided by these faults; null: the service is asked. */
export function verdictOf(faults: readonly RequestFault[]): Verdict | null {
  for (const type of ANSWERING) {
    const fault = faults.find((one): one is Verdict => one.type === type)
    if (fault) return fault
  }
  return null
}

/** Whether it is the service that answers. */
export const bearsMarks = (fault: Verdict): boolean =>
  fault.type === 'unauthorized' || (fault.type === 'status' && fault.from !== 'gateway')

/** The answer; null: none, the connection is cut. Any page may read it, as one of the service's own could. */
export async function answerTo(fault: Verdict, { origin, boot, now }: Asked): Promise<WireAnswer | null> {
  if (fault.type === 'refuse') return null
  const draft =
    fault.type === 'portal'
      ? portal(fault.redirect ?? false)
      : fault.type === 'status'
        ? decreed(fault, now)
        : unauthorized(fault)
  const { status, headers } = draft
  const body = draft.body && Buffer.from(await new Response(draft.body).arrayBuffer())
  if (bearsMarks(fault)) {
    headers.set('Holdfast', '1')
    headers.set('Holdfast-Boot', boot ?? 'unknown')
  }
  headers.set('Date', new Date(now).toUTCString())
  headers.set('Access-Control-Allow-Origin', origin ?? '*')
  headers.set('Access-Control-Expose-Headers', EXPOSED_HEADERS.join(', '))
  headers.set('Vary', 'Origin')
  headers.set('Content-Length', String(body?.length ?? 0))
  return { status, text: '', headers: [...headers].flat(), body }
}
