/** What moves a playback on: one thing after the other, as it is wished. */
import type { Clock } from '../../src/core/clock.js'
import type { Lives } from './lives.js'
import type { PlaybackState } from './options.js'
import type { Repertoire, Script } from './script.js'
import { edgesOf } from './spans.js'
import type { World } from './world.js'

/** What is wished; the driver takes it up when it is done with what it does. */
export interface Wishes {
  script: Script
  /** Virtual seconds a second. */
  speed: number
  plays: boolean
  /** Where to go (ms); null: nowhere. */
  target: number | null
  /** How many events to step on to. */
  steps: number
}

/** Moves on while something is wished. */
export interface Driver {
  readonly state: PlaybackState
  /** Something is wished. */
  go(): void
  /** Says that something has changed. */
  tell(): void
  /** Another state, unless it is over. */
  become(state: PlaybackState): void
  /** Resolves when nothing is wished any more. */
  settled(): Promise<void>
}

/** What a driver moves. */
export interface DriverPorts {
  readonly wishes: Wishes
  readonly lives: Lives
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
async function walkToEvent(world: World, wishes: Wishes, edgeMs: number, isWanted: () => boolean) {
  const { pulse, nowMs } = world
  const limitMs = Math.min(edgeMs, nowMs + LONGEST_STEP_MS)
  while (!isWanted() && world.nowMs < limitMs && world.pulse === pulse) {
    const timerAt = world.clock.nextAt()
    const timerMs = timerAt === null ? limitMs : timerAt - world.startAt
    await world.walk(wishes.script, Math.min(limitMs, Math.max(world.nowMs, timerMs)))
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
export function createDriver({ wishes, lives, repertoire, real, onChange: tell }: DriverPorts): Driver {
  const meter = createMeter(real)
  let state: PlaybackState = { name: wishes.plays ? 'playing' : 'paused' }
  let driving: Promise<void> | null = null

  const become = (next: PlaybackState): void => {
    if (state.name === 'disposed') return
    state = next
    tell()
  }
  const isOver = (): boolean => state.name === 'disposed'
  const isWanted = (): boolean => wishes.target !== null || isOver()

  const walk = async (toMs: number): Promise<void> => {
    const { world } = lives
    while (world.nowMs < toMs && !isWanted()) {
      await world.walk(wishes.script, Math.min(toMs, world.nowMs + SLICE_MS))
    }
  }
  const goTo = async (toMs: number): Promise<void> => {
    become({ name: 'seeking', toMs })
    if (lives.isStale || toMs < lives.world.nowMs) await lives.begin(wishes.script)
    await walk(toMs)
  }
  const stepOnce = (): Promise<void> => {
    const { world } = lives
    const edge = edgesOf(wishes.script, repertoire).find((edgeMs) => edgeMs > world.nowMs)
    return walkToEvent(world, wishes, edge ?? Infinity, isWanted)
  }
  const frame = async (): Promise<void> => {
    if (state.name !== 'playing') {
      meter.reset()
      become({ name: 'playing' })
    }
    await new Promise<void>((resolve) => real.setTimeout(resolve, FRAME_MS))
    const owedMs = meter.take(wishes.speed)
    if (wishes.plays) await walk(lives.world.nowMs + owedMs)
    tell()
  }
  const next = async (): Promise<'on' | 'rest'> => {
    if (isOver()) return 'rest'
    if (wishes.target !== null || lives.isStale) {
      const toMs = wishes.target ?? 0
      wishes.target = null
      await goTo(toMs)
    } else if (wishes.steps > 0) {
      wishes.steps--
      await stepOnce()
    } else if (wishes.plays) await frame()
    else return 'rest'
    return 'on'
  }
  const drive = async (): Promise<void> => {
    try {
      if (!lives.isStale) await lives.ready()
      meter.reset()
      while ((await next()) === 'on');
      driving = null
      become({ name: 'paused' })
    } catch (error) {
      driving = null
      Object.assign(wishes, { plays: false, steps: 0, target: null })
      lives.outdate()
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
