/** When messages are published and when channels say something. Pure. */
import type { Scenario } from '../../../mocks/scenario.js'
import type { CastName } from './casts.js'
import { livePlanOf } from './live-plan.js'

/** What a run does at fixed times, in ms from the scenario's start. */
export interface ChannelPlan {
  /** Who takes part. */
  readonly cast: CastName
  /** When a message is published, in order; their numbers begin at 1. */
  readonly publishMs: readonly number[]
  /** The same at a second server, where there is one; their numbers begin at `FIRST_OF_SPARE`. */
  readonly spareMs: readonly number[]
  /** When each channel says something, in order. */
  readonly sendsMs: readonly number[]
  /** So much later than the one before each channel says it. */
  readonly apartMs: number
  /** When players leave, by name. */
  readonly closesMs: Readonly<Record<string, number>>
}

/** The number of the first message of a second server. */
export const FIRST_OF_SPARE = 1_001

/** What is played, and by whom. */
export interface ChannelPart {
  readonly name: string
  readonly cast: CastName
  readonly scenario: Scenario
  /** When players leave, by name. Default: nobody does. */
  readonly closesMs?: Readonly<Record<string, number>>
}

/** One way of several to load a scenario. */
export interface ChannelVariant {
  /** Of the scenario's luck and of the kit's chance, the same on both sides. */
  readonly seed: number
  readonly firstMs: number
  readonly apartMs: number
}

/** Channels say something at the same time, or so that a second post takes over the connection of the first. */
const APART_MS = [0, 60]

/** The variants, in the order in which they are tried. */
export const channelVariants: readonly ChannelVariant[] = Array.from({ length: 40 }, (_, number) => ({
  seed: number + 1,
  firstMs: 310 + ((number * 70) % 900),
})).flatMap((variant) => APART_MS.map((apartMs) => ({ ...variant, apartMs })))

/** Each second message is followed by one of their own, so much later. */
const SAYS_AFTER_MS = 350

/** Between two messages of a second server, in ms. */
const SPARE_EVERY_MS = 900

/** As raw clients are spoken to; what channels say is not kept away from steps: it waits, as anybody's does. */
export function channelPlanOf(
  { scenario, cast, closesMs = {} }: ChannelPart,
  { firstMs, apartMs }: ChannelVariant,
): ChannelPlan {
  const { publishMs } = livePlanOf(scenario, { seed: 1, firstMs, retryMs: 0 })
  const sendsMs = publishMs.filter((_, index) => index % 2 === 0).map((ms) => ms + SAYS_AFTER_MS)
  // A second server is there all the time.
  const untilMs = Math.max(...publishMs)
  const spareMs =
    cast === 'endpoints'
      ? Array.from({ length: untilMs / SPARE_EVERY_MS }, (_, at) => firstMs + at * SPARE_EVERY_MS)
      : []
  return { cast, publishMs, spareMs, sendsMs, apartMs, closesMs }
}
