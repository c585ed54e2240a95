/** Measures the rows of the channels on the real thing. */
import type { Browser } from 'playwright-core'
import type { Comparison } from '../compare.js'
import { AFTERWARDS_MS } from '../measure.js'
import type { ChannelReport } from '../page/channel.js'
import { playAll, slackOf } from '../play-all.js'
import { prepare } from '../real.js'
import { type RealService, settingsFor } from '../service.js'
import { momentsOf } from '../shorten.js'
import { type ChannelPlan, FIRST_OF_SPARE } from './channel-plan.js'
import type { ChannelRow } from './channel-rows.js'
import { BEAT_MS } from './channel-simulated.js'
import { compareClient } from './live-compare.js'
import { publish } from './publisher.js'

/** A row that was measured. */
export interface ChannelMeasured {
  readonly row: ChannelRow
  readonly real: ChannelReport
  /** How often it was measured: again while the machine stood still for longer than times may differ. */
  readonly times: number
}

/** What it is measured with. */
export interface MeasureChannelsOptions {
  readonly browser: Browser
  readonly code: string
  readonly atOnce: number
  tell(measured: ChannelMeasured): void
}

/** Measures all rows, long ones first, and tells each as soon as it is known. */
export function measureChannels(
  rows: readonly ChannelRow[],
  { browser, code, atOnce, tell }: MeasureChannelsOptions,
): Promise<void> {
  return playAll<ChannelRow, ChannelReport>(rows, {
    browser,
    atOnce,
    prepare: ({ scenario, plan, untilMs }) =>
      prepare(scenario, {
        ...{ browser, code, untilMs: untilMs + AFTERWARDS_MS },
        settings: { ...settingsFor(scenario), 'heartbeat-ms': BEAT_MS, auth: authOf(plan) },
        hasSpare: plan.cast === 'endpoints',
        orderFor: (startAt, spare) => ({
          ...{ plan, seed: scenario.seed, startAt },
          spareURL: spare && `http://127.0.0.1:${spare.target.port}`,
        }),
        meanwhile: (service, startAt, spare) => publishAll(service, spare, plan, startAt),
      }),
    tell: (row, real, times) => tell({ row, real, times }),
  })
}

function publishAll(
  service: RealService,
  spare: RealService | null,
  plan: ChannelPlan,
  startAt: number,
): () => void {
  const signsIn = authOf(plan) === 'required'
  const stop = publish(service, plan.publishMs, startAt, { signsIn })
  const stopSpare = spare ? publish(spare, plan.spareMs, startAt, { first: FIRST_OF_SPARE }) : () => {}
  return () => {
    stop()
    stopSpare()
  }
}

/** Whether the service asks for a token. */
const authOf = ({ cast }: ChannelPlan): 'off' | 'required' => (cast === 'session' ? 'required' : 'off')

/** Compares what one player has told. */
export function compareChannel(
  { row, real }: Pick<ChannelMeasured, 'row' | 'real'>,
  player: string,
): Comparison {
  const traces = { simulated: row.simulated, real: real.trace }
  return compareClient(player, traces, momentsOf(row.scenario), row.untilMs, slackOf(real))
}
