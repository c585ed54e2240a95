/** When messages are published and when channels say something. Pure. */
import type { Scenario } from '../../../mocks/scenario.js'
import { livePlanOf } from './live-plan.js'

/** What a run does at fixed times, in ms from the scenario's start. */
export interface ChannelPlan {
  /** When a message is published, in order; their numbers begin at 1. */
  readonly publishMs: readonly number[]
  /** When each channel says something, in order. */
  readonly sendsMs: readonly number[]
  /** So much later than the one before each channel says it. */
  readonly apartMs: number
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

/** As raw clients are spoken to; what channels say is not kept away from steps: it waits, as anybody's does. */
export function channelPlanOf(scenario: Scenario, { firstMs, apartMs }: ChannelVariant): ChannelPlan {
  const { publishMs } = livePlanOf(scenario, { seed: 1, firstMs, retryMs: 0 })
  const sendsMs = publishMs.filter((_, index) => index % 2 === 0).map((ms) => ms + SAYS_AFTER_MS)
  return { publishMs, sendsMs, apartMs }
}
