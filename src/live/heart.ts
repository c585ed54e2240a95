/** The heartbeat of the line in use: holds the pulse, asks on the line, says when it is dead. Judged in heartbeat.ts. */
import type { Clock } from '../core/clock.js'
import { firstPulse, look, lived, toldBy, type Heartbeat, type Pulse } from './heartbeat.js'
import type { Line } from './line.js'
import { isolated } from './isolated.js'

/** What the heart of a line asks and tells. */
export interface HeartPorts {
  readonly clock: Clock
  /** The page is used, or something is unacknowledged. */
  isQuick(): boolean
  /** The page is visible, or somebody needs the line. */
  isWanted(): boolean
  /** No sign of life; the reason in words. */
  dead(reason: string): void
  /** It was asked, and answers. */
  alive(): void
}

/** The heart of one line. */
export interface Heart {
  /** When to look again (epoch ms); Infinity: not before something happens. */
  readonly lookAt: number
  /** It lives: news that say nothing else. */
  live(): void
  /** Something came. True: it is the answer to our question, and told to nobody. */
  hear(data: unknown): boolean
  /** Looks; doubted: the line is asked now. */
  look(isDoubted?: boolean): void
  /** The line is proven: it is watched from now on, at the server's own interval if that is shorter. */
  told(heartbeatMs: number | undefined): void
}

/**
 * A device takes what is less into its own buffers, also where nobody is there any more: that it leaves the platform is
 * no sign of life (docs/spec/simulator.md, fact 12).
 */
const OWN_BUFFER = 65_536

/** Made when a line has opened; its handshake took so long. */
export function createHeart(line: Line, openMs: number, heartbeat: Heartbeat, ports: HeartPorts): Heart {
  const { clock } = ports
  let pulse: Pulse = firstPulse(clock.now(), openMs)
  let lookAt = Infinity
  let canAsk = true
  let buffered = 0

  // A codec that throws is heard, and neither hides a message nor ends the watch.
  const isAnswer = (data: unknown): boolean => isolated(() => heartbeat.isPong(data)) ?? false
  const ask = (): boolean => isolated(() => line.send(heartbeat.ping())) ?? false

  function take(isPong: boolean): void {
    const wasAsked = pulse.askedAt !== null
    pulse = lived(pulse, heartbeat, clock.now(), isPong)
    if (wasAsked) ports.alive()
  }

  function judge(isDoubted: boolean): void {
    // What leaves is taken by the other side: an answer that waits behind a long upload is not missing.
    if (line.bufferedAmount < buffered && line.bufferedAmount > OWN_BUFFER) take(false)
    buffered = line.bufferedAmount
    const moment = { now: clock.now(), isQuick: ports.isQuick(), isWanted: ports.isWanted(), canAsk }
    const [after, act, nextAt] = look(pulse, heartbeat, moment, isDoubted)
    if (act === 'ask' && !ask()) {
      canAsk = false
      return judge(isDoubted)
    }
    const { askedAt, lifeAt } = pulse
    pulse = after
    lookAt = nextAt
    if (act === 'dead') ports.dead(`no sign of life for ${Math.round(clock.now() - (askedAt ?? lifeAt))} ms`)
  }

  return {
    get lookAt() {
      return lookAt
    },
    live: () => take(false),
    hear(data) {
      const isPong = isAnswer(data)
      take(isPong)
      return isPong
    },
    look: (isDoubted = false) => judge(isDoubted),
    told(heartbeatMs) {
      pulse = toldBy(pulse, heartbeatMs)
      judge(false)
    },
  }
}
