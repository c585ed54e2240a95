/** Options in, a complete frozen policy out. Bad numbers are refused here, with their names. */
import { having, number, readOptions, type Reader } from './options.js'
import type { Schedule } from './schedule.js'

/** Every number that the connection machine decides by. Each is an option of `createConnection`. */
export interface Policy {
  /** When attempts are made while the link is down. Default: the preset `steady`. */
  readonly schedule: Schedule
  /**
   * How long one probe may take, in ms. Default 5,000: a kernel retransmits a lost SYN after 1, 2, 3, 4, 5 s,
   * and a shorter one throws away answers that are on their way (docs/spec/architecture.md, "The probe").
   */
  readonly probeTimeoutMs: number
  /** Up for so long, and the incident is over: its schedule starts anew. Default 5,000 ms. */
  readonly stableMs: number
  /** On waking, a link that was silent for longer is proved before it is trusted. Default 5,000 ms. */
  readonly silentMs: number
  /** Between two attempts of a hidden page at least. Default 15,000 ms. */
  readonly hiddenGapMs: number
  /** Hidden for longer, and the schedule starts anew on return. Default 5,000 ms. */
  readonly hiddenAnewMs: number
  /** Between two attempts while the browser says that the device is offline. Default 30,000 ms. */
  readonly deviceGapMs: number
  /** From the second attempt on, between the beginnings of two probes at least. Default 250 ms. */
  readonly minGapMs: number
  /** Each kind of waking acts at most once in this time. Default 2,000 ms. */
  readonly wakeGapMs: number
  /** An attempt by hand at most once in this time. Default 1,000 ms. */
  readonly manualGapMs: number
  /** A probe begun by `online` that fails is repeated once after this time. Default 100 ms. */
  readonly repeatAfterMs: number
  /** Visible downtime after which trying ends until a person or a waking revives it. Default Infinity: never. */
  readonly giveUpAfterMs: number
  /** A planned outage without an estimate, or past it: an attempt each so many ms, ± 50 %. Default 3,000. */
  readonly plannedGapMs: number
  /** After an estimate clients return spread over max(this, 20 % of the estimate). Default 7,000 ms. */
  readonly plannedSpreadMs: number
}

/** The options of a policy: all but the schedule have defaults. */
export type PolicyOptions = Partial<Policy>

const ms = (byDefault: number, min = 0, max = 86_400_000) => number(min, max, byDefault)

/** A schedule. @throws `bad-option` */
export const scheduleOr = (byDefault?: Schedule): Reader<Schedule> =>
  having<Schedule>('delay', 'a schedule, such as the preset steady', byDefault)

/** Every number of the policy, and what it is by default. */
export const NUMBERS = {
  probeTimeoutMs: ms(5_000, 1, 120_000),
  stableMs: ms(5_000),
  silentMs: ms(5_000),
  hiddenGapMs: ms(15_000),
  hiddenAnewMs: ms(5_000),
  deviceGapMs: ms(30_000),
  minGapMs: ms(250),
  wakeGapMs: ms(2_000),
  manualGapMs: ms(1_000),
  repeatAfterMs: ms(100),
  giveUpAfterMs: ms(Infinity, 0, Infinity),
  plannedGapMs: ms(3_000),
  plannedSpreadMs: ms(7_000),
} satisfies Record<keyof Omit<Policy, 'schedule'>, Reader<number>>

/** Checks what was given and fills in the rest. @throws `bad-option` */
export function createPolicy(options: PolicyOptions, fallback: Schedule): Policy {
  return readOptions('createConnection', options, { schedule: scheduleOr(fallback), ...NUMBERS })
}
