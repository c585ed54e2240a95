/** What becomes of the device in a scenario, as plain data: the page goes into the background, freezes, sleeps. */
import { badOption } from '../../src/core/errors.js'
import type { Stop } from '../../src/core/state.js'
import { checkRules, optional, whole, type Rules } from '../checks.js'
import type { Absence } from './device.js'

const HOUR_MS = 3_600_000

/** Ten years: a clock whose battery is dead says 2016 or so. */
export const LONGEST_JUMP_MS = 10 * 365 * 24 * HOUR_MS

/** A step of the device. */
export type DeviceAction =
  /** The page is in the background. */
  | { readonly type: 'device.hidden' }
  /** The browser has frozen the page: its timers stand still, and what arrives is told at its return. */
  | { readonly type: 'device.frozen' }
  /** The device sleeps, for as long as the step lasts when it is played; `forMs` is needed. */
  | {
      readonly type: 'device.asleep'
      /**
       * How long it has slept when it wakes up (ms): what is more than `forMs` is skipped, so that an hour need not
       * be played. At the wake-up its clock says so, and the service's Date. Default: `forMs`.
       */
      readonly ms?: number
    }
  /** Somebody sets the device's clock by `ms` (negative: back), for good: a step without `forMs`. */
  | { readonly type: 'device.clockJump'; readonly ms: number }

const RULES: { readonly [T in DeviceAction['type']]: Rules } = {
  'device.hidden': {},
  'device.frozen': {},
  'device.asleep': { ms: optional(whole(1, LONGEST_JUMP_MS)) },
  'device.clockJump': { ms: whole(-LONGEST_JUMP_MS, LONGEST_JUMP_MS) },
}

/** The names of all of them, for validation and for menus. */
export const deviceActionTypes: readonly string[] = Object.keys(RULES)

/** Whether what a step does concerns the device. */
export function isDeviceAction(action: { readonly type: string }): action is DeviceAction {
  return Object.hasOwn(RULES, action.type)
}

/** Refuses what nothing of the device is, by name. */
export function checkDeviceAction(action: DeviceAction, where: string): void {
  checkRules(where, action, RULES[action.type], 'type')
}

/** Refuses what it cannot last, by name. */
export function checkDeviceStep(action: DeviceAction, forMs: unknown, where: string): void {
  if (action.type === 'device.clockJump' && forMs !== undefined) {
    throw badOption(`${where}.forMs`, forMs, 'nothing: a clock that was set stays so')
  }
  if (action.type !== 'device.asleep') return
  if (typeof forMs !== 'number') throw badOption(`${where}.forMs`, forMs, 'how long it is played (ms)')
  if (action.ms !== undefined && action.ms < forMs) {
    throw badOption(`${where}.do.ms`, action.ms, `at least its forMs, ${forMs}`)
  }
}

/** What a device is asked for. */
export interface DeviceStage {
  leave(why: Absence): (skippedMs?: number) => void
  readonly device: { jump(ms: number): void }
}

/** A action of the device that was begun. */
export interface DeviceTurn {
  /** It is taken back before its time, or the scenario is stopped: no time is skipped. */
  readonly stop: Stop
  /** Its time is over. */
  readonly end: Stop
}

/** Begins one now. */
export function beginDeviceAction(action: DeviceAction, stage: DeviceStage, forMs = 0): DeviceTurn {
  if (action.type === 'device.clockJump') {
    stage.device.jump(action.ms)
    return { stop() {}, end() {} }
  }
  const why = action.type.slice('device.'.length) as Absence
  const comeBack = stage.leave(why)
  const skippedMs = action.type === 'device.asleep' ? Math.max(0, (action.ms ?? forMs) - forMs) : 0
  return { stop: () => comeBack(), end: () => comeBack(skippedMs) }
}
