/** The device that the application runs on: what a browser would say about its network and its page. */
import type { Clock } from '../../src/core/clock.js'
import type { ConnectionEvent, Signal, Stop } from '../../src/core/state.js'
import { whole } from '../checks.js'
import { createDeviceClock } from './clock.js'
import { LONGEST_JUMP_MS } from './actions.js'
import type { Pace } from '../pace.js'

/**
 * What a device tells of itself. `freeze` and `resume` are the page's (Page Lifecycle). No browser says `wake`: a page
 * that has slept finds it out by a timer that comes too late, and `signals` says so at once.
 */
export type DeviceEvent = 'online' | 'offline' | 'hidden' | 'visible' | 'freeze' | 'resume' | 'wake'

/** Whether the page runs: it is in front or not, its browser has frozen it, or the whole device sleeps. */
export type Wakefulness = 'awake' | 'frozen' | 'asleep'

/** A simulated device. It loses its network by the fault `offline`. */
export interface Device {
  /** As `navigator.onLine`. */
  readonly onLine: boolean
  /** Whether the page is in the background. */
  readonly hidden: boolean
  readonly state: Wakefulness
  /**
   * Its clock, for the application: it stands still with the page, sleeps with the device, and jumps when it is set.
   * It never goes back, as the kit's own does not: what it is set back by is added from then on. On the network's clock an application never freezes or sleeps.
   */
  readonly clock: Clock
  /** The page goes into the background. The stop takes this one reason back; another may still keep it there. */
  hide(): Stop
  /** Takes back what `hide` has begun. */
  show(): void
  /**
   * The page is frozen: hidden, and told so. Its timers stand still; what arrives is told when it wakes up. The stop
   * takes this one reason back.
   */
  freeze(): Stop
  /**
   * The lid is closed: the page is hidden, its timers stand still, and nothing reaches the device or leaves it. Its
   * browser closes the connections that it keeps (Chromium's HttpNetworkLayer does). What was open is still open when
   * it wakes up, if the path has not forgotten it: apply `lost` for that. The stop takes this one reason back.
   */
  sleep(): Stop
  /**
   * The page is visible again, and time has passed unseen; `skippedMs` more than was played, which the clock of the
   * device and the one that the service signs with both say at once. Default: 0.
   */
  wake(skippedMs?: number): void
  /** Somebody sets its clock by so much (ms, whole; negative: back). The service's stays as it is. */
  jump(ms: number): void
  /** Listens to all events of the device. */
  on(listener: (event: DeviceEvent) => void): Stop
}

/** A reason why the page is away; one of several: the strongest counts. */
export type Absence = 'hidden' | 'frozen' | 'asleep'

/** What the page is told when it runs again. */
interface Handed {
  /** The number of the request or the socket. */
  readonly order: number
  readonly run: () => void
}

/** The device, with what its network does to it. */
export interface DeviceControl {
  readonly device: Device
  /** For `createConnection({ signals: [network.signals] })`, in place of the browser's. */
  readonly signals: Signal
  /** How much time was skipped: the service's clock says it, too (ms). */
  readonly skippedMs: number
  setOnLine(onLine: boolean): void
  /** Puts the page away until the returned function is called. */
  leave(why: Absence): (skippedMs?: number) => void
  /** Runs what tells the page something: at once, or in turn when the page runs again. */
  hand(order: number, run: () => void): void
  /** Nobody is told of it any more; what the page has yet to be told it is told now. */
  dispose(): void
}

const EVENTS: { readonly [E in DeviceEvent]: ConnectionEvent | null } = {
  online: { type: 'NAV_ONLINE' },
  offline: { type: 'NAV_OFFLINE' },
  hidden: { type: 'HIDDEN' },
  visible: { type: 'VISIBLE' },
  freeze: null,
  resume: { type: 'WAKE' },
  wake: { type: 'WAKE' },
}

/**
 * Makes a device that is on line and whose page is visible.
 *
 * @param onSleep called when it falls asleep: its browser closes what it keeps.
 */
export function createDevice(pace: Pace, onSleep: () => void): DeviceControl {
  const listeners = new Set<(event: DeviceEvent) => void>()
  const absences = new Set<{ readonly why: Absence }>()
  const own = createDeviceClock(pace.clock)
  const handed: Handed[] = []
  /** What was handed over, and has its turn in this instant. */
  const turns = new Map<Handed, Stop>()
  let onLine = true
  let hidden = false
  let state: Wakefulness = 'awake'
  let skippedMs = 0
  /** What `hide` has begun, and what `freeze` and `sleep` have. */
  let hiding: Stop = () => {}
  let resting: Stop[] = []

  const tell = (event: DeviceEvent): void => {
    for (const listener of [...listeners]) listener(event)
  }
  const setHidden = (next: boolean): void => {
    if (hidden === next) return
    hidden = next
    tell(hidden ? 'hidden' : 'visible')
  }
  const hand = (order: number, run: () => void): void => {
    if (state === 'awake') run()
    else handed.push({ order, run })
  }
  /** In a turn of its own, as it would have come; and the page may be away again by then. */
  const takeTurn = (one: Handed): void => {
    const { order, run } = one
    const stop = pace.schedule(pace.clock.now(), order, () => {
      turns.delete(one)
      hand(order, run)
    })
    turns.set(one, stop)
  }
  const strongest = (): Wakefulness => {
    const reasons = [...absences].map(({ why }) => why)
    return reasons.includes('asleep') ? 'asleep' : reasons.includes('frozen') ? 'frozen' : 'awake'
  }
  const enter = (next: Wakefulness): void => {
    const before = state
    state = next
    if (next === 'frozen') {
      own.freeze()
      tell('freeze')
    } else if (next === 'asleep') {
      own.sleep()
      onSleep()
    } else {
      own.resume()
      handed.splice(0).forEach(takeTurn)
      tell(before === 'frozen' ? 'resume' : 'wake')
    }
  }
  const update = (): void => {
    const next = strongest()
    if (absences.size > 0) setHidden(true)
    if (next !== state) enter(next)
    if (absences.size === 0) setHidden(false)
  }
  const skip = (ms: number): void => {
    skippedMs += ms
    own.jump(ms)
  }
  const leave = (why: Absence): ((skipped?: number) => void) => {
    const absence = { why }
    absences.add(absence)
    update()
    return (skipped = 0) => {
      if (!absences.delete(absence)) return
      skip(skipped)
      update()
    }
  }
  const rest = (why: 'frozen' | 'asleep'): Stop => {
    const stop = leave(why)
    resting.push(stop)
    return () => stop()
  }
  const on = (listener: (event: DeviceEvent) => void): Stop => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  const device: Device = {
    get onLine() {
      return onLine
    },
    get hidden() {
      return hidden
    },
    get state() {
      return state
    },
    clock: own.clock,
    hide() {
      hiding()
      hiding = leave('hidden')
      const stop = hiding
      return () => stop()
    },
    show: () => hiding(),
    freeze: () => rest('frozen'),
    sleep: () => rest('asleep'),
    wake(skipped = 0) {
      whole(0, LONGEST_JUMP_MS)('wake', skipped)
      skip(skipped)
      if (state === 'awake') tell('wake')
      const stops = [hiding, ...resting]
      resting = []
      for (const stop of stops) stop()
    },
    jump(ms) {
      whole(-LONGEST_JUMP_MS, LONGEST_JUMP_MS)('jump', ms)
      own.jump(ms)
    },
    on,
  }

  return {
    device,
    // A source says at once what is out of the ordinary, then each change.
    signals(send) {
      if (!onLine) send({ type: 'NAV_OFFLINE' })
      if (hidden) send({ type: 'HIDDEN' })
      return on((event) => {
        const evidence = EVENTS[event]
        if (evidence) send(evidence)
      })
    },
    get skippedMs() {
      return skippedMs
    },
    setOnLine(next) {
      if (onLine === next) return
      onLine = next
      hand(0, () => tell(next ? 'online' : 'offline'))
    },
    leave,
    hand,
    dispose() {
      listeners.clear()
      for (const stop of turns.values()) stop()
      const late = [...turns.keys(), ...handed.splice(0)]
      turns.clear()
      state = 'awake'
      own.resume()
      for (const { run } of late) run()
    },
  }
}
