/** Plays a scenario file of the simulator in real time, against real connections, processes and devices. */
import { type Clock, type Stop, systemClock } from '../../../src/core/clock.js'
import { badOption } from '../../../src/core/errors.js'
import { type DeviceAction, isDeviceAction } from '../../../mocks/device/actions.js'
import type { Fault } from '../../../mocks/faults.js'
import { type Restart, isRestart, nameOf } from '../../../mocks/restarts.js'
import { type StepAction, type Scenario, checkScenario } from '../../../mocks/scenario.js'
import { WARM_MS } from '../../../mocks/service.js'
import type { AsyncStop, FaultProxy } from '../fault-proxy.js'
import { whyNotReal } from './is-real.js'
import { stageOf } from './stage-of.js'

/** Undoes what was begun, now or by and by. */
export type RealStop = () => void | Promise<void>

/** Begins something real; its stop has all well at once. */
type Begin<Options> = (options: Options) => RealStop | Promise<RealStop>

type OptionsOf<T extends Restart['type']> = Omit<Extract<Restart, { readonly type: T }>, 'type'>

/** What a scenario is played on. What is left out, a scenario must not want. */
export interface RealStage {
  readonly proxy: FaultProxy
  /**
   * Signals real processes and starts the next ones when their time has come. A crash loop is made of kills, and
   * a warm-up of latency in the proxy.
   */
  readonly restart?: {
    readonly graceful?: Begin<OptionsOf<'restart.graceful'>>
    readonly kill?: Begin<OptionsOf<'restart.kill'>>
    readonly lostSession?: Begin<OptionsOf<'restart.lostSession'>>
  }
  /** Tells the browser that it is offline. What is open falls silent in the proxy meanwhile. */
  readonly device?: { offline(): RealStop | Promise<RealStop> }
  /** Default: the system's. */
  readonly clock?: Clock
}

/** What was played, in order. */
export interface PlayedMoment {
  /** When it was due, from the start (ms). */
  readonly atMs: number
  readonly type: StepAction['type']
  readonly what: 'begins' | 'ends'
  /** How much later its turn came (ms). */
  readonly lateMs: number
  /** How long it took until it was in force, or undone (ms). */
  readonly tookMs: number
}

/** A scenario under way. */
export interface Playing {
  readonly moments: readonly PlayedMoment[]
  /** Resolves when the last moment has come; rejects with the first step that failed. */
  readonly done: Promise<void>
  /** Takes back everything, and waits until that is done. Calling it twice does no harm. */
  stop(): Promise<void>
}

/**
 * Plays a scenario from now on; resolves when what begins at 0 is in force. Rejects with `bad-option`, and does
 * nothing, if the scenario cannot be made real or wants what the stage has not. The luck is the proxy's: give it
 * the scenario's seed.
 */
export async function playScenario(given: Scenario, stage: RealStage): Promise<Playing> {
  const scenario = checkScenario(given)
  const [why] = [...whyNotReal(scenario), ...missing(scenario, stage)]
  if (why) throw badOption('scenario', scenario.name, `one that can be made real here; ${why}`)
  const { clock = systemClock } = stage
  const startAt = clock.now()
  const moments: PlayedMoment[] = []
  const undo: AsyncStop[] = []
  const timers = new Set<Stop>()
  const running = new Set<Promise<void>>()
  let state: 'playing' | 'stopped' = 'playing'
  let settle: { resolve(): void; reject(error: unknown): void }
  const done = new Promise<void>((resolve, reject) => (settle = { resolve, reject }))
  // Whoever only stops it has not asked.
  done.catch(() => {})

  const settleIfOver = () => {
    if (timers.size === 0 && running.size === 0) settle.resolve()
  }
  /** Runs something due at `ms` and notes how late; a failure is the scenario's. */
  function run(ms: number, type: StepAction['type'], what: PlayedMoment['what'], act: () => Promise<void>) {
    const begunAt = clock.now()
    const acting: Promise<void> = act()
      .then(() => {
        const lateMs = begunAt - startAt - ms
        moments.push({
          atMs: ms,
          type,
          what,
          lateMs,
          tookMs: clock.now() - begunAt,
        })
      }, settle.reject)
      .finally(() => {
        running.delete(acting)
        settleIfOver()
      })
    running.add(acting)
    return acting
  }
  function at(ms: number, act: () => void) {
    const cancel = clock.setTimeout(
      () => {
        timers.delete(cancel)
        act()
      },
      startAt + ms - clock.now(),
    )
    timers.add(cancel)
  }
  /** Begins a action now; `forMs` later it ends. */
  const begin = (ms: number, action: StepAction, forMs?: number) =>
    run(ms, action.type, 'begins', async () => {
      const stop = once(await beginAction(action, stage))
      undo.push(stop)
      if (forMs === undefined || state === 'stopped') return
      at(ms + forMs, () => void run(ms + forMs, action.type, 'ends', stop))
    })

  const atOnce: Promise<void>[] = []
  for (const { atMs, action, forMs } of scenario.steps.flatMap(({ atMs, do: action, forMs }) =>
    partsOf(atMs, action, forMs),
  )) {
    if (atMs === 0) atOnce.push(begin(atMs, action, forMs))
    else at(atMs, () => void begin(atMs, action, forMs))
  }
  await Promise.all(atOnce)
  settleIfOver()

  return {
    moments,
    done,
    async stop() {
      state = 'stopped'
      for (const cancel of timers) cancel()
      timers.clear()
      await Promise.all(running)
      for (const stop of undo.splice(0).reverse()) await stop()
      settle.resolve()
    },
  }
}

/** A crash loop is several kills; a graceful restart is one and then a slow service. */
function partsOf(atMs: number, action: StepAction, forMs?: number) {
  if (action.type === 'restart.crashLoop') {
    const { times, upMs, downMs } = action
    return Array.from({ length: times }, (_, turn) => {
      const kill: StepAction = { type: 'restart.kill', downMs }
      return {
        atMs: atMs + turn * (downMs + upMs),
        action: kill,
        forMs: undefined,
      }
    })
  }
  const whole = { atMs, action, forMs }
  if (action.type !== 'restart.graceful' || !action.warmMs) return [whole]
  const cold: StepAction = { type: 'latency', ms: WARM_MS }
  return [whole, { atMs: atMs + action.drainMs + action.downMs, action: cold, forMs: action.warmMs }]
}

/** What can be made real: what cannot was refused before anything began. */
type RealAction = Exclude<StepAction, DeviceAction>

function beginAction(given: StepAction, { proxy, restart, device }: RealStage): RealStop | Promise<RealStop> {
  const action = given as RealAction
  if (action.type === 'offline') return goOffline(proxy, device!)
  if (!isRestart(action)) return proxy.apply(action)
  const { type, ...options } = action
  const call = restart?.[nameOf(type) as keyof typeof restart] as Begin<object>
  return call(options)
}

async function goOffline(proxy: FaultProxy, device: NonNullable<RealStage['device']>): Promise<RealStop> {
  const back = await device.offline()
  const speak = await proxy.apply({ type: 'blackhole' })
  return async () => {
    // Before the browser tries again.
    await speak()
    await back()
  }
}

/** What the scenario wants and the stage has not. */
function missing({ steps }: Scenario, { proxy, restart, device }: RealStage): readonly string[] {
  const whyOf = (action: StepAction): string | null => {
    if (action.type === 'offline') return device ? null : 'offline needs a device'
    if (isDeviceAction(action)) return null
    if (!isRestart(action)) return missingStage(action, proxy)
    const name = action.type === 'restart.crashLoop' ? 'kill' : nameOf(action.type)
    return restart?.[name as keyof typeof restart] ? null : `${action.type} needs restart.${name}`
  }
  return steps.flatMap(({ atMs, do: action }) => {
    const why = whyOf(action)
    return why ? [`at ${atMs} ms: ${why}`] : []
  })
}

function missingStage(fault: Fault, { hasGateway }: FaultProxy): string | null {
  const { stage } = stageOf(fault, hasGateway)
  return stage === 'http' && !hasGateway ? `${fault.type} needs a proxy with gateway: true` : null
}

/** Undoes once, however often it is asked. */
function once(stop: RealStop): AsyncStop {
  let undone: Promise<void> | null = null
  return () => (undone ??= Promise.resolve().then(stop))
}
