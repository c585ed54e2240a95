/** JSON bodies: read without prototypes and without bottomless nesting, and remembered by their fingerprint. */
import type { FastifyInstance } from 'fastify'
import { fingerprintOf } from './idempotency.ts'
import { DEEPEST, isTooDeep } from './nesting.ts'
import { Problem } from './problem.ts'

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
    if (isTooDeep(text)) done(new Problem(400, 'malformed', `A body is nested at most ${DEEPEST} deep`))
    else void parse(request, text, done)
  })
}
