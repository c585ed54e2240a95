/** What is ordered, and how it is read from a body. */
import { type Fault, Problem } from './problem.ts'

/** More of one item is refused: the one business rule, so that there is a refusal to try. */
export const MOST_PIECES = 99

/** What is ordered. */
export interface NewOrder {
  readonly item: string
  readonly qty: number
  readonly note: string | null
  /** The client's own number, for telling whether order was kept; null: none. */
  readonly seq: number | null
}

/** The order in a body, member by member into a fresh object; throws 400 with a pointer to each fault. */
export function readOrder(body: unknown): NewOrder {
  if (!isRecord(body)) throw new Problem(400, 'malformed', 'The body is a JSON object')
  const faults: Fault[] = []
  const check = (name: string, fits: boolean, detail: string) => {
    if (!fits) faults.push({ pointer: `/${name}`, detail })
  }
  const { item, qty, note = null, seq = null, ...unknown } = body
  check('item', isText(item, 1, 120), 'a well-formed text of 1 to 120 characters')
  check('qty', isCount(qty, 1), 'a whole number from 1')
  check('note', note === null || isText(note, 0, 2000), 'a well-formed text of at most 2000 characters')
  check('seq', seq === null || isCount(seq, 0), 'a whole number from 0')
  for (const name of Object.keys(unknown)) check(name.slice(0, 40), false, 'not known here')
  if (faults.length > 0) throw new Problem(400, 'malformed', 'This is not an order', { faults })
  return { item: item as string, qty: qty as number, note: note as string | null, seq: seq as number | null }
}

/** Throws 422 `refused` for an order that is well-formed and not accepted. */
export function acceptOrder({ qty }: NewOrder): void {
  if (qty <= MOST_PIECES) return
  throw new Problem(422, 'refused', `At most ${MOST_PIECES} pieces an order`, {
    faults: [{ pointer: '/qty', detail: `at most ${MOST_PIECES}` }],
  })
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
/** Half of a character: it cannot be stored as UTF-8, and would come back as another text. */
const LONE_SURROGATE = /\p{Surrogate}/u
const isText = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'string' && !LONE_SURROGATE.test(value) && value.length >= least && value.length <= most
const isCount = (value: unknown, least: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= least
