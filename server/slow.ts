/** `/slow`: work of a length that a test chooses. Not for production: whoever may call it can hold up a shutdown. */
import type { FastifyInstance } from 'fastify'
import { pause } from './deadline.ts'
import { Problem } from './problem.ts'

/** The longest work, in ms. */
const LONGEST_MS = 60_000

/** Adds `GET` and `POST /slow?ms=`, which have no deadline and answer 200 after so long. */
export function slowRoute(app: FastifyInstance): void {
  app.route<{ Querystring: { ms?: string } }>({
    method: ['GET', 'POST'],
    url: '/slow',
    async handler(request) {
      const ms = /^\d{1,6}$/.test(String(request.query.ms)) ? Number(request.query.ms) : Infinity
      if (ms > LONGEST_MS)
        throw new Problem(
          400,
          'malformed',
          `ms is ${JSON.stringify(request.query.ms)?.slice(0, 80)}; allowed: a whole number from 0 to ${LONGEST_MS}`,
        )
      await pause(ms, request.deadline.signal)
      return { sleptMs: ms }
    },
  })
}
