/** Serves a built page on a port of its own, and stays up whatever happens to the API. */
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

type Contents = string | Uint8Array | null | undefined

/** Serves what is in the folder; `/` is its index.html, anything else that is not there a 404. */
export function serveFolder(folder: string): Promise<StaticServer> {
  const root = resolve(folder)
  return serveFiles(async (path) => {
    const file = resolve(root, `.${path}`)
    return file.startsWith(root + sep) ? await readFile(file).catch(() => null) : null
  })
}

/**
 * Serves what `read` knows by its path (`/index.html`); `/` is that, anything else that is not there a 404. A page
 * asks anew for everything each time, unless `cacheControl` says otherwise.
 */
export async function serveFiles(
  read: (path: string) => Contents | Promise<Contents>,
  cacheControl = 'no-store',
): Promise<StaticServer> {
  const server: Server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const path = pathname === '/' ? '/index.html' : decodeURIComponent(pathname)
    const contents = await read(path)
    if (contents === null || contents === undefined) return void response.writeHead(404).end()
    response.writeHead(200, {
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
      'Cache-Control': cacheControl,
    })
    response.end(contents)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    origin: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    stop: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
