/** Options in, a complete frozen policy out. Every number of docs/spec/ux.md, 1.2, that people can see. */
import { checkNumber } from '../core/errors.js'
import { group, listOf, number, oneOf, readOptions, type Read, type Reader } from '../core/options.js'
import type { Cause } from '../core/state.js'

/** Three losses within a minute: "Your connection keeps dropping". */
export interface UnstableOptions {
  /** So many losses. Default 3. */
  losses?: number
  /** In this time, in ms. Default 60,000. */
  withinMs?: number
  /** Cleared once the link has been up for so long, in ms. Default 30,000. */
  calmMs?: number
}

/** "The connection is slow", with hysteresis, so that nothing flickers at the threshold. */
export interface SlowOptions {
  /** On when a request of the person has been pending without movement for so long, in ms. Default 3,000 (Primer). */
  onMs?: number
  /** A request pending for less than this is calm, in ms. Default 1,000. */
  calmMs?: number
  /** Off after so long of calm, in ms. Default 10,000. */
  offMs?: number
}

/** The limits of what is spoken (docs/spec/ux.md, 2.1, no. 3). */
export interface AnnounceOptions {
  /** Between two polite texts at least, in ms; the newest waits. Default 5,000. */
  politeMs?: number
  /** Between two assertive texts at least, in ms; the newest waits. Default 30,000. */
  assertiveMs?: number
  /** Between two texts that say that the connection keeps dropping at least, in ms. Default 30,000. */
  unstableMs?: number
  /** Sending is told (start, half, done) only for more changes than this. Default 10. */
  moreThanItems?: number
}

/** How an outage that lasts is told: over the page, beside it, or in the bar alone. */
export type Escalation = 'modal' | 'panel' | 'bar'

/** Every threshold. All have defaults; durations are in ms, from 0 to one day. */
export interface StatusThresholds {
  /** A loss shows nothing for so long. Default 1,000 (Primer, Home Assistant; the article's "short delay"). */
  graceMs?: number
  /** A first connect shows nothing for so long. Default 2,000. */
  connectingBarMs?: number
  /** Catching up shows nothing new for so long. Default 400. */
  resyncingBarMs?: number
  /** A write that waits longer is told, and so is sending that takes longer. Default 1,000. */
  syncingBarMs?: number
  /** A loss is escalated after so much downtime that was seen on a visible page. Default 10,000 (the article). */
  escalateMs?: number
  /** An attempt in flight holds the escalation for so long at most. Default 2,000. */
  escalateHoldMs?: number
  /** Where an escalated outage is told. Default `modal`. */
  escalation?: Escalation
  /** Only outages of these causes escalate; the others stay in their bar. Default: all. */
  escalateCauses?: readonly Cause[]
  /** An announced outage escalates so long after its first notice at the earliest. Default 60,000. */
  plannedMs?: number
  /** And not before so many times the newest estimate. Default 2. */
  plannedFactor?: number
  /** Away for longer than this (hidden, or asleep), and the escalation's clock starts anew. Default 5,000. */
  awayMs?: number
  /** A surface that shows stays at least so long. Default 600. */
  minSurfaceMs?: number
  /** "Back online" stays so long; pointer or focus on it stop the clock. Default 3,000. */
  recoveredMs?: number
  /** Up for so long, and the incident with its dismissal is over; only then is "Back online" spoken. Default 5,000. */
  stableMs?: number
  /** Typing is over so long after the last key. Default 2,000. */
  typingMs?: number
  /** A wait is counted down only if it is at least so long. Default 3,000. */
  countdownMs?: number
  /** When the connection is said to keep dropping. */
  unstable?: UnstableOptions
  /** When the connection is said to be slow. */
  slow?: SlowOptions
  /** How often something is spoken. */
  announce?: AnnounceOptions
}

const DAY_MS = 86_400_000
const ms = (byDefault: number) => number(0, DAY_MS, byDefault)

const CAUSES: readonly Cause[] = ['device', 'server', 'timeout', 'planned', 'portal']

/** Each threshold, and what it is by default. */
export const THRESHOLDS = {
  graceMs: ms(1_000),
  connectingBarMs: ms(2_000),
  resyncingBarMs: ms(400),
  syncingBarMs: ms(1_000),
  escalateMs: ms(10_000),
  escalateHoldMs: ms(2_000),
  escalation: oneOf<Escalation>(['modal', 'panel', 'bar'], 'modal'),
  escalateCauses: listOf(oneOf(CAUSES), CAUSES),
  plannedMs: ms(60_000),
  plannedFactor: ms(2),
  awayMs: ms(5_000),
  minSurfaceMs: ms(600),
  recoveredMs: ms(3_000),
  stableMs: ms(5_000),
  typingMs: ms(2_000),
  countdownMs: ms(3_000),
  unstable: group({ losses: number(1, 1_000, 3), withinMs: ms(60_000), calmMs: ms(30_000) }),
  slow: group({ onMs: ms(3_000), calmMs: ms(1_000), offMs: ms(10_000) }),
  announce: group({
    politeMs: ms(5_000),
    assertiveMs: ms(30_000),
    unstableMs: ms(30_000),
    moreThanItems: ms(10),
  }),
} satisfies Record<keyof StatusThresholds, Reader<unknown>>

/** Every threshold, decided. */
export type StatusPolicy = Read<typeof THRESHOLDS>

/** Refuses thresholds that contradict each other. @throws `bad-option` */
export function checkThresholds({ escalateMs, graceMs, slow }: StatusPolicy): void {
  checkNumber('createStatus.escalateMs', escalateMs, graceMs, DAY_MS)
  checkNumber('createStatus.slow.calmMs', slow.calmMs, 0, slow.onMs)
}

/** Checks what was given and fills in the rest. @throws `bad-option` */
export function createStatusPolicy(options: StatusThresholds = {}): StatusPolicy {
  const policy = readOptions('createStatus', options, THRESHOLDS)
  checkThresholds(policy)
  return policy
}
