/** What is done to the network, in a few words. */
import type { Deed } from '../scenario.js'

const hours = (ms: number): string => `${ms > 0 ? '+' : '−'}${Math.round(Math.abs(ms) / 36_000) / 100} h`

/** A deed in a few words, as a timeline says it. */
export function wordsOf(deed: Deed): string {
  switch (deed.type) {
    case 'latency':
      return `latency ${deed.ms} ms${deed.jitterMs ? ` ± ${deed.jitterMs}` : ''}`
    case 'bandwidth':
      return `${deed.kBps} kB/s`
    case 'status':
      return `answers ${deed.code}`
    case 'unauthorized':
      return deed.why === 'session_unknown' ? 'session unknown' : 'token expired'
    case 'close':
      return `close ${deed.code}`
    case 'lie':
      return `says ${deed.onLine ? 'online' : 'offline'}`
    case 'flaky':
      return `${Math.round(deed.probability * 100)} % ${wordsOf(deed.fault)}`
    case 'failTimes':
      return `${deed.n} × ${wordsOf(deed.fault)}`
    case 'clockSkew':
      return `clock ${hours(deed.ms)}`
    case 'device.clockJump':
      return `clock ${hours(deed.ms)}`
    case 'blackhole':
      return 'black hole'
    default:
      return deed.type.replace(/^(device|restart)\./, '')
  }
}
