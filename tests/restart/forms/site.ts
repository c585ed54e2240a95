/** The server of the forms: what it serves can be deployed anew, and it can go away and come back at its port. */
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { build } from 'vite'

const ROOT = fileURLToPath(new URL('.', import.meta.url))
const BUILT = fileURLToPath(new URL('../../../.cache/forms', import.meta.url))

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

/** Builds a version of the application; hands back its folder. */
export async function buildVersion(version: string): Promise<string> {
  const outDir = join(BUILT, version)
  const before = process.env['NODE_ENV']
  process.env['NODE_ENV'] = 'production'
  try {
    await build({
      root: ROOT,
      configFile: false,
      plugins: [vue()],
      logLevel: 'error',
      define: { 'import.meta.env.VITE_VERSION': JSON.stringify(version) },
      build: { outDir, emptyOutDir: true },
    })
  } finally {
    process.env['NODE_ENV'] = before
  }
  return outDir
}

/** A running site. */
export interface Site {
  readonly origin: string
  /** Paths that were asked for, with their answers, since it was started. */
  readonly visits: { readonly path: string; readonly status: number }[]
  /** From now on this folder is served, and nothing of the one before. */
  deploy(folder: string): void
  /** What is not there is answered by the page of the application instead of a 404. */
  answerWithPage(): void
  leave(): Promise<void>
  comeBack(): Promise<void>
}

/** Serves a built version on a port of its own. Every path without a dot is the application's page. */
export async function startSite(folder: string): Promise<Site> {
  let root = resolve(folder)
  let hasFallback = false
  let port = 0
  let server: Server
  const visits: { path: string; status: number }[] = []

  async function answer(path: string) {
    const file = extname(path) ? join(root, path) : join(root, 'index.html')
    const bytes = await readFile(file).catch(() => null)
    if (bytes) return { status: 200, type: TYPES[extname(file)] ?? 'application/octet-stream', bytes }
    if (!hasFallback) return { status: 404, type: 'text/plain', bytes: null }
    return { status: 200, type: TYPES['.html']!, bytes: await readFile(join(root, 'index.html')) }
  }

  async function listen(): Promise<void> {
    server = createServer(async (request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost')
      if (pathname === '/health') return void response.writeHead(204, { Holdfast: '1' }).end()
      const { status, type, bytes } = await answer(pathname)
      visits.push({ path: pathname, status })
      response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' })
      response.end(bytes)
    })
    await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready))
    port = (server.address() as { port: number }).port
  }
  await listen()

  return {
    origin: `http://127.0.0.1:${port}`,
    visits,
    deploy: (next) => void (root = resolve(next)),
    answerWithPage: () => void (hasFallback = true),
    leave: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
    comeBack: listen,
  }
}
