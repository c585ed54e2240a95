/** The orders API: the small piece of business that the rest of the server protects. */
import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Database } from './database.ts'
import type { InFlight } from './in-flight.ts'
import { type Answer, createIdempotency, fingerprintOf, parseKey } from './idempotency.ts'
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

/** What the routes need. */
export interface OrderOptions {
  readonly database: Database
  /** This process. */
  readonly boot: string
  /** Work that a shutdown has to wait for. */
  readonly workers: InFlight
  /** How long an order takes to be worked on, in ms; 0: no time. Makes in-flight work long enough to be seen. */
  readonly workMs: number
}

/** Adds `POST /orders`, `GET /orders` and `GET /ledger`. */
export function orderRoutes(app: FastifyInstance, { database, boot, workers, workMs }: OrderOptions): void {
  const idempotency = createIdempotency(database)
  const insert = database.sql.prepare(
    `INSERT INTO orders (id, item, qty, note, seq, key, fingerprint, boot, appliedAt)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING position`,
  )
  const newest = database.sql.prepare(
    'SELECT position, id, item, qty, note, seq, appliedAt FROM orders ORDER BY position DESC LIMIT 100',
  )
  const applied = database.sql.prepare(
    `SELECT position, id, item, qty, seq, orders.key, orders.fingerprint, boot, appliedAt, COALESCE(replays, 0) AS replays
     FROM orders LEFT JOIN answers ON answers.key = orders.key AND answers.user = ?
     WHERE position > ? ORDER BY position LIMIT 1000`,
  )

  function place(order: NewOrder, key: string | null, fingerprint: string): Answer {
    if (order.qty > MOST_PIECES) {
      throw new Problem(422, 'refused', `At most ${MOST_PIECES} pieces an order`, {
        faults: [{ pointer: '/qty', detail: `at most ${MOST_PIECES}` }],
      })
    }
    const id = randomUUID()
    const { item, qty, note, seq } = order
    const row = insert.get(id, item, qty, note, seq, key, fingerprint, boot, Date.now())
    const body = JSON.stringify({ id, position: row?.['position'], ...order })
    return { status: 201, body, location: `/orders/${id}` }
  }

  app.post('/orders', async (request, reply) => {
    const key = parseKey(request.headers['idempotency-key'])
    const order = readOrder(request.body)
    const fingerprint = request.bodyFingerprint
    const { answer, replayed } = await workers.track(
      idempotency.perform(key === null ? null : { user: ANYONE, key, fingerprint }, {
        prepare: () => pause(workMs),
        commit: () => place(order, key, fingerprint),
      }),
    )
    if (replayed) reply.header('Idempotent-Replayed', 'true')
    if (answer.location) reply.header('Location', answer.location)
    return reply.code(answer.status).type('application/json; charset=utf-8').send(answer.body)
  })

  app.get('/orders', async () => ({ orders: newest.all() }))

  /** What was applied, in order, with its key: the truth that a client's view is compared with; and how many are worked on. */
  app.get<{ Querystring: { after?: string } }>('/ledger', async (request) => {
    const after = Number(request.query.after ?? 0)
    if (!Number.isSafeInteger(after)) throw new Problem(400, 'malformed', 'after is a position')
    return { boot, working: workers.count, entries: applied.all(ANYONE, after) }
  })
}

/** Until there are sessions, all who ask are one user. */
const ANYONE = 'anyone'

const pause = (ms: number): Promise<void> =>
  ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve()

/** The order in a body, member by member into a fresh object; throws 400 with a pointer to each fault. */
function readOrder(body: unknown): NewOrder {
  if (!isRecord(body)) throw new Problem(400, 'malformed', 'The body is a JSON object')
  const faults: Fault[] = []
  const check = (name: string, fits: boolean, detail: string) => {
    if (!fits) faults.push({ pointer: `/${name}`, detail })
  }
  const { item, qty, note = null, seq = null, ...unknown } = body
  check('item', isText(item, 1, 120), 'a text of 1 to 120 characters')
  check('qty', isCount(qty, 1), 'a whole number from 1')
  check('note', note === null || isText(note, 0, 2000), 'a text of at most 2000 characters')
  check('seq', seq === null || isCount(seq, 0), 'a whole number from 0')
  for (const name of Object.keys(unknown)) check(name.slice(0, 40), false, 'not known here')
  if (faults.length > 0) throw new Problem(400, 'malformed', 'This is not an order', { faults })
  return { item: item as string, qty: qty as number, note: note as string | null, seq: seq as number | null }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'string' && value.length >= least && value.length <= most
const isCount = (value: unknown, least: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= least

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the body's bytes as sent; of nothing where there was no body. */
    bodyFingerprint: string
  }
}

/** Reads JSON bodies and keeps the fingerprint of their bytes. Prototype keys in them are refused. */
export function jsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.decorateRequest('bodyFingerprint', fingerprintOf(''))
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    request.bodyFingerprint = fingerprintOf(text)
    void parse(request, text, done)
  })
}
