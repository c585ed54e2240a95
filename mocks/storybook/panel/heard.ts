/** What the panel has heard of a story, put together. */
import type { LogEntry } from '../../log.js'
import type { Repertoire } from '../../playback/repertoire.js'
import type { Mark, Told } from '../messages.js'
import { withOwn } from '../own-scenarios.js'

/** All that is known of a story. */
export interface Heard extends Omit<Told, 'from' | 'scenarios'> {
  /** What the names in its script stand for. */
  readonly repertoire: Repertoire
  /** What an earlier world with the same script had lived through later than now: it will come again. */
  readonly ahead: { readonly log: readonly LogEntry[]; readonly marks: readonly Mark[] }
}

/** Where the time stands for whoever looks at it: on the way, where it is going. */
export const shownMs = ({ state, nowMs }: Pick<Told, 'state' | 'nowMs'>): number =>
  state.name === 'seeking' ? state.toMs : nowMs

const NOTHING_AHEAD: Heard['ahead'] = { log: [], marks: [] }

const sameScript = (one: Told | Heard, other: Told | Heard): boolean =>
  JSON.stringify(one.script) === JSON.stringify(other.script)

function aheadOf(before: Heard | null, told: Told): Heard['ahead'] {
  if (!before || before.story !== told.story || !sameScript(before, told)) return NOTHING_AHEAD
  if (before.world === told.world) return before.ahead
  const { log, marks, ahead, startAt, nowMs } = before
  // Going back twice: what the first way back has not come to is still to come. What it came by and did not live
  // through again (it was of the person's own doing) is not.
  return {
    log: [...log, ...ahead.log.filter(({ at }) => at - startAt > nowMs)],
    marks: [...marks, ...ahead.marks.filter(({ atMs }) => atMs > nowMs)],
  }
}

/** The list with what is new at its end; the very same one if nothing is. */
const grown = <T>(list: readonly T[], from: number, more: readonly T[]): readonly T[] =>
  more.length === 0 && from === list.length ? list : [...list.slice(0, from), ...more]

/** What is known after one more message; null: some was missed, and everything has to be told again. */
export function hear(before: Heard | null, told: Told): Heard | null {
  const { from, scenarios, ...present } = told
  const ahead = aheadOf(before, told)
  const known = before?.story === told.story ? before.repertoire : null
  const repertoire = scenarios ? withOwn(scenarios) : known
  if (!repertoire) return null
  const isNext = before !== null && before.story === told.story && before.world === told.world
  if (!isNext || (from.log === 0 && from.marks === 0)) {
    return from.log === 0 && from.marks === 0 ? { ...present, repertoire, ahead } : null
  }
  if (from.log > before.log.length || from.marks > before.marks.length) return null
  return {
    ...present,
    ...{ repertoire, ahead },
    log: grown(before.log, from.log, told.log),
    marks: grown(before.marks, from.marks, told.marks),
  }
}
