/** When messages are published and sockets show life; and whether anything comes too close to a step. Pure. */
import { edgesOfRestart, isRestart } from '../../../mocks/restarts.js'
import type { Scenario } from '../../../mocks/scenario.js'
import { data, syn } from '../../../mocks/retransmission.js'
import { type Hole, isRepeatedAtEnd, holesOf, KERNEL_MARGIN_MS, MARGIN_MS } from '../plan.js'
import { edgesOf, momentsOf } from '../shorten.js'
import type { Moment } from '../trace.js'

/** What a run does at fixed times, in ms from the scenario's start. */
export interface LivePlan {
  /** How long after a failure clients come back. */
  readonly retryMs: number
  /** When sockets say PING. */
  readonly pingsMs: readonly number[]
  /** When a message is published, in order; their numbers begin at 1. */
  readonly publishMs: readonly number[]
}

/** What is said in a message: long enough that a slow line is felt, beside the heads of requests. */
export const messageOf = (n: number): object => ({ n, text: '.'.repeat(4_000) })

/** One way of several to load a scenario. */
export interface LiveVariant {
  /** Of the scenario's luck, the same on both sides. */
  readonly seed: number
  readonly firstMs: number
  readonly retryMs: number
}

const EVERY_MS = 900
const PING_EVERY_MS = 2 * EVERY_MS
/** Messages go on for so long after the last step. */
const AFTER_MS = 3_000
/** What a message sets off leaves a little later: the next poll. */
const BEFORE_MS = MARGIN_MS + 100

/** The variants, in the order in which they are tried. */
export const liveVariants: readonly LiveVariant[] = Array.from({ length: 240 }, (_, number) => ({
  seed: number + 1,
  firstMs: 310 + ((number * 70) % EVERY_MS),
  retryMs: 800 + ((number * 113) % 900),
}))

/** Both at a steady rate, but for what a step would come too close to; nothing is published while nobody serves. */
export function livePlanOf(scenario: Scenario, { firstMs, retryMs }: LiveVariant): LivePlan {
  const moments = momentsOf(scenario)
  const holes = holesOf(scenario, ['blackhole', 'offline'])
  const downs = downsOf(scenario)
  const untilMs = (moments.at(-1) ?? 0) + AFTER_MS
  const isFree = (atMs: number) =>
    !moments.some((moment) => atMs > moment - BEFORE_MS && atMs < moment + MARGIN_MS) &&
    !isRepeatedAtEnd(atMs, holes, [data])
  const steady = (from: number, every: number) =>
    Array.from({ length: Math.ceil((untilMs - from) / every) }, (_, turn) => from + turn * every).filter(
      isFree,
    )
  return {
    retryMs,
    // In Chromium's emulation of a lost network what a socket says waits in the browser, not in a kernel.
    pingsMs: steady(firstMs + EVERY_MS / 2, PING_EVERY_MS).filter(
      (atMs) => !isWithin(atMs, holesOf(scenario, ['offline'])),
    ),
    publishMs: steady(firstMs, EVERY_MS).filter((atMs) => !isWithin(atMs, downs)),
  }
}

const isWithin = (atMs: number, stretches: readonly Hole[]): boolean =>
  stretches.some(({ from, to }) => atMs >= from && atMs <= to)

/** A message and a question that are so close to each other may come in either order. */
const APART_MS = 150
/** The next poll comes of the message, so much later. */
const FOLLOWS_MS = { from: 40, to: APART_MS }

/** The plan without what comes at the same time as a question; the plan itself: all is apart. */
export function apart(plan: LivePlan, departures: readonly Moment[]): LivePlan {
  const isAsked = (publishedMs: number) =>
    departures.some(({ atMs, what }) => {
      const afterMs = atMs - publishedMs
      const follows = what === 'poll' && afterMs > FOLLOWS_MS.from && afterMs < FOLLOWS_MS.to
      return Math.abs(afterMs) < APART_MS && !follows && what !== 'ws PING'
    })
  const isDialled = (pingMs: number) =>
    departures.some(({ atMs, what }) => what !== 'ws PING' && Math.abs(atMs - pingMs) < APART_MS)
  const publishMs = plan.publishMs.filter((ms) => !isAsked(ms))
  const pingsMs = plan.pingsMs.filter((ms) => !isDialled(ms))
  const isSame = publishMs.length === plan.publishMs.length && pingsMs.length === plan.pingsMs.length
  return isSame ? plan : { ...plan, publishMs, pingsMs }
}

/** When nobody listens. */
function downsOf({ steps }: Scenario): readonly Hole[] {
  return steps.flatMap(({ atMs, do: action }) => {
    // Of several instances one always listens.
    if (!isRestart(action) || action.type === 'restart.rolling') return []
    const edges = edgesOfRestart(action).map((edge) => atMs + edge)
    const turns = action.type === 'restart.graceful' ? edges.slice(1, 3) : edges
    return turns.flatMap((from, at) => (at % 2 === 0 ? [{ from, to: turns[at + 1] ?? Infinity }] : []))
  })
}

/** A poll that was answered at a step comes again so soon: it was that step's. */
const SOON_MS = 150

/**
 * Whatever left a client too close to a step, so that two machines might disagree about which came first; empty: the
 * trace can be compared. What a step itself sets off comes after it: what a kernel held, what was closed or ended.
 */
export function tooCloseLive(scenario: Scenario, departures: readonly Moment[]): readonly Moment[] {
  const moments = momentsOf(scenario)
  const holes = holesOf(scenario)
  const offline = holesOf(scenario, ['offline'])
  const ends = [...holes, ...offline].map(({ to }) => to)
  const answers = scenario.steps.filter(({ do: { type } }) => type === 'restart.graceful').flatMap(edgesOf)
  return departures.filter(({ atMs, what }) => {
    const isClose = moments.some((moment) => {
      const afterMs = ends.includes(moment) ? KERNEL_MARGIN_MS : MARGIN_MS
      const isAnswer = what === 'poll' && answers.includes(moment) && atMs < moment + SOON_MS
      return atMs > moment - MARGIN_MS && atMs < moment + afterMs && !(isAnswer && atMs > moment)
    })
    const isDial = what === 'ws dial'
    const isRequest = what === 'sse' || what === 'poll'
    const kernels = isDial ? [syn] : isRequest ? [syn, data] : [data]
    // What an open socket says without a network waits in Chromium, not in a kernel; new ones fail at once.
    const isHeld = !isDial && !isRequest && isWithin(atMs, offline)
    return isClose || isHeld || isRepeatedAtEnd(atMs, holes, kernels)
  })
}
