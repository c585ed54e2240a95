/** Step 1 at the back end: a health check. */
import { randomUUID } from 'node:crypto'
import type { RequestListener } from 'node:http'

export function createHealth() {
  const boot = randomUUID() // another one after each start
  let retryAfterS: number | null = null

  const listener: RequestListener = (_request, response) => {
    response.setHeader('Holdfast', '1')
    response.setHeader('Holdfast-Boot', boot)
    response.setHeader('Cache-Control', 'no-store')
    if (retryAfterS === null) response.writeHead(204).end()
    else response.writeHead(503, { 'Retry-After': retryAfterS }).end()
  }
  return {
    listener,
    /** At SIGTERM, before anything is closed: people are told of a planned restart, and when it will be over. */
    drain: (seconds: number) => void (retryAfterS = seconds),
  }
}
