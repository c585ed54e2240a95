/** Serves a built page from a folder, on a port of its own, and stays up whatever happens to the API. */
import { readFile } from 'node:fs/promises'
import { type Server, createServer } from 'node:http'
import { extname, resolve, sep } from 'node:path'

/** A running static server. */
export interface StaticServer {
  readonly origin: string
  stop(): Promise<void>
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
}

/** Serves what is in the folder; `/` is its index.html, anything else that is not there a 404. */
export async function serveFolder(folder: string, port = 0): Promise<StaticServer> {
  const root = resolve(folder)
  const server: Server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const file = resolve(root, `.${pathname === '/' ? '/index.html' : decodeURIComponent(pathname)}`)
    const bytes = file.startsWith(root + sep) ? await readFile(file).catch(() => null) : null
    if (!bytes) return void response.writeHead(404).end()
    response.writeHead(200, {
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      'Cache-Control': 'no-store',
    })
    response.end(bytes)
  })
  await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready))
  return {
    origin: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    stop: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
