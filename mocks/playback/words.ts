/** What is done to the network, in a few words. */
import type { StepAction } from '../scenario.js'

const hours = (ms: number): string => `${ms > 0 ? '+' : '−'}${Math.round(Math.abs(ms) / 36_000) / 100} h`

/** A action in a few words, as a timeline says it. */
export function wordsOf(action: StepAction): string {
  switch (action.type) {
    case 'latency':
      return `latency ${action.ms} ms${action.jitterMs ? ` ± ${action.jitterMs}` : ''}`
    case 'bandwidth':
      return `${action.kBps} kB/s`
    case 'status':
      return `answers ${action.code}`
    case 'unauthorized':
      return action.why === 'session_unknown' ? 'session unknown' : 'token expired'
    case 'close':
      return `close ${action.code}`
    case 'lie':
      return `says ${action.onLine ? 'online' : 'offline'}`
    case 'flaky':
      return `${Math.round(action.probability * 100)} % ${wordsOf(action.fault)}`
    case 'failTimes':
      return `${action.n} × ${wordsOf(action.fault)}`
    case 'clockSkew':
      return `clock ${hours(action.ms)}`
    case 'device.clockJump':
      return `clock ${hours(action.ms)}`
    case 'blackhole':
      return 'black hole'
    default:
      return action.type.replace(/^(device|restart)\./, '')
  }
}
