/** The orders API of the demo, as MSW handlers: on the wire the same as the reference server's. */
import { http, HttpResponse, type RequestHandler } from 'msw'
import { plainObject } from './checks.js'

/** An order as it was applied. */
export interface Order {
  readonly id: string
  /** Its place in the ledger, from 1. */
  readonly position: number
  readonly item: string
  readonly qty: number
  readonly note: string | null
  /** The client's own number; null: none. */
  readonly seq: number | null
}

/** A line of the ledger: what was applied, and by which key. */
export interface LedgerEntry extends Order {
  readonly key: string | null
  /** How often the stored answer was given again. */
  readonly replays: number
}

/** The API, with the truth that a client's view is compared with. */
export interface OrderApi {
  readonly handlers: readonly RequestHandler[]
  /** What was applied, in order. Survives restarts of the network's service, as do the keys. */
  readonly ledger: readonly LedgerEntry[]
}

/** Options of `createOrderApi`. */
export interface OrderApiOptions {
  /** Where it is; a `*` stands for anything. Default: `*`, every origin. */
  readonly base?: string
  /** Called before an order is applied: `() => network.delay(400)` makes it take time. Default: no time. */
  readonly work?: () => Promise<void>
}

/** More of one item is refused: the one business rule, so that there is a refusal to try. */
export const MOST_PIECES = 99

interface Stored {
  readonly text: string
  readonly answer: Order
}

/** Makes an API with an empty ledger. */
export function createOrderApi({ base = '*', work = async () => {} }: OrderApiOptions = {}): OrderApi {
  const ledger: (Order & { key: string | null; replays: number })[] = []
  const stored = new Map<string, Stored>()
  /** What is at work: the key and its body. */
  const atWork = new Map<string, string>()

  const apply = (order: NewOrder, key: string | null): Order => {
    const position = ledger.length + 1
    const applied = { id: `order-${position}`, position, ...order }
    ledger.push({ ...applied, key, replays: 0 })
    return applied
  }
  const replay = (key: string, text: string): Response | null => {
    const first = stored.get(key)
    if (!first) return null
    if (first.text !== text) return problem(422, 'key-reused', 'This key was used for another body')
    const line = ledger.find((one) => one.key === key)
    if (line) line.replays++
    return created(first.answer, { 'Idempotent-Replayed': 'true' })
  }
  const place = async (order: NewOrder, key: string | null, text: string): Promise<Response> => {
    if (order.qty > MOST_PIECES) {
      return problem(422, 'refused', `At most ${MOST_PIECES} pieces an order`, {
        errors: [{ pointer: '/qty', detail: `at most ${MOST_PIECES}` }],
      })
    }
    if (key !== null) atWork.set(key, text)
    try {
      await work()
      const answer = apply(order, key)
      if (key !== null) stored.set(key, { text, answer })
      return created(answer)
    } finally {
      if (key !== null) atWork.delete(key)
    }
  }

  const handlers = [
    http.post(`${base}/orders`, async ({ request }) => {
      const text = await request.text()
      const key = keyOf(request.headers.get('Idempotency-Key'))
      const order = readOrder(text)
      if (!order) return problem(400, 'malformed', 'This is not an order')
      if (key === null) return place(order, null, text)
      const rival = atWork.get(key)
      if (rival === undefined) return replay(key, text) ?? place(order, key, text)
      if (rival !== text) return problem(422, 'key-reused', 'This key was used for another body')
      const detail = 'The first request with this key is still at work'
      return problem(409, 'idempotency-in-flight', detail, {}, { 'Retry-After': '1' })
    }),
    http.get(`${base}/orders`, () => {
      const orders = ledger.map(({ key: _key, replays: _replays, ...order }) => order)
      return HttpResponse.json({ orders: orders.reverse().slice(0, 100) })
    }),
    http.get(`${base}/ledger`, () => HttpResponse.json({ entries: ledger })),
  ]
  return { handlers, ledger }
}

type NewOrder = Omit<Order, 'id' | 'position'>

/** The key of a header: `"abc"` or bare; null: none. */
function keyOf(header: string | null): string | null {
  return header === null ? null : header.trim().replace(/^"(.*)"$/, '$1')
}

function readOrder(text: string): NewOrder | null {
  try {
    const { item, qty, note = null, seq = null } = plainObject('order', JSON.parse(text))
    const isText = typeof item === 'string' && item.length >= 1 && item.length <= 120
    const isNote = note === null || (typeof note === 'string' && note.length <= 2000)
    if (!isText || !isNote || !isCount(qty, 1) || !(seq === null || isCount(seq, 0))) return null
    return { item, qty, note, seq }
  } catch {
    return null
  }
}

const isCount = (value: unknown, least: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= least

function created(answer: Order, headers: Record<string, string> = {}): Response {
  return HttpResponse.json(answer, { status: 201, headers: { Location: `/orders/${answer.id}`, ...headers } })
}

/** A problem+json, as the reference server says it. */
export function problem(
  status: number,
  type: string,
  detail: string,
  more: object = {},
  headers: Record<string, string> = {},
): Response {
  const body = JSON.stringify({ type, status, detail, ...more })
  return new HttpResponse(body, {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  })
}
