/** What is made while the link is down can be referred to at once; the server's ids take their place later. */
import { HoldfastError } from '../core/errors.js'
import { func, optional } from '../core/options.js'
import type { Action } from './action.js'
import type { FeatureHost, QueueFeature } from './feature.js'
import { replaceTexts, textsOf } from './payload-walk.js'
import type { ScopeMeta } from './store.js'
import type { Edit } from './writer.js'

/** By temporary id. */
type RealIds = NonNullable<ScopeMeta['realIds']>

/** So many of the last ids are remembered for what other tabs accept at the same moment (own). */
const REMEMBERED = 100

/**
 * Temporary ids: `enqueue({ tempIds })` names what the action will make; later payloads may hold these texts,
 * also inside others (`/orders/<id>/lines`), and wait for it (`after` is added). When it is confirmed,
 * `idsOf(answer)` of its handler gives the real ids, and they take the place of the temporary ones in everything
 * that was not sent, in the same transaction. An action whose real ids never came (`idsOf` threw or gave others
 * than were asked for, or a person said that it was saved) leaves those that need them `failed`, `unsendable`.
 */
export function temporaryIds(): QueueFeature {
  return {
    parts: ['tempIds'],
    hooks: ['idsOf'],
    check({ idsOf }, option) {
      optional(func())(`${option}.idsOf`, idsOf)
    },
    attach: (host) => ({
      prepare: (action, { tempIds }) =>
        tempIds === undefined ? action : { ...action, tempIds: checkIds(tempIds, action, host) },
      accept: (action, edit) => refer(action, edit, host.rows),
      claim(row, edit) {
        const ready = rewrite(row, edit.meta.realIds ?? {})
        const [missing] = ready.refs ?? []
        if (missing !== undefined) throw new Error(`there is no real id for ${missing}`)
        return ready
      },
      confirmedPlaces: ({ tempIds = [] }) =>
        host.rows.flatMap(({ refs = [], position }) =>
          refs.some((id) => tempIds.includes(id)) ? [position] : [],
        ),
      confirmed(row, result, edit) {
        const ids = readIds(row, result, host)
        if (!ids) return
        const known = Object.entries({ ...edit.meta.realIds, ...ids })
        edit.meta = { ...edit.meta, realIds: Object.fromEntries(known.slice(-REMEMBERED)) }
        // What was accepted in this very transaction is in no mirror yet.
        const fresh = edit.changes.put.map(({ action }) => action)
        for (const { refs = [], position } of [...host.rows, ...fresh]) {
          const follower = refs.some((id) => id in ids) ? edit.row(position) : undefined
          if (follower) edit.put(rewrite(follower, ids))
        }
      },
    }),
  }
}

function checkIds(given: readonly string[], { handler }: Action, host: FeatureHost): readonly string[] {
  const isText = (id: unknown) => typeof id === 'string' && id.length >= 8 && id.length <= 100
  if (!Array.isArray(given) || !given.every(isText) || new Set(given).size < given.length)
    throw new HoldfastError('bad-action', 'tempIds are no texts of 8 to 100 characters, each once')
  const taken = given.find((id) => host.rows.some(({ tempIds = [] }) => tempIds.includes(id)))
  if (taken !== undefined) throw new HoldfastError('bad-action', `tempIds: ${taken} is another action's`)
  if (!host.handler(handler)?.idsOf)
    throw new HoldfastError('bad-action', `tempIds: the handler ${handler} has no idsOf`)
  return [...given]
}

/** Notes what it refers to, and lets it wait for whoever makes that. */
function refer(action: Action, edit: Edit, rows: readonly Action[]): Action {
  const ready = rewrite(action, edit.meta.realIds ?? {}, true)
  const texts = textsOf(ready.payload)
  const refs = new Set<string>()
  const after = new Set(ready.after)
  for (const { id, tempIds = [] } of [...rows, ...edit.changes.put.map((put) => put.action)]) {
    if (id === action.id) continue
    for (const temp of tempIds.filter((one) => texts.some((text) => replaceId(text, one, '') !== text))) {
      refs.add(temp)
      after.add(id)
    }
  }
  return { ...ready, refs: [...refs], after: [...after] }
}

/** With the real ids, as far as they are known. `all`: also of what it is not known to refer to. */
function rewrite(row: Action, ids: RealIds, all?: true): Action {
  const known = (all ? Object.keys(ids) : (row.refs ?? [])).filter((ref) => Object.hasOwn(ids, ref))
  if (known.length === 0) return row
  const payload = replaceTexts(row.payload, (text) => {
    if (known.includes(text)) return ids[text]!
    return known.reduce((whole, ref) => replaceId(whole, ref, `${ids[ref]}`), text)
  })
  return { ...row, payload, refs: (row.refs ?? []).filter((ref) => !known.includes(ref)) }
}

/** Only whole words: `draft-order-1` does not occur in `draft-order-12`. */
function replaceId(text: string, id: string, by: string): string {
  return text.split(id).reduce((before, after) => {
    const isPart = (isWord(before.at(-1)) && isWord(id[0])) || (isWord(id.at(-1)) && isWord(after[0]))
    return `${before}${isPart ? id : by}${after}`
  })
}

const isWord = (char = '') => /[\p{L}\p{N}_]/u.test(char)

/** Null: they cannot be read, and what needs them will say so. */
function readIds({ handler, tempIds = [] }: Action, result: unknown, host: FeatureHost): RealIds | null {
  if (tempIds.length === 0) return null
  try {
    const real = host.handler(handler)!.idsOf!(result)
    const isId = (id: unknown) => typeof id === 'string' || Number.isFinite(id)
    if (real.length !== tempIds.length || !real.every(isId)) return null
    return Object.fromEntries(tempIds.map((temp, index) => [temp, real[index]!]))
  } catch {
    return null
  }
}
