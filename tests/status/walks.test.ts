/** Random walks over both machines together. HOLDFAST_WALKS sets their number (default 10,000). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countAttention, countWaiting, isHidden, isTyping } from '../../src/status/facts.js'
import { isLossOpen } from '../../src/status/memory.js'
import { reduce } from '../../src/status/reduce.js'
import type { StatusView, Surface } from '../../src/status/view.js'
import { anyWalk, createWorld, WELL, type Check, type Command, type Step } from './world.js'

const numRuns = Number(process.env.HOLDFAST_WALKS ?? 10_000)

const isDialog = (surface: Surface) => surface === 'modal' || surface === 'panel'

/** Everything of a view that can be seen, in a line. */
const outline = (view: StatusView): string =>
  [
    ...[view.phase, view.surface, view.tone, view.icon, view.title?.key, view.detail?.key, view.kept?.key],
    ...[view.cause, view.since, view.attempt, view.nextAttemptAt, view.estimateAt, view.progress],
    ...view.actions,
  ].join()

/** Fails with what happened, and in which state. */
function must(holds: boolean, what: string, { before, after, now }: Step): void {
  if (holds) return
  const show = ({ view, memory, facts }: Step['before']) => JSON.stringify({ view, memory, facts })
  throw new Error(`${what}\nat ${now}\nbefore ${show(before)}\nafter ${show(after)}`)
}

/** By a person, or by another dialog: what may end a dialog that has just opened. */
function isTakenAway({ after, command }: Step): boolean {
  const { facts } = after
  const isDismissed = command?.do === 'page' && command.event.type === 'DISMISS'
  return isDismissed || isHidden(facts) || facts.page.foreignDialog || facts.connection.intent === 'offline'
}

/** One checker per walk: it remembers since when a surface and a dialog show. */
function createChecks(policy: () => Parameters<typeof reduce>[2]): Check {
  let shownAt: number | null = null
  let dialogAt: number | null = null
  let steps = 0
  return (step) => {
    const { before, after, now } = step
    const { view, facts, memory } = after
    const was = before.view

    must(after.nextAt === null || after.nextAt > now, 'nextAt lies in the past', step)
    if (steps++ % 4 === 0) {
      const again = reduce(after, { type: 'TICK' }, policy(), now)
      must(outline(again.view) === outline(view), 'a second look differs', step)
      must(again.spoken.length === 0, 'a second look speaks', step)
    }

    if (isDialog(view.surface)) {
      must(!isTyping(facts, now), 'a dialog while typing', step)
      must(!isHidden(facts), 'a dialog on a hidden page', step)
      must(!facts.page.foreignDialog, 'a dialog over another one', step)
      must(!memory.incident?.isDismissed, 'a dialog after its dismissal', step)
      must(view.phase === 'disconnected' || view.phase === 'gaveUp', 'a dialog of another phase', step)
    }
    must((view.tone === 'ok') === (view.phase === 'recovered'), 'green without recovery', step)
    if (view.phase === 'recovered') {
      must(countAttention(facts.queue) === 0, 'green with a failed item', step)
      must(!isLossOpen(memory, facts), 'green with a lost item', step)
      must(was.phase === 'recovered' || was.surface !== 'none', 'recovered from nothing', step)
    }

    if (was.surface === 'none' && view.surface !== 'none') shownAt = now
    if (was.surface !== 'none' && view.surface === 'none') {
      must(now - (shownAt ?? 0) >= policy().minSurfaceMs, 'a surface that flashed', step)
    }
    if (!isDialog(was.surface) && isDialog(view.surface)) dialogAt = now
    if (isDialog(was.surface) && !isDialog(view.surface)) {
      const isLong = now - (dialogAt ?? 0) >= policy().minSurfaceMs
      must(isLong || isTakenAway(step), 'a dialog that flashed', step)
    }

    must(view.actions.length <= 2, 'more than two actions', step)
    if (['reconnecting', 'disconnected', 'gaveUp'].includes(view.phase)) {
      must(view.actions[0] === 'retry', 'no way to try now', step)
    }
    if (view.kept) {
      must(countWaiting(view.queue) + view.queue.unconfirmed > 0, 'nothing is kept', step)
      must((view.kept.key === 'kept-on-device') === view.queue.persisted, 'an untrue promise', step)
    }
    const isFirst = !facts.connection.link.memory.everOnline
    must(!isFirst || view.phase !== 'reconnecting', 'reconnecting what never was', step)
    must((view.title === null) === ['online', 'grace'].includes(view.phase), 'a phase without words', step)
  }
}

/** Runs one walk, then puts everything right and lets ten minutes pass. */
function walk(commands: readonly Command[], met: Set<string>) {
  const world = createWorld((step) => {
    check(step)
    met.add(step.after.view.phase).add(step.after.view.surface)
  })
  const check = createChecks(() => world.policy)
  commands.forEach(world.run)
  WELL.forEach(world.run)
  for (let minute = 0; minute < 10; minute++) world.run({ do: 'wait', ms: 60_000 })
  return world
}

function gaps(spoken: readonly { at: number }[]): number[] {
  return spoken.slice(1).map(({ at }, place) => at - spoken[place]!.at)
}

describe('random walks', () => {
  it(`${numRuns} walks: no modal while typing, hidden or over a dialog, nothing flashes, no green with a failed item, and in the end nothing shows (ux-22, ux-46)`, () => {
    const met = new Set<string>()
    fc.assert(
      fc.property(anyWalk, (commands) => {
        const { state, spoken } = walk(commands, met)
        must(
          state.view.phase === 'online' && state.view.surface === 'none' && state.nextAt === null,
          'it never settles',
          { before: state, after: state, now: 0, command: null },
        )
        const polite = spoken.filter(({ politeness }) => politeness === 'polite')
        const assertive = spoken.filter(({ politeness }) => politeness === 'assertive')
        if (Math.min(...gaps(polite)) < 5_000) throw new Error('polite texts too close to each other')
        if (Math.min(...gaps(assertive)) < 30_000) throw new Error('assertive texts too close to each other')
      }),
      { numRuns },
    )
    // Every phase and both surfaces were met: the walks are no strolls.
    expect(met.size).toBe(16 + 3)
  }, 300_000)

  it("ux-24: with escalation 'bar' no walk ever shows a dialog", () => {
    fc.assert(
      fc.property(anyWalk, (commands) => {
        const world = createWorld((step) => must(!isDialog(step.after.view.surface), 'a dialog', step), {
          escalation: 'bar',
        })
        commands.forEach(world.run)
      }),
      { numRuns: Math.ceil(numRuns / 10) },
    )
  }, 120_000)
})
