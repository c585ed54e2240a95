/** The orders API: the small piece of business that the rest of the server protects. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pause } from './deadline.ts'
import { etagOf, isKnown, requireMatch } from './etag.ts'
import { type Answer, type Idempotency, fingerprintOf, parseKey } from './idempotency.ts'
import type { InFlight } from './in-flight.ts'
import { acceptOrder, readOrder } from './new-order.ts'
import type { OrderStore, Origin, StoredOrder } from './order-store.ts'
import { Problem } from './problem.ts'

/** What the routes need. */
export interface OrderOptions {
  readonly store: OrderStore
  readonly idempotency: Idempotency
  /** This process. */
  readonly boot: string
  /** Work that a shutdown has to wait for. */
  readonly workers: InFlight
  /** How long an order takes to be worked on, in ms; 0: no time. Makes in-flight work long enough to be seen. */
  readonly workMs: number
}

type One = { Params: { id: string } }

const JSON_TYPE = 'application/json; charset=utf-8'

const bodyOf = ({ id, position, item, qty, note, seq }: StoredOrder): string =>
  JSON.stringify({ id, position, item, qty, note, seq })

/** Adds `POST /orders`, `GET /orders`, `GET`, `PUT` and `DELETE /orders/:id`, and `GET /ledger`. */
export function orderRoutes(app: FastifyInstance, options: OrderOptions): void {
  const { store, idempotency, boot, workers, workMs } = options

  /** Applies something once a key, and answers. */
  async function applyOnce(
    request: FastifyRequest,
    reply: FastifyReply,
    fingerprint: string,
    commit: (origin: Origin) => Answer,
  ) {
    const { user } = request
    const { signal } = request.deadline
    const key = parseKey(request.headers['idempotency-key'])
    const { answer, replayed } = await workers.track(
      idempotency.perform(
        key === null ? null : { user, key, fingerprint },
        {
          prepare: () => pause(workMs, signal),
          commit() {
            request.deadline.seal()
            return commit({ user, key, fingerprint: request.bodyFingerprint })
          },
        },
        signal,
      ),
    )
    if (replayed) reply.header('Idempotent-Replayed', 'true')
    if (answer.location) reply.header('Location', answer.location)
    if (answer.etag) reply.header('ETag', answer.etag)
    if (answer.status === 204) return reply.code(204).send()
    return reply.code(answer.status).type(JSON_TYPE).send(answer.body)
  }

  /** The order, or a 404. */
  function found(id: string): StoredOrder {
    const order = store.find(id)
    if (!order) throw new Problem(404, 'not-found', 'There is no such order')
    return order
  }

  /** The order if it is still what the caller believes it to be; a refusal tells its version. */
  function matched(request: FastifyRequest<One>, reply: FastifyReply): StoredOrder {
    const order = found(request.params.id)
    const etag = etagOf(order.version)
    try {
      requireMatch(request.headers['if-match'], etag)
    } catch (error) {
      reply.header('ETag', etag)
      throw error
    }
    return order
  }

  app.post('/orders', async (request, reply) => {
    const order = readOrder(request.body)
    return applyOnce(request, reply, request.bodyFingerprint, (origin) => {
      acceptOrder(order)
      const placed = store.place(order, origin)
      const { id, version } = placed
      return { status: 201, body: bodyOf(placed), location: `/orders/${id}`, etag: etagOf(version) }
    })
  })

  app.get('/orders', async () => ({ orders: store.newest() }))

  app.get<One>('/orders/:id', async (request, reply) => {
    const order = found(request.params.id)
    const etag = etagOf(order.version)
    // The tag is for asking again: without this a cache may answer for a while without asking.
    reply.header('ETag', etag).header('Cache-Control', 'no-cache')
    if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send()
    return reply.type(JSON_TYPE).send(bodyOf(order))
  })

  app.put<One>('/orders/:id', async (request, reply) => {
    const order = readOrder(request.body)
    return applyOnce(request, reply, changeFingerprint(request), (origin) => {
      const now = matched(request, reply)
      acceptOrder(order)
      const changed = store.change(now, order, origin)
      return { status: 200, body: bodyOf(changed), etag: etagOf(changed.version) }
    })
  })

  app.delete<One>('/orders/:id', async (request, reply) =>
    applyOnce(request, reply, changeFingerprint(request), (origin) => {
      store.remove(matched(request, reply), origin)
      return { status: 204, body: '' }
    }),
  )

  /** What was applied, in order, with its key: the truth that a client's view is compared with; and how many are worked on. */
  app.get<{ Querystring: { after?: string } }>('/ledger', async (request) => {
    const after = Number(request.query.after ?? 0)
    if (!Number.isSafeInteger(after)) throw new Problem(400, 'malformed', 'after is a position')
    return { boot, working: workers.count, entries: store.ledger(after) }
  })
}

/** A key stands for one change of one order: the same body to another one is another question. */
const changeFingerprint = ({ method, url, bodyFingerprint }: FastifyRequest): string =>
  fingerprintOf(`${method} ${url} ${bodyFingerprint}`)
