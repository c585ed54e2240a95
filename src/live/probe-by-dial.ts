/**
 * For services that speak nothing but sockets: the dial of the channel is the health check of its connection, so that
 * an attempt counts once, and the socket that a health check has opened is the channel's.
 */
import type { Clock } from '../core/clock.js'
import { badOption } from '../core/errors.js'
import type { Probe } from '../core/state.js'
import { adaptive, type Heartbeat } from './heartbeat.js'
import type { Driver, LineRequest } from './line.js'
import { checkOptions, givenOf, HEARTBEAT, type Rules } from './rules.js'
import { shareDial } from './shared-dial.js'
import { readUrls, type ChannelUrl } from './urls.js'
import { webSocket } from './websocket.js'

/** Options of `probeByDial`. Impossible values and unknown keys are refused with `bad-option`. */
export interface ProbeByDialOptions {
  /** What dials: a driver of sockets. Default: `webSocket()`. */
  driver?: Driver
  /** How the open line is asked, as the channel's. Default: `adaptive()`; null: never, that it is open is believed. */
  heartbeat?: Heartbeat | null
}

/** One value for two: the `probe` of a connection, and a driver of its channel. */
export type DialProbe = Probe & Driver

const RULES: Rules<ProbeByDialOptions> = {
  driver: ['open', 'a driver, such as webSocket()', undefined],
  heartbeat: HEARTBEAT,
}

/**
 * A dial that is given both to the connection and to the channel. While the channel has an open line, a health check
 * asks that line for a sign of life; without one it dials, and the channel takes the socket. For a server that speaks
 * nothing else: where sockets are blocked and streams are not, it would tell that nobody is there. Not for channels
 * with `tabs`: each tab that does not lead would open a socket for each health check.
 *
 * ```ts
 * const dial = probeByDial('https://api.example/')
 * const connection = createConnection({ probe: dial, signals: [browserSignals()] })
 * const channel = createChannel({ connection, url: 'https://api.example/', drivers: [dial] })
 * ```
 *
 * @param url the channel's; of several servers the first, which is home: the others are dialled and no health check
 * @throws `bad-option`
 */
export function probeByDial(url: ChannelUrl, options: ProbeByDialOptions = {}): DialProbe {
  checkOptions('probeByDial', options, RULES)
  const { driver, heartbeat } = { driver: webSocket(), heartbeat: adaptive(), ...givenOf(options) }
  const { transport } = driver
  if (transport !== 'websocket') throw badOption('probeByDial.driver', transport, 'a driver of sockets')
  const home = readUrls(url, 'probeByDial.url').endpoints[0]![transport]!
  const request: LineRequest = { url: home, protocols: [], token: null, topics: [], cursor: null }
  /** Of whoever asks: the connection, or its channel. */
  let clock: Clock
  /** Of the newest line that was greeted: before that none may be asked, and whoever waits for it has a deadline. */
  let prove = (): void => {}

  const watched: Driver = {
    transport,
    open(asked, { tell, ...ports }) {
      const line = driver.open(asked, {
        ...ports,
        tell(news) {
          if (news.type === 'message' && heartbeat) {
            prove = () => void line.send(heartbeat.ping())
            // Anything that comes is a sign of life, as for the channel's own heartbeat; its greeting, too.
            shared.alive()
          }
          tell(news)
        },
      })
      return line
    },
  }
  const shared = shareDial(watched, {
    clock: () => clock,
    ask: async () => request,
    onFailed() {},
    prove: heartbeat && (() => prove()),
  })

  const probe: Probe = (signal, ports) => {
    clock = ports.clock
    return shared.probe(signal, ports)
  }
  const dial: Driver = {
    transport,
    open(asked, ports) {
      if (asked.url.href !== home.href) return driver.open(asked, ports)
      clock = ports.clock
      return shared.driver.open(asked, ports)
    },
  }
  return Object.assign(probe, dial, { origin: home.origin.replace(/^ws/, 'http') })
}
