/** Measures the rows of the channels on the real thing. */
import type { Browser } from 'playwright-core'
import type { Comparison } from '../compare.js'
import { AFTERWARDS_MS } from '../measure.js'
import type { LiveReport } from '../page/live.js'
import { playAll, slackOf } from '../play-all.js'
import { prepare } from '../real.js'
import { settingsFor } from '../service.js'
import { momentsOf } from '../shorten.js'
import type { ChannelRow } from './channel-rows.js'
import { BEAT_MS } from './channel-simulated.js'
import type { TransportName } from './diary.js'
import { compareClient } from './live-compare.js'
import { publish } from './publisher.js'

/** A row that was measured. */
export interface ChannelMeasured {
  readonly row: ChannelRow
  readonly real: LiveReport
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
  return playAll<ChannelRow, LiveReport>(rows, {
    browser,
    atOnce,
    prepare: ({ scenario, plan, untilMs }) =>
      prepare(scenario, {
        ...{ browser, code, untilMs: untilMs + AFTERWARDS_MS },
        settings: { ...settingsFor(scenario), 'heartbeat-ms': BEAT_MS },
        orderFor: (startAt) => ({ plan, seed: scenario.seed, startAt }),
        meanwhile: (service, startAt) => publish(service, plan.publishMs, startAt),
      }),
    tell: (row, real, times) => tell({ row, real, times }),
  })
}

/** Compares what one channel has told. */
export function compareChannel(
  { row, real }: Pick<ChannelMeasured, 'row' | 'real'>,
  transport: TransportName,
): Comparison {
  const traces = { simulated: row.simulated, real: real.trace }
  return compareClient(transport, traces, momentsOf(row.scenario), row.untilMs, slackOf(real))
}
