/** Which pages may call, and which headers of an answer they may read. */
import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'

/** Headers that a page's script needs and that browsers hide unless they are named. */
export const EXPOSED_HEADERS = [
  'Holdfast',
  'Holdfast-Boot',
  'Retry-After',
  'Date',
  'ETag',
  'X-Request-ID',
  'Idempotent-Replayed',
] as const

/** Allows these origins (`*`: any, without credentials). Preflights are remembered for ten minutes. */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  await app.register(cors, {
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: [...EXPOSED_HEADERS],
    maxAge: 600,
    // An OPTIONS that is no preflight is answered like one, not with a bare text.
    strictPreflight: false,
  })
}

/**
 * Whether a page may open a socket, to which CORS does not apply: its origin is allowed, or is the server's
 * own. Without the header the caller is no page.
 */
export function mayConnect(
  origins: readonly string[],
  { origin, host }: { readonly origin?: string | undefined; readonly host?: string | undefined },
): boolean {
  if (origin === undefined || origins.includes('*') || origins.includes(origin)) return true
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host
}
