/**
 * Those who take part in a row of the table of channels: the same code on the simulator and in a page. They follow one
 * topic, say something now and then, and what they tell is written down.
 */
import { casts } from './casts.js'
import type { ChannelPlan } from './channel-plan.js'
import type { Happening, LiveTrace } from './diary.js'
import type { PlayWorld } from './player.js'

/** Players that run. */
export interface RunningChannels {
  /** The trace so far. */
  report(): LiveTrace<string>
  stop(): void
}

/** The first one comes so long before the scenario, each other one so much after the one before; in ms. */
const FIRST_MS = -1_200
const APART_MS = 200

/** Before that, whatever is slow the first time is done once. */
const WARM_UP_MS = -1_600

/** Starts them in their time; the scenario begins at `startAt` (epoch ms). */
export function startChannels(world: PlayWorld, plan: ChannelPlan, startAt: number): RunningChannels {
  const { clock, baseURL, fetch } = world
  const at = (ms: number, run: () => void) => clock.setTimeout(run, startAt + ms - clock.now())
  const cast = Object.entries(casts[plan.cast](world))
  const seen: Record<string, Happening[]> = Object.fromEntries(cast.map(([name]) => [name, []]))
  const stops = cast.flatMap(([name, make], place) => {
    const { open, say, close } = make({
      startAt,
      tell: (happening) => void seen[name]?.push(happening),
    })
    const closesMs = plan.closesMs[name]
    return [
      at(FIRST_MS + place * APART_MS, open),
      ...plan.sendsMs.map((ms, index) => at(ms + place * plan.apartMs, () => say(index + 1))),
      ...(closesMs === undefined ? [] : [at(closesMs, close)]),
      close,
    ]
  })
  stops.push(at(WARM_UP_MS, () => void fetch(`${baseURL}/health`).then((answer) => answer.text())))
  return {
    report: () => structuredClone({ seen, departures: [] }),
    stop: () => stops.forEach((stop) => stop()),
  }
}
