/** One world that is played: a clock at its beginning, a network on it, and the commands of a script at their times. */
import { badOption } from '../../src/core/errors.js'
import type { Stop } from '../../src/core/state.js'
import { manualClock, type ManualClock } from '../manual-clock.js'
import type { Network } from '../network.js'
import type { Repertoire } from './repertoire.js'
import type { Script, TimedCommand } from './script.js'
import { isRestart, nameOf, type Restart } from '../restarts.js'
import type { StepAction } from '../scenario.js'

/** What a network is built with. */
export interface Setting {
  /** The clock that it, and everything on it, lives on. */
  readonly clock: ManualClock
  /** For `createNetwork`: its luck. */
  readonly seed: number
}

/** One world. */
export interface World {
  readonly network: Network
  readonly clock: ManualClock
  /** When it began (epoch ms). */
  readonly startAt: number
  /** How far it is (ms from its beginning). */
  readonly nowMs: number
  /** How far it will be when it stands still again (ms): nothing more can be done before that. */
  readonly headingMs: number
  /** How much has happened; another number whenever something did. */
  readonly pulse: string
  /** Says that something happened that the network does not know of. */
  note(): void
  /** Goes on to a time, with the commands of the script on the way. The caller may change the script between two walks. */
  walk(script: Script, toMs: number): Promise<void>
  dispose(): void
}

/** Steps of a script come before everything else of their instant, as those of a scenario do. */
const COMMAND_ORDER = 0

/**
 * Begins a world; what the script does at 0 is done before this returns.
 *
 * @throws `bad-option` if the network lives on another clock than the one that was given.
 */
export function createWorld(
  script: Script,
  repertoire: Repertoire,
  build: (setting: Setting) => Network,
): World {
  const clock = manualClock()
  const startAt = clock.now()
  const network = build({ clock, seed: script.seed })
  if (network.clock !== clock) {
    throw badOption('clock', 'another one', 'the clock that was given: createNetwork({ clock, seed })')
  }
  const held = new Map<string, Stop[]>()
  let done = 0
  let happened = 0
  let headingMs = 0
  const note = (): void => void happened++
  const stops = [network.onLog(note), network.device.on(note)]

  const perform = (command: TimedCommand): void => {
    note()
    if (command.do === 'begin') {
      const stop = begin(repertoire.buttons[command.what]!.do, network)
      held.set(command.what, [...(held.get(command.what) ?? []), stop])
    } else if (command.do === 'end') {
      for (const stop of held.get(command.what) ?? []) stop()
      held.delete(command.what)
    } else {
      for (const stop of [...held.values()].flat()) stop()
      held.clear()
      if (command.do === 'calm') network.calm()
      else network.run({ ...repertoire.scenarios[command.what]!, seed: script.seed })
    }
  }
  for (const command of script.commands) {
    if (command.atMs > 0) break
    perform(command)
    done++
  }

  return {
    network,
    clock,
    startAt,
    get nowMs() {
      return clock.now() - startAt
    },
    get headingMs() {
      return headingMs
    },
    get pulse() {
      return `${happened} ${network.underWay.map(({ id }) => id).join()}`
    },
    note,
    async walk({ commands }, toMs) {
      headingMs = Math.max(headingMs, toMs)
      for (let next = commands[done]; next && next.atMs <= toMs; next = commands[done]) {
        // Set only now, behind all that was set before: live and in a replay in the same order.
        const command = next
        await clock.advanceTo(startAt + Math.max(0, command.atMs - 1))
        clock.schedule(startAt + command.atMs, COMMAND_ORDER, () => perform(command))
        done++
        await clock.advanceTo(startAt + command.atMs)
      }
      await clock.advanceTo(startAt + toMs)
    },
    dispose() {
      for (const stop of stops) stop()
      network.dispose()
    },
  }
}

/** Begins an action now; the stop takes it back. */
function begin(action: StepAction, { apply, restart, device }: Network): Stop {
  if (isRestart(action)) return restartOf(action, restart)
  switch (action.type) {
    case 'device.hidden':
      return device.hide()
    case 'device.frozen':
      return device.freeze()
    case 'device.asleep':
      return device.sleep()
    case 'device.clockJump':
      device.jump(action.ms)
      return () => {}
    default:
      return apply(action)
  }
}

function restartOf({ type, ...options }: Restart, restart: Network['restart']): Stop {
  const run = restart[nameOf(type)] as (options: object) => Stop
  return run(options)
}
