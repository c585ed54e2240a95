/** `GET /quote`: a price that this server does not know itself, so that there is a chain to bound and to cancel. */
import type { FastifyInstance } from 'fastify'
import type { Downstream } from './downstream.ts'
import { Problem } from './problem.ts'

/** Adds `GET /quote?item=`: what the service behind says under `/price?item=`, as it says it. */
export function quoteRoute(app: FastifyInstance, downstream: Downstream): void {
  app.get<{ Querystring: { item?: unknown } }>('/quote', async (request) => {
    const { item } = request.query
    if (typeof item !== 'string' || item.length < 1 || item.length > 120)
      throw new Problem(400, 'malformed', 'item is a text of 1 to 120 characters')
    return downstream.get(`/price?item=${encodeURIComponent(item)}`, request)
  })
}
