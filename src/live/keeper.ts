/**
 * Keeps one line open: the only interpreter of dialling.ts. It holds the dial, the timer and the heart; what an older
 * dial says is not heard any more (its object is its generation).
 */
import { isDown, type ConnectionEvent, type Stop } from '../core/state.js'
import { createAlarm } from './alarm.js'
import type { Beside } from './beside.js'
import { lookAround } from './around.js'
import { beginDial, type Dial } from './dial.js'
import { CLOSED, endsAt, isBack } from './dial-moves.js'
import { dialling } from './dialling.js'
import type { DialEffect, DialEvent, DialStamp, Keeping } from './dialling-state.js'
import { broken } from './ends.js'
import { createInbox } from './inbox.js'
import { createInUse } from './in-use.js'
import { isolated } from './isolated.js'
import { checkKeeperOptions } from './keeper-options.js'
import type { Keeper, KeeperNews, KeeperOptions } from './keeper-state.js'
import type { LineEnd, LineNews } from './line.js'
import type { Route } from './routes.js'

/** What serves the next line; all else is about the one that has ended. */
const isFuture = ({ type }: DialEffect): boolean => type === 'dial' || type === 'UNAUTHORIZED'

/**
 * Makes a keeper; it does nothing until `start()`.
 * @throws `bad-option`
 */
export function createKeeper(given: KeeperOptions): Keeper {
  const options = checkKeeperOptions(given)
  const { connection, routes, dialTimeoutMs } = options
  const { clock, random } = connection
  let keeping: Keeping = CLOSED
  let generation = 0
  let roll = random.next()
  let heartbeatMs: number | undefined
  let stopListening: Stop = () => {}
  const inbox = createInbox(take, settle)
  const { send } = inbox

  const isOpen = (): boolean => keeping.state.name === 'open'
  const around = lookAround(connection, options.window, () => {
    if (isOpen()) inUse.heart?.look()
    send({ type: 'LOOK' })
  })
  const { use } = around
  const inUse = createInUse(options, { around, send, tell, ended })
  const beside = routes.beside({ clock, dialTimeoutMs, begin, tell })
  const alarm = createAlarm(clock, onTimer)

  /** What an owner throws stops nothing. */
  function tell(news: KeeperNews): void {
    isolated(() => options.tell(news))
  }

  const isLost = (): boolean => isDown(connection.state.link)
  const nextRoute = (): Route => routes.next(clock.now(), isLost())

  function stamp(): DialStamp {
    const seen = around.stamp(inUse.livedAt)
    if (isBack(keeping.memory, seen)) routes.excused()
    const { driver, isElsewhere } = nextRoute()
    return { ...seen, roll, transport: driver.transport, isElsewhere }
  }

  /** Whoever was told something has stopped it: what would come after it is not begun, and nobody's token renewed. */
  const isStopping = (): boolean => inbox.holds(({ type }) => type === 'STOP')

  function take(event: DialEvent): void {
    const { state: before } = keeping
    const [after, effects] = dialling(keeping, event, options, stamp())
    keeping = after
    for (const effect of effects) if (!isFuture(effect) || !isStopping()) run(effect)
    const { state } = after
    if (state === before) return
    if (state.name !== 'open') beside?.drop('the line in use has ended')
    if (before.name === 'closed') stopListening = around.listen(onChange)
    if (state.name === 'closed') stopListening()
    const { dial, line } = inUse
    if (state.name === 'open' && dial) {
      routes.proven(dial.route, clock.now())
      inUse.heart?.told(heartbeatMs)
    }
    tell({ type: 'state', state })
    if (state.name === 'greeting' && line && !isStopping()) {
      tell({ type: 'opened', line, generation: inUse.generation, isProbation: false })
    }
  }

  function run(effect: DialEffect): void {
    switch (effect.type) {
      case 'dial':
        roll = random.next()
        return inUse.seat(begin(nextRoute()))
      case 'drop':
        return inUse.letGo(effect.code, effect.reason)
      case 'ended':
        inUse.letGo()
        return tell({ type: 'ended', end: effect.end, generation: inUse.generation })
      case 'prove':
        return inUse.heart?.look(true)
      default:
        return connection.send(effect as ConnectionEvent)
    }
  }

  function begin(route: Route): Dial {
    const own = beginDial(route, ++generation, options, clock, (news) => hear(own, news))
    return own
  }

  function hear(own: Dial, news: LineNews): void {
    if (own === beside?.dial) beside.hear(news)
    else inUse.hear(news)
    settle()
  }

  function ended(end: LineEnd, isSilent: boolean): void {
    const { dial } = inUse
    if (!dial) return
    const isUnsent = dial.line === null
    const hasOther = !isUnsent && routes.ended(dial.route, end, isOpen(), clock.now(), isLost())
    send({ type: 'ENDED', end, isSilent, hasOther, isUnsent })
  }

  function onChange(isWaking: boolean): void {
    if (isWaking) send({ type: 'WAKE' })
    send({ type: 'LOOK' })
  }

  /** One that is better than the line in use is begun only while the verdict says that it may be there. */
  const better = (): Beside | null =>
    beside?.dial || (around.isWanted() && connection.state.link.name === 'online') ? beside : null

  /** After everything: one timer for what is due next. */
  function settle(): void {
    if (inbox.isBusy) return
    const openAt = Math.min(inUse.heart?.lookAt ?? Infinity, better()?.lookAt ?? Infinity)
    alarm(isOpen() ? openAt : waitEndsAt())
  }

  /** The time in which what to open it for was asked is not that of the dial. */
  function waitEndsAt(): number {
    const { dial } = inUse
    const askedMs = keeping.state.name === 'dialling' && dial?.line ? dial.openingAt - keeping.state.since : 0
    return endsAt(keeping.state, options) + askedMs
  }

  function onTimer(): void {
    const { state } = keeping
    if (isOpen()) {
      inUse.heart?.look()
      if (keeping.state === state) better()?.look()
    } else if (state.name !== 'backoff' && clock.now() >= waitEndsAt()) {
      ended(broken(`no answer within ${dialTimeoutMs} ms`), true)
    }
    send({ type: 'LOOK' })
  }

  return {
    get state() {
      return keeping.state
    },
    start: () => send({ type: 'START' }),
    stop: (code = 1000, reason = '') => send({ type: 'STOP', code, reason }),
    proven({ heartbeatMs: told, boot } = {}) {
      heartbeatMs = told
      const taken = beside?.take()
      if (taken) {
        inUse.letGo(1000, 'a better line took its place')
        inUse.seat(taken.dial, taken)
        const { line, floorMs, dial } = taken
        const { isElsewhere } = dial.route
        return send({ type: 'HANDED_OVER', transport: line.transport, floorMs, isElsewhere })
      }
      if (isOpen()) inUse.heart?.told(told)
      send({ type: 'PROVEN', boot })
    },
    noticed: (retryAfterMs) => send({ type: 'NOTICED', retryAfterMs }),
    reopen: (reason) => send({ type: 'REOPEN', reason }),
    retryNow() {
      if (isLost()) connection.retryNow()
      send({ type: 'RETRY_NOW' })
    },
    prove: () => send({ type: 'PROVE' }),
    need(kind = 'subscribed') {
      const stops = [use.need(kind), connection.want()]
      return () => stops.forEach((stop) => stop())
    },
    send(data) {
      const isSent = inUse.line?.send(data) ?? false
      if (isSent) use.used()
      return isSent
    },
  }
}
