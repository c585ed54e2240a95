/** Which moments of a scenario are worth a frame. */
import { isBehind, updating } from './captions.js'
import type { Frame, Moment } from './shoot.js'

/** Shorter than this nothing is seen (ms). */
const BLINK_MS = 300

/** Of what changes within a stretch, what is seen this long after its beginning (ms). */
const SETTLED_MS = 1500

/** As many cells as a screen has; of more moments the first ones, how many are left out, and the last. */
const MOST_CELLS = 12

/** Where the kit has less to tell, it is looked at whenever something else changes on the page. */
const FEWEST_FRAMES = 4

type KindOf = (moment: Moment) => string

const told: KindOf = ({ view }) => `${view.phase} ${view.surface}`

const onPage: KindOf = (moment) =>
  [
    ...[told(moment), moment.orders.length, moment.actions.length, moment.news.state],
    ...[updating(moment) !== '', isBehind(moment)],
  ].join(' ')

/** One frame for each stretch in which the same phase is told in the same place; what is left out is counted. */
export function telling(moments: readonly Moment[], endMs: number): Frame[] {
  const few = stretchesOf(moments, endMs, told)
  const all = few.length < FEWEST_FRAMES ? stretchesOf(moments, endMs, onPage) : few
  const leftOut = all.length > MOST_CELLS ? all.length - MOST_CELLS + 1 : 0
  const shown = leftOut > 0 ? [...all.slice(0, MOST_CELLS - 2), all.at(-1)!] : all
  return shown.map((frame, index) => ({ ...frame, leftOut: index === shown.length - 1 ? leftOut : 0 }))
}

function stretchesOf(moments: readonly Moment[], endMs: number, kindOf: KindOf): Omit<Frame, 'leftOut'>[] {
  const stretches: Moment[][] = []
  for (const moment of moments) {
    const last = stretches.at(-1)
    if (last && kindOf(last[0]!) === kindOf(moment)) last.push(moment)
    else stretches.push([moment])
  }
  const seen = stretches.flatMap((stretch, index): Moment[] => {
    const begin = stretch[0]!.atMs
    const end = stretches[index + 1]?.[0]!.atMs ?? null
    if ((end ?? endMs) - begin < BLINK_MS) return []
    return [{ ...stretch.findLast(({ atMs }) => atMs <= begin + SETTLED_MS)!, atMs: begin }]
  })
  // What is the same again after a blink was never away.
  const starts = seen.filter((moment, index) => index === 0 || kindOf(moment) !== kindOf(seen[index - 1]!))
  return starts.map((moment, index) => {
    const next = starts[index + 1]
    // The last one shows how it ends; what came within a blink of that is not what it showed.
    const isOfIt = (one: Moment): boolean => kindOf(one) === kindOf(moment)
    if (!next) return { ...moments.findLast(isOfIt)!, atMs: moment.atMs, lastsMs: null }
    return { ...moment, lastsMs: next.atMs - moment.atMs }
  })
}
