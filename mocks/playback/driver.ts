/** What moves a playback on, one thing after the other, until it is as desired. */
import type { Clock } from '../../src/core/clock.js'
import type { PlaybackState } from './options.js'
import type { Repertoire } from './repertoire.js'
import type { Script } from './script.js'
import { edgesOf } from './spans.js'
import type { World } from './world.js'
import type { Worlds } from './worlds.js'

/** The state that is desired; the driver takes it up when it is done with what it does. */
export interface Desired {
  script: Script
  /** Virtual seconds a second. */
  speed: number
  plays: boolean
  /** Where to go (ms); null: nowhere. */
  target: number | null
  /** How many events to step on to. */
  steps: number
}

/** Moves on while something is desired. */
export interface Driver {
  readonly state: PlaybackState
  /** Something else is desired. */
  go(): void
  /** Says that something has changed. */
  tell(): void
  /** Another state, unless it is over. */
  become(state: PlaybackState): void
  /** Resolves when all is as desired. */
  settled(): Promise<void>
}

/** What a driver moves. */
export interface DriverPorts {
  readonly desired: Desired
  readonly worlds: Worlds
  readonly repertoire: Repertoire
  readonly real: Clock
  readonly onChange: () => void
}

/** How often it goes on while it plays (real ms): a frame of 60 a second. */
const FRAME_MS = 16
/** A page that stood still for longer does not catch up. */
const LONGEST_FRAME_MS = 100
/** So far it goes on before it looks whether something else is wanted (virtual ms). */
const SLICE_MS = 1000
/** A step to an event goes no further. */
const LONGEST_STEP_MS = 60_000

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Goes on until something happens or an edge is reached, no further than the limit; or something else is wanted. */
async function walkToEvent(world: World, desired: Desired, edgeMs: number, isWanted: () => boolean) {
  const { pulse, nowMs } = world
  const limitMs = Math.min(edgeMs, nowMs + LONGEST_STEP_MS)
  while (!isWanted() && world.nowMs < limitMs && world.pulse === pulse) {
    const timerAt = world.clock.nextAt()
    const timerMs = timerAt === null ? limitMs : timerAt - world.startAt
    await world.walk(desired.script, Math.min(limitMs, Math.max(world.nowMs, timerMs)))
  }
}

/** What is owed to the real time: fractions of milliseconds add up. */
function createMeter(real: Clock) {
  let fromAt = real.now()
  let owedMs = 0
  return {
    reset() {
      fromAt = real.now()
      owedMs = 0
    },
    /** Whole virtual milliseconds since it was asked last. */
    take(speed: number): number {
      const at = real.now()
      owedMs += Math.min(at - fromAt, LONGEST_FRAME_MS) * speed
      fromAt = at
      const whole = Math.floor(owedMs)
      owedMs -= whole
      return whole
    },
  }
}

/** Makes a driver that stands still. */
export function createDriver({ desired, worlds, repertoire, real, onChange: tell }: DriverPorts): Driver {
  const meter = createMeter(real)
  let state: PlaybackState = { name: desired.plays ? 'playing' : 'paused' }
  let driving: Promise<void> | null = null

  const become = (next: PlaybackState): void => {
    if (state.name === 'disposed') return
    state = next
    tell()
  }
  const isOver = (): boolean => state.name === 'disposed'
  const isWanted = (): boolean => desired.target !== null || isOver()

  const walk = async (toMs: number): Promise<void> => {
    const { world } = worlds
    while (world.nowMs < toMs && !isWanted()) {
      await world.walk(desired.script, Math.min(toMs, world.nowMs + SLICE_MS))
    }
  }
  const goTo = async (toMs: number): Promise<void> => {
    become({ name: 'seeking', toMs })
    if (worlds.isStale || toMs < worlds.world.nowMs) await worlds.begin(desired.script)
    await walk(toMs)
  }
  const stepOnce = (): Promise<void> => {
    const { world } = worlds
    const edge = edgesOf(desired.script, repertoire).find((edgeMs) => edgeMs > world.nowMs)
    return walkToEvent(world, desired, edge ?? Infinity, isWanted)
  }
  const frame = async (): Promise<void> => {
    if (state.name !== 'playing') {
      meter.reset()
      become({ name: 'playing' })
    }
    await new Promise<void>((resolve) => real.setTimeout(resolve, FRAME_MS))
    const owedMs = meter.take(desired.speed)
    if (desired.plays) await walk(worlds.world.nowMs + owedMs)
    tell()
  }
  const next = async (): Promise<'on' | 'rest'> => {
    if (isOver()) return 'rest'
    if (desired.target !== null || worlds.isStale) {
      const toMs = desired.target ?? 0
      desired.target = null
      await goTo(toMs)
    } else if (desired.steps > 0) {
      desired.steps--
      await stepOnce()
    } else if (desired.plays) await frame()
    else return 'rest'
    return 'on'
  }
  const drive = async (): Promise<void> => {
    try {
      if (!worlds.isStale) await worlds.ready()
      meter.reset()
      while ((await next()) === 'on');
      driving = null
      become({ name: 'paused' })
    } catch (error) {
      driving = null
      Object.assign(desired, { plays: false, steps: 0, target: null })
      worlds.outdate()
      become({ name: 'failed', why: wordsOf(error) })
    }
  }
  const go = (): void => {
    if (!isOver()) driving ??= drive()
  }

  return {
    get state() {
      return state
    },
    go,
    tell,
    become,
    async settled() {
      while (driving) await driving
    },
  }
}
