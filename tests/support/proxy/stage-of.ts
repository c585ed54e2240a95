/** Where in the proxy a fault can be made real, if at all. */
import type { Fault, FaultType } from '../../../mocks/faults.js'
import type { WireFault } from './wire.js'

/** Where: on the path, in the HTTP stage, on the device; or why nowhere. */
export type StageOf =
  | { readonly stage: 'wire'; readonly fault: WireFault }
  | { readonly stage: 'http' }
  | { readonly stage: 'device' }
  | { readonly stage: 'none'; readonly why: string }

const ON_THE_PATH: readonly FaultType[] = [
  ...(['latency', 'bandwidth', 'refuse', 'blackhole', 'lost', 'reset', 'truncate'] as const),
]
/** On the path these count every byte, in the HTTP stage those of bodies, as the simulator does. */
const COUNTING: readonly FaultType[] = ['reset', 'truncate']

const NOWHERE: { readonly [T in FaultType]?: string } = {
  lie: 'no test can make a browser lie about onLine',
  clockSkew: "the service's clock is the machine's",
  drop: 'a proxy passes bytes, not messages',
  duplicate: 'a proxy passes bytes, not messages',
  reorder: 'a proxy passes bytes, not messages',
}

/**
 * Where a fault can be made real.
 *
 * @param hasGateway whether the proxy has its HTTP stage, which then takes what is counted in bytes of bodies.
 */
export function stageOf(fault: Fault, hasGateway: boolean): StageOf {
  if (fault.type === 'offline') return { stage: 'device' }
  const why = whyNowhere(fault)
  if (why) return { stage: 'none', why: `${fault.type} cannot be made real: ${why}` }
  if (isOnThePath(fault) && !(hasGateway && COUNTING.includes(fault.type))) return { stage: 'wire', fault }
  return { stage: 'http' }
}

function whyNowhere(fault: Fault): string | null {
  if ('fault' in fault) return whyNowhere(fault.fault)
  if (fault.type === 'unauthorized' && fault.only?.transport === 'ws') {
    return 'the token of a socket is in its frames, which a proxy does not read'
  }
  return NOWHERE[fault.type] ?? null
}

/** Limited to nothing that only a head of HTTP tells. */
function isOnThePath(fault: Fault): fault is WireFault {
  if (!ON_THE_PATH.includes(fault.type)) return false
  const { host, path, method, transport } = ('only' in fault && fault.only) || {}
  if (host !== undefined || path !== undefined || method !== undefined) return false
  return transport === undefined || fault.type === 'lost'
}
