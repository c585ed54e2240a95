/** The real service: what `answers.ts` says, an echo, pieces, and nothing at all. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { AddressInfo } from 'node:net'
import { answers, PIECES } from './answers.js'

const OPEN_TO_ALL = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Allow-Methods': '*',
  'Access-Control-Expose-Headers': '*',
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url = '' } = request
  if (method === 'OPTIONS') return void response.writeHead(204, OPEN_TO_ALL).end()
  if (url === '/never') return
  if (url === '/pieces' || url === '/cut') {
    // Of a text Chromium would wait for more, to see what it is.
    response.writeHead(200, { ...OPEN_TO_ALL, 'Content-Type': 'application/json' })
    for (const piece of PIECES) {
      response.write(piece)
      // So far apart that a busy browser tells of each.
      await wait(400)
    }
    return void (url === '/cut' ? response.destroy() : response.end())
  }
  let sent = ''
  for await (const chunk of request) sent += String(chunk)
  const { status, headers, body } = answers[url] ?? answers['/missing']!
  if (url === '/echo') {
    const said = `${method} ${request.headers['content-type'] ?? null} ${sent}`
    const type = { 'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(said) }
    return void response.writeHead(200, { ...OPEN_TO_ALL, ...type }).end(said)
  }
  const bytes = url === '/headers' ? String(request.headers['x-one']) : new Uint8Array(body ?? [])
  const length = status === 204 ? {} : { 'Content-Length': bytes.length }
  response.writeHead(status, { ...OPEN_TO_ALL, ...length, ...headers }).end(bytes)
}

/** Starts it, and finds a port where nobody listens. */
export async function startService() {
  const listen = (server: ReturnType<typeof createServer>) =>
    new Promise<string>((resolve) =>
      server.listen(0, '127.0.0.1', () =>
        resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      ),
    )
  const server = createServer((request, response) => void answer(request, response))
  const [gone, base] = [createServer(), await listen(server)]
  const nobody = await listen(gone)
  await new Promise((resolve) => gone.close(resolve))
  return {
    ...{ base, nobody },
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}
